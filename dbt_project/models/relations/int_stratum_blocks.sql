-- One row per group and episode in it: whose episode it is and in which block of clients that
-- client is. Blocks carry uncertainty and are what the bootstrap draws: a client is in one block of
-- a group, and with no more clients than blocks each is a block of his or her own. The order by a
-- hash deals clients out evenly and the same way in every run.
-- Episodes of the same groups share a combination: what is added up over combinations first is
-- added up over a few hundred rows a second time, instead of over every row once for each group.
with members as (

    select
        numbered.episode_number,
        strata.stratum_kind,
        strata.stratum_id,
        strata.episode_id,
        episodes.client_id,
        episodes.program_id,
        episodes.arm
    from {{ ref('int_episode_strata') }} as strata
    inner join {{ ref('int_episodes') }} as episodes
        on strata.episode_id = episodes.episode_id
    inner join {{ ref('int_episodes_numbered') }} as numbered
        on strata.episode_id = numbered.episode_id

),

blocks as (

    select
        cast(dense_rank() over (order by stratum_kind, stratum_id) as integer) as stratum,
        stratum_kind,
        stratum_id,
        episode_number,
        episode_id,
        client_id,
        program_id,
        arm,
        cast((dense_rank() over (
            partition by stratum_kind, stratum_id
            order by md5(client_id), client_id
        ) - 1) % {{ var('resampling_blocks') }} as integer) as block,
        count(*) over (partition by stratum_kind, stratum_id, client_id) = 1 as is_only_episode
    from members

),

combined as (

    select
        episode_number,
        -- Whoever is in a group twice is counted in another way.
        string_agg(
            concat(cast(stratum as varchar), case when is_only_episode then '' else '+' end), ' '
            order by stratum
        ) as strata
    from blocks
    group by episode_number

),

combinations as (

    select
        episode_number,
        cast(dense_rank() over (order by strata) as integer) as combination
    from combined

)

select
    blocks.*,
    combinations.combination
from blocks
inner join combinations
    on blocks.episode_number = combinations.episode_number
