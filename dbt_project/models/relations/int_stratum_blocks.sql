-- One row per group and episode in it: whose episode it is and in which block of clients that
-- client is. Blocks carry uncertainty and are what the bootstrap draws: a client is in one block of
-- a group, and with no more clients than blocks each is a block of his or her own. The order by a
-- hash deals clients out evenly and the same way in every run.
-- Episodes of the same groups share a combination: what is added up over combinations first is
-- added up over a few hundred rows a second time, instead of over every row once for each group.
with clients as (

    select
        client_id,
        row_number() over (order by md5(client_id), client_id) as client_number
    from {{ ref('int_episodes') }}
    group by client_id

),

episodes as (

    select
        numbered.episode_number,
        clients.client_number,
        episodes.episode_id,
        episodes.client_id,
        episodes.program_id,
        episodes.arm
    from {{ ref('int_episodes') }} as episodes
    inner join {{ ref('int_episodes_numbered') }} as numbered
        on episodes.episode_id = numbered.episode_id
    inner join clients
        on episodes.client_id = clients.client_id

),

stratum_names as (

    select
        stratum_kind,
        stratum_id,
        cast(row_number() over (order by stratum_kind, stratum_id) as integer) as stratum
    from {{ ref('int_episode_strata') }}
    group by stratum_kind, stratum_id

),

members as (

    select
        stratum_names.stratum,
        episodes.episode_number,
        episodes.client_number
    from {{ ref('int_episode_strata') }} as strata
    inner join stratum_names
        on
            strata.stratum_kind = stratum_names.stratum_kind
            and strata.stratum_id = stratum_names.stratum_id
    inner join episodes
        on strata.episode_id = episodes.episode_id

),

blocks as (

    select
        stratum,
        episode_number,
        cast((dense_rank() over (
            partition by stratum
            order by client_number
        ) - 1) % {{ var('resampling_blocks') }} as integer) as block,
        count(*) over (partition by stratum, client_number) = 1 as is_only_episode
    from members

),

-- Whoever is in a group twice is counted in another way.
combined as (

    select
        episode_number,
        {{ group_flags('stratum', 'once', 'is_only_episode') }},
        {{ group_flags('stratum', 'twice', 'not is_only_episode') }}
    from blocks
    group by episode_number

),

combinations as (

    select
        episode_number,
        cast(dense_rank() over (
            order by {{ group_flag_names('once') }}, {{ group_flag_names('twice') }}
        ) as integer) as combination
    from combined

)

-- The groups of an episode beside each other: millions of rows are looked up by it.
select
    blocks.stratum,
    stratum_names.stratum_kind,
    stratum_names.stratum_id,
    blocks.episode_number,
    episodes.episode_id,
    episodes.client_id,
    episodes.program_id,
    episodes.arm,
    blocks.block,
    blocks.is_only_episode,
    combinations.combination
from blocks
inner join stratum_names
    on blocks.stratum = stratum_names.stratum
inner join episodes
    on blocks.episode_number = episodes.episode_number
inner join combinations
    on blocks.episode_number = combinations.episode_number
order by blocks.episode_number, blocks.stratum
