-- From referral to reliable recovery, each step with the one before as its denominator. An episode
-- of which nobody knows whether it took a step has not taken it; the lost are shown.
with episodes as (

    select
        outcomes.episode_id,
        outcomes.program_id,
        strata.stratum_kind,
        strata.stratum_id,
        outcomes.contact_count >= 1 as is_seen,
        outcomes.contact_count >= {{ var('finished_course_contacts') }} as has_stayed,
        outcomes.is_counted,
        outcomes.is_paired,
        coalesce(outcomes.is_at_caseness, false) as is_at_caseness,
        coalesce(outcomes.is_reliably_improved, false) as is_reliably_improved,
        coalesce(outcomes.is_reliably_recovered, false) as is_reliably_recovered
    from {{ ref('fct_episode_outcomes') }} as outcomes
    inner join {{ ref('int_episode_strata') }} as strata
        on outcomes.episode_id = strata.episode_id
    where strata.stratum_kind <> 'program'

),

furthest as (

    select
        program_id,
        stratum_kind,
        stratum_id,
        case
            when not is_seen then 1
            when not has_stayed then 2
            when not is_counted then 3
            when not is_paired then 4
            when not is_at_caseness then 5
            when not is_reliably_improved then 6
            when not is_reliably_recovered then 7
            else 8
        end as last_step
    from episodes

),

scoped as (

    select
        program_id as program,
        stratum_kind,
        stratum_id,
        last_step
    from furthest
    union all
    select
        'all' as program,
        stratum_kind,
        stratum_id,
        last_step
    from furthest

),

steps as (

    select
        named.step_number,
        named.step
    from (
        values
        (1, 'referred'), (2, 'seen'), (3, 'stayed'), (4, 'counted'), (5, 'paired'),
        (6, 'at_caseness'), (7, 'reliably_improved'), (8, 'reliably_recovered')
    ) as named (step_number, step)

),

counted as (

    select
        scoped.program,
        scoped.stratum_kind,
        scoped.stratum_id,
        steps.step_number,
        steps.step,
        count(*) as referred_count,
        count(*) filter (where scoped.last_step >= steps.step_number) as episode_count,
        count(*) filter (where scoped.last_step >= steps.step_number - 1) as previous_count
    from scoped
    cross join steps
    group by
        scoped.program, scoped.stratum_kind, scoped.stratum_id, steps.step_number, steps.step

)

select
    ---------- which
    program as program_id,
    stratum_kind,
    stratum_id,
    step_number,
    step,

    ---------- how many, of how many
    episode_count,
    previous_count,
    previous_count - episode_count as lost_count,
    referred_count,
    case when previous_count > 0 then cast(episode_count as double) / previous_count end
        as previous_proportion,
    case
        when previous_count > 0
            then {{ wilson_limit('cast(episode_count as double)', 'previous_count', '-') }}
    end as interval_low,
    case
        when previous_count > 0
            then {{ wilson_limit('cast(episode_count as double)', 'previous_count', '+') }}
    end as interval_high,
    cast(episode_count as double) / referred_count as referred_proportion,
    case when previous_count > 0 then 'estimated' else 'not_computable' end as status
from counted
