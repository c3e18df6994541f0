-- One row per program (and all) and step from referral to reliable recovery. A step that most took
-- tells how few did not, so a step may be held back although many took it.
with cells as (

    select * from {{ source('disclosure', 'published_cells') }}
    where table_name = 'pub_attrition'

),

counted as (

    select
        attrition.program_id,
        attrition.step_number,
        attrition.step,
        referred.value as referred_count,
        referred.status as referred_count_status,
        taken.value as episode_count,
        taken.status as episode_count_status,
        before.value as previous_count,
        before.status as previous_count_status,
        coalesce(lost.value, case when attrition.step_number = 1 then 0 end) as lost_count,
        coalesce(lost.status, referred.status) as lost_count_status
    from {{ ref('fct_attrition') }} as attrition
    inner join cells as referred
        on attrition.program_id = referred.block_id and referred.cell = 'step_1'
    inner join cells as taken
        on
            attrition.program_id = taken.block_id
            and taken.cell = concat('step_', cast(attrition.step_number as varchar))
    -- The first step starts from itself.
    inner join cells as before
        on
            attrition.program_id = before.block_id
            and before.cell
            = concat('step_', cast(greatest(attrition.step_number - 1, 1) as varchar))
    left join cells as lost
        on
            attrition.program_id = lost.block_id
            and lost.cell = concat('lost_', cast(attrition.step_number as varchar))
    where attrition.stratum_kind = 'all'

),

rated as (

    select
        counted.*,
        {{ proportion_status('episode_count', 'previous_count') | indent(8) }}
            as previous_proportion_status,
        {{ proportion_status('episode_count', 'referred_count') | indent(8) }}
            as referred_proportion_status,
        policy.proportion_digits as digits
    from counted
    cross join {{ source('disclosure', 'disclosure_policy') }} as policy

)

select
    program_id,
    step_number,
    step,
    referred_count,
    referred_count_status,
    episode_count,
    episode_count_status,
    previous_count,
    previous_count_status,
    case when lost_count_status = 'shown' then lost_count end as lost_count,
    lost_count_status,
    {{ shown_proportion(
        'previous_proportion', 'episode_count', 'previous_count', 'digits'
    ) | indent(4) }},
    previous_proportion_status,
    {{ shown_proportion(
        'referred_proportion', 'episode_count', 'referred_count', 'digits'
    ) | indent(4) }},
    referred_proportion_status,
    {{ kept_from_release() }}
from rated
