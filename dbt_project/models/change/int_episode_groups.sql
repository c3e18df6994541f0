-- One row per episode, stratum and period that its outcome is counted in. An unknown is a group of
-- its own and every value a clinic states is one, so no split can lose a category. An attribute
-- with more than fifty values is no band and is left out whole. Months and quarters are there for
-- everybody and by clinic; years for every stratum.
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

attributes as (

    select attribute
    from {{ ref('stg_raw__clients') }}
    -- Words that name another kind of stratum.
    where
        attribute not in (
            'all', 'program', 'clinic', 'clinician', 'condition', 'arm', 'self_compassion_content'
        )
    group by attribute
    having count(distinct attribute_value) <= 50

),

strata as (

    select
        episodes.episode_id,
        episodes.ended_on,
        strata.stratum_kind,
        strata.stratum_id
    from episodes
    inner join {{ ref('int_episode_strata') }} as strata
        on episodes.episode_id = strata.episode_id
    -- The program is a dimension of its own, beside every stratum.
    where strata.stratum_kind <> 'program'
    union all
    select
        episode_id,
        ended_on,
        'clinician' as stratum_kind,
        coalesce(clinician_id, 'unknown') as stratum_id
    from episodes
    union all
    select
        episode_id,
        ended_on,
        'arm' as stratum_kind,
        coalesce(arm, 'unknown') as stratum_id
    from episodes
    union all
    select
        episodes.episode_id,
        episodes.ended_on,
        attributes.attribute as stratum_kind,
        coalesce(stated.attribute_value, 'unknown') as stratum_id
    from episodes
    cross join attributes
    left join {{ ref('stg_raw__clients') }} as stated
        on
            episodes.client_id = stated.client_id
            and attributes.attribute = stated.attribute

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
        when strata.ended_on is null then 'unknown'
        when period_kinds.period_kind = 'year' then cast(year(strata.ended_on) as varchar)
        when period_kinds.period_kind = 'quarter'
            then concat(
                    cast(year(strata.ended_on) as varchar), '-Q',
                    cast(quarter(strata.ended_on) as varchar)
                )
        else concat(
                cast(year(strata.ended_on) as varchar), '-',
                lpad(cast(month(strata.ended_on) as varchar), 2, '0')
            )
    end as period
from strata
cross join period_kinds
where period_kinds.period_kind in ('all', 'year') or strata.stratum_kind in ('all', 'clinic')
