-- One row per episode, stratum and period that its outcome is counted in. Months and quarters are
-- there for everybody and by clinic; years for every stratum.
with episodes as (

    select
        outcomes.episode_id,
        outcomes.client_id,
        outcomes.ended_on,
        episodes.clinician_id,
        episodes.arm
    from {{ ref('int_episode_outcomes') }} as outcomes
    inner join {{ ref('int_episodes') }} as episodes
        on outcomes.episode_id = episodes.episode_id
    where outcomes.is_counted

),

strata as (

    {{ every_stratum('episodes') }}

),

period_kinds as (

    select numbered.period_kind
    from (values ('all'), ('year'), ('quarter'), ('month')) as numbered (period_kind)

)

select
    strata.episode_id,
    strata.stratum_kind,
    strata.stratum_id,
    period_kinds.period_kind,
    case
        when period_kinds.period_kind = 'all' then 'all'
        when episodes.ended_on is null then 'unknown'
        when period_kinds.period_kind = 'year' then cast(year(episodes.ended_on) as varchar)
        when period_kinds.period_kind = 'quarter'
            then concat(
                    cast(year(episodes.ended_on) as varchar), '-Q',
                    cast(quarter(episodes.ended_on) as varchar)
                )
        else concat(
                cast(year(episodes.ended_on) as varchar), '-',
                lpad(cast(month(episodes.ended_on) as varchar), 2, '0')
            )
    end as period
from strata
inner join episodes
    on strata.episode_id = episodes.episode_id
cross join period_kinds
where period_kinds.period_kind in ('all', 'year') or strata.stratum_kind in ('all', 'clinic')
