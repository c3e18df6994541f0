-- How many different clients stand behind the episodes of a unit, and of all units together: a
-- count of episodes is a count of fewer people where somebody came twice.
with episodes as (

    select
        system,
        unit_id,
        client_id,
        count(*) as episode_count
    from {{ ref('int_atoms') }}
    group by system, unit_id, client_id
    union all
    select
        system,
        total_id as unit_id,
        client_id,
        count(*) as episode_count
    from {{ ref('int_atoms') }}
    where total_id is not null
    group by system, total_id, client_id

)

select
    system,
    unit_id,
    cast(sum(episode_count) as bigint) as episode_count,
    count(*) as client_count,
    max(episode_count) as most_per_client
from episodes
group by system, unit_id
