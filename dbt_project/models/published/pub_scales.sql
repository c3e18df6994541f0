select
    scale_id,
    scale_name,
    instrument_id,
    instrument_name,
    construct,
    role,
    is_higher_better,
    score_minimum,
    score_maximum
from {{ ref('dim_scales') }}
