select
    metric_id,
    name,
    meaning,
    formula,
    source
from {{ ref('metric_dictionary') }}
