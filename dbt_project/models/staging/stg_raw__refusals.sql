select
    refusals.load_sequence,
    refusals.line,
    refusals.column_name,
    refusals.reason,
    reasons.how_to_mend
from {{ source('raw', 'refusals') }} as refusals
left join {{ source('raw', 'refusal_reasons') }} as reasons
    on refusals.reason = reasons.reason
