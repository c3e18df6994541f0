-- One row per group and episode in it: whose episode it is and in which block of clients that
-- client is. Blocks carry uncertainty and are what the bootstrap draws: a client is in one block of
-- a group, and with no more clients than blocks each is a block of his or her own. The order by a
-- hash deals clients out evenly and the same way in every run.
with members as (

    select
        strata.stratum_kind,
        strata.stratum_id,
        strata.episode_id,
        episodes.client_id,
        episodes.program_id,
        episodes.arm
    from {{ ref('int_episode_strata') }} as strata
    inner join {{ ref('int_episodes') }} as episodes
        on strata.episode_id = episodes.episode_id

)

select
    dense_rank() over (order by stratum_kind, stratum_id) as stratum,
    stratum_kind,
    stratum_id,
    episode_id,
    client_id,
    program_id,
    arm,
    (dense_rank() over (
        partition by stratum_kind, stratum_id
        order by md5(client_id), client_id
    ) - 1) % {{ var('resampling_blocks') }} as block,
    count(*) over (partition by stratum_kind, stratum_id, client_id) = 1 as is_only_episode
from members
