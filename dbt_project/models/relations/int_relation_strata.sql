-- One row per group and client: the episode by which the client counts there. Clients are the units
-- of every relation between people. Of several episodes in one group the first counts in which a
-- process was measured twice, else the first in which anything was, else the first.
-- A kind of group that no clinic states anything of (no arms, no dates) is left out.
-- Arms, populations and periods are looked at over the whole course only: over every interval they
-- would be most of the work.
with measured as (

    select
        episode_id,
        max(case when instrument_role = 'process' then 2 else 1 end) as measured_rank
    from {{ ref('int_changes') }}
    where interval_name = 'first_to_last' and change is not null
    group by episode_id

),

episodes as (

    select
        numbered.episode_number,
        episodes.episode_id,
        episodes.client_id,
        episodes.arm,
        episodes.started_on,
        coalesce(measured.measured_rank, 0) as measured_rank
    from {{ ref('int_episodes') }} as episodes
    inner join {{ ref('int_episodes_numbered') }} as numbered
        on episodes.episode_id = numbered.episode_id
    left join measured
        on episodes.episode_id = measured.episode_id

),

-- Numbered: grouping millions of rows by a number instead of by texts takes a tenth of the time.
memberships as (

    select
        episode_id,
        stratum_kind,
        stratum_id
    from {{ ref('int_episode_strata') }}
    union all
    select
        episode_id,
        'arm' as stratum_kind,
        coalesce(arm, 'unknown') as stratum_id
    from episodes
    where (select count(all_episodes.arm) from episodes as all_episodes) > 0
    union all
    select
        episodes.episode_id,
        'population' as stratum_kind,
        clients.attribute_value as stratum_id
    from episodes
    inner join {{ ref('stg_raw__clients') }} as clients
        on episodes.client_id = clients.client_id
    where clients.attribute = 'population'
    union all
    select
        episode_id,
        'start_year' as stratum_kind,
        coalesce(cast(year(started_on) as varchar), 'unknown') as stratum_id
    from episodes
    where (select count(all_episodes.started_on) from episodes as all_episodes) > 0
    union all
    select
        episode_id,
        'start_quarter' as stratum_kind,
        case
            when started_on is null then 'unknown'
            else concat(
                    cast(year(started_on) as varchar), '-Q', cast(quarter(started_on) as varchar)
                )
        end as stratum_id
    from episodes
    where (select count(all_episodes.started_on) from episodes as all_episodes) > 0

),

stratum_names as (

    select
        stratum_kind,
        stratum_id,
        row_number() over (order by stratum_kind, stratum_id) as stratum
    from memberships
    group by stratum_kind, stratum_id

)

select
    stratum_names.stratum,
    memberships.stratum_kind,
    memberships.stratum_id,
    memberships.stratum_kind in ('arm', 'population', 'start_year', 'start_quarter')
        as is_whole_course_only,
    episodes.client_id,
    memberships.episode_id,
    episodes.episode_number
from memberships
inner join episodes
    on memberships.episode_id = episodes.episode_id
inner join stratum_names
    on
        memberships.stratum_kind = stratum_names.stratum_kind
        and memberships.stratum_id = stratum_names.stratum_id
qualify row_number() over (
        partition by stratum_names.stratum, episodes.client_id
        order by
            episodes.measured_rank desc,
            episodes.started_on asc nulls last,
            memberships.episode_id asc
    ) = 1
