select
    client_id,
    practice_id,
    practised_on,
    stated_day as day,
    minutes,
    is_assigned
from {{ ref('stg_raw__practice') }}
