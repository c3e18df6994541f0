select
    load_sequence,
    line,
    column_name,
    reason
from {{ source('raw', 'refusals') }}
