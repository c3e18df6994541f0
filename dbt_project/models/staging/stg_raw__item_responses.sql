with current_records as (

    {{ current_records('item_responses') }}

)

select
    ---------- ids
    administration_key,
    record_key,
    instrument_id,
    cast(item as integer) as item,

    ---------- numerics
    cast(response as double) - response_shift as response_value,

    ---------- provenance
    load_sequence,
    line
from current_records
