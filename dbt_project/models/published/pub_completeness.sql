{{ config(materialized='view') }}

-- One row per program and instrument: of how many episodes is there a score, of how many a first
-- and a last. Every count stands in pub_attrition or pub_program_measures as it is shown there, so
-- this table tells nothing that they do not; a view, so that rows which keep what an earlier
-- release said (kept_rows) are kept here too.
with policy as (

    select
        smallest_count,
        proportion_digits
    from {{ source('disclosure', 'disclosure_policy') }}

),

-- One scale speaks for an instrument, as in dq_completeness.
primary_scales as (

    select
        measures.program_id,
        scales.instrument_id,
        min(measures.scale_id) as scale_id
    from {{ ref('pub_program_measures') }} as measures
    inner join {{ ref('dim_scales') }} as scales
        on measures.scale_id = scales.scale_id
    where scales.is_primary
    group by measures.program_id, scales.instrument_id

),

joined as (

    select
        measures.program_id,
        primary_scales.instrument_id,
        primary_scales.scale_id,
        attrition.referred_count as episode_count,
        coalesce(attrition.referred_count_status, 'suppressed') as episode_count_status,
        measures.episode_count as measured_count,
        -- Few who were not measured would follow from the two counts beside each other.
        case
            when
                coalesce(attrition.referred_count_status, 'suppressed') = 'shown'
                and measures.episode_count_status = 'shown'
                and (
                    attrition.referred_count = measures.episode_count
                    or attrition.referred_count - measures.episode_count >= policy.smallest_count
                )
                then 'shown'
            else 'suppressed'
        end as measured_count_status,
        measures.paired_count,
        measures.paired_count_status as paired_count_shown,
        coalesce(attrition.kept_from_release, 0) = coalesce(measures.kept_from_release, 0)
            as is_of_one_time,
        greatest(
            coalesce(attrition.kept_from_release, measures.kept_from_release),
            coalesce(measures.kept_from_release, attrition.kept_from_release)
        ) as kept_from_release,
        policy.proportion_digits as digits
    from {{ ref('pub_program_measures') }} as measures
    inner join primary_scales
        on
            measures.program_id = primary_scales.program_id
            and measures.scale_id = primary_scales.scale_id
    left join {{ ref('pub_attrition') }} as attrition
        on
            measures.program_id = attrition.program_id
            and attrition.step_number = 1
    cross join policy
    where measures.interval_name = 'first_to_last'

),

decided as (

    select
        *,
        case
            when measured_count_status = 'shown' and paired_count_shown = 'shown' then 'shown'
            else 'suppressed'
        end as paired_count_status
    from joined

),

rated as (

    select
        *,
        case
            when not is_of_one_time then 'suppressed'
            else {{ proportion_status('measured_count', 'episode_count') | indent(12) }}
        end as measured_proportion_status,
        {{ proportion_status('paired_count', 'measured_count') | indent(8) }}
            as paired_proportion_status
    from decided

)

select
    program_id,
    instrument_id,
    scale_id,
    case when episode_count_status = 'shown' then episode_count end as episode_count,
    episode_count_status,
    case when measured_count_status = 'shown' then measured_count end as measured_count,
    measured_count_status,
    case when paired_count_status = 'shown' then paired_count end as paired_count,
    paired_count_status,
    {{ shown_proportion(
        'measured_proportion', 'measured_count', 'episode_count', 'digits'
    ) | indent(4) }},
    measured_proportion_status,
    {{ shown_proportion(
        'paired_proportion', 'paired_count', 'measured_count', 'digits'
    ) | indent(4) }},
    paired_proportion_status,
    kept_from_release
from rated
