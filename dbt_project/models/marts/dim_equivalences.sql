-- One row per pair of scales that people take for each other, and whether anything links them.
select
    scale_id,
    equivalent_scale_id,
    relation,
    crosswalk_scale_id,
    citation,
    status,
    note
from {{ ref('stg_registry__equivalences') }}
