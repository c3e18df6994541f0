select
    loads.load_id,
    loads.source,
    loads.file_name,
    refusals.line,
    refusals.column_name,
    refusals.reason,
    refusals.how_to_mend
from {{ ref('stg_raw__refusals') }} as refusals
inner join {{ ref('stg_raw__loads') }} as loads
    on refusals.load_sequence = loads.load_sequence
