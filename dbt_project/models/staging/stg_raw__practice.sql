with current_records as (

    {{ current_records('practice') }}

)

select
    ---------- ids
    record_key,
    client_id,
    practice_id,

    ---------- when
    cast(practised_on as date) as practised_on,
    cast(day as double) as stated_day,

    ---------- numerics
    cast(minutes as double) as minutes,

    ---------- booleans
    lower(assigned) in ('true', 'yes', 'y', '1') as is_assigned
from current_records
