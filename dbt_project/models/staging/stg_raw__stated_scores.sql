with current_records as (

    {{ current_records('stated_scores') }}

)

select
    ---------- ids
    administration_key,
    record_key,
    instrument_id,
    scale_id,

    ---------- numerics
    cast(score as double) as stated_score,

    ---------- booleans
    coalesce(is_preferred, false) as is_preferred,

    ---------- provenance
    load_sequence,
    line
from current_records
