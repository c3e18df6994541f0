-- One row per client, program and pair of a process total and an outcome (or a scale that
-- self-compassion should not move): both baselines, and both changes where they are known. The one
-- frame of rows that estimators take which no moments can answer: who is missing is in it.
with scales as (

    select
        scale_id,
        instrument_id,
        role
    from {{ ref('stg_registry__scales') }}
    where is_primary

),

pairs as (

    select
        processes.scale_id as process_scale_id,
        outcomes.scale_id as outcome_scale_id,
        outcomes.role = 'negative_control' as is_negative_control
    from scales as processes
    inner join scales as outcomes
        on processes.instrument_id <> outcomes.instrument_id
    where processes.role = 'process' and outcomes.role in ('outcome', 'negative_control')

),

-- By program, because there a client may count by another episode than over all.
people as (

    select
        programs.episode_number,
        programs.episode_id,
        programs.stratum_id as program_id,
        everybody.episode_id is not null as is_counted_overall
    from {{ ref('int_relation_strata') }} as programs
    left join {{ ref('int_relation_strata') }} as everybody
        on
            programs.episode_id = everybody.episode_id
            and everybody.stratum_kind = 'all'
    where programs.stratum_kind = 'program'

),

-- Each frame of changes is read once and narrow: one that both took would be kept in memory whole.
processes as (

    select
        people.episode_number,
        people.episode_id,
        people.program_id,
        people.is_counted_overall,
        changes.scale_id,
        changes.baseline_score,
        changes.change
    from {{ ref('int_changes') }} as changes
    inner join people
        on changes.episode_id = people.episode_id
    where
        changes.interval_name = 'first_to_last'
        and changes.baseline_score is not null
        and changes.scale_id in (select pairs.process_scale_id from pairs)

),

outcomes as (

    select
        episode_id,
        scale_id,
        baseline_score,
        change
    from {{ ref('int_changes') }}
    where
        interval_name = 'first_to_last'
        and baseline_score is not null
        and scale_id in (select pairs.outcome_scale_id from pairs)

)

select
    processes.episode_number,
    processes.program_id,
    processes.is_counted_overall,
    pairs.process_scale_id,
    pairs.outcome_scale_id,
    pairs.is_negative_control,
    -- Where a program states no endings nobody is known to have finished, nor to have left.
    case when episodes.has_ended is not null then episodes.is_finished end as is_completer,
    processes.baseline_score as process_baseline,
    processes.change as process_change,
    outcomes.baseline_score as outcome_baseline,
    outcomes.change as outcome_change
from processes
inner join pairs
    on processes.scale_id = pairs.process_scale_id
inner join outcomes
    on
        processes.episode_id = outcomes.episode_id
        and pairs.outcome_scale_id = outcomes.scale_id
left join {{ ref('int_episode_outcomes') }} as episodes
    on processes.episode_id = episodes.episode_id
