with scales as (

    select * from {{ ref('dim_scales') }}

),

-- Definitions, not data: what somebody published of a scale, at most one default of each kind.
casenesses as (

    select * from {{ ref('dim_thresholds') }}
    where is_default and threshold_kind = 'caseness'

),

reliable_changes as (

    select * from {{ ref('dim_thresholds') }}
    where is_default and threshold_kind = 'reliable_change'

)

select
    scales.scale_id,
    scales.scale_name,
    scales.instrument_id,
    scales.instrument_name,
    scales.scale_kind,
    scales.is_primary,
    scales.construct,
    scales.role,
    scales.is_higher_better,
    scales.score_minimum,
    scales.score_maximum,
    casenesses.value as cutoff,
    casenesses.operator as cutoff_operator,
    reliable_changes.value as reliable_change_points,
    coalesce(reliable_changes.citation, casenesses.citation) as change_source
from scales
left join casenesses
    on scales.scale_id = casenesses.scale_id
left join reliable_changes
    on scales.scale_id = reliable_changes.scale_id
