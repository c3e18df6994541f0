-- One row per group, scale pair and part of it: what orchestration.statistics.within_models needs.
-- A part is a block of clients (for errors that hold whatever goes on within a client) or the
-- episodes of one length (for a random intercept, whose weights depend on the length alone). Sums
-- that only the one kind of part is asked for are NULL in the other: they would be half the work.
-- Names: xb and yb are process and outcome one moment before x and y, xbb and ybb two before, k the
-- number of the moment; lagged_ and concurrent_ products are about the episode's own means.
-- Lines that loops write are not laid out by hand.
-- noqa: disable=LT02
{%- set concurrent = product_names('concurrent', ['x', 'y', 'k']).split(' ') -%}
{%- set lagged = product_names('lagged', ['xb', 'yb', 'k', 'x', 'y']).split(' ') -%}
{%- set concurrent_means = {
    'one': '1.0', 'x': 'concurrent_mean_x', 'y': 'concurrent_mean_y'
} -%}
{%- set lagged_means = {
    'one': '(case when moments_count >= 3 then 1.0 end)', 'xb': 'lagged_mean_xb',
    'yb': 'lagged_mean_yb', 'x': 'lagged_mean_x', 'y': 'lagged_mean_y'
} -%}
{%- set instrumented = [] -%}
{%- for level in ['one', 'xbb', 'ybb'] -%}
{%- for step in ['one', 'dxb', 'dyb', 'dx', 'dy'] -%}
{%- do instrumented.append('instrumented_' ~ level ~ '_' ~ step) -%}
{%- endfor -%}
{%- endfor -%}
{%- set only_blocks = instrumented -%}
{%- set only_lengths = (
    concurrent
    + product_names('concurrent_mean', concurrent_means).split(' ')
    + product_names('lagged_mean', lagged_means).split(' ')
) -%}
{%- set block_numbers = {'one': '1.0'} -%}
{%- for name in lagged + only_blocks -%}
{%- do block_numbers.update({name: 'episodes.' ~ name}) -%}
{%- endfor -%}
{%- set counts = [
    'client_count', 'lagged_client_count', 'long_client_count', 'occasion_count',
    'lagged_occasion_count', 'differenced_occasion_count'
] %}

with memberships as (

    select
        stratum,
        block,
        episode_number,
        client_id,
        is_only_episode
    from {{ ref('int_stratum_blocks') }}

),

largest as (

    {{ exact_sum_root('memberships') }}

),

bounds as (

    select
        episodes.pair,
        {{ bounds_of(block_numbers) }}
    from {{ ref('int_panel_products') }} as episodes
    cross join largest
    group by episodes.pair

),

block_sums as (

    select
        memberships.stratum,
        episodes.pair,
        memberships.block,
        count(*) filter (where memberships.is_only_episode) as client_count,
        count(*) filter (where memberships.is_only_episode and episodes.moments_count >= 3)
            as lagged_client_count,
        count(*) filter (where memberships.is_only_episode and episodes.moments_count >= 4)
            as long_client_count,
        sum(episodes.moments_count) as occasion_count,
        sum(case when episodes.moments_count >= 3 then episodes.moments_count - 1 else 0 end)
            as lagged_occasion_count,
        sum(case when episodes.moments_count >= 3 then episodes.moments_count - 2 else 0 end)
            as differenced_occasion_count
        {%- for name in lagged + only_blocks %},
        coalesce({{ exact_sum('one', name, block_numbers) }}, 0) as {{ name }}
        {%- endfor %}
    from {{ ref('int_panel_products') }} as episodes
    inner join bounds
        on episodes.pair = bounds.pair
    inner join memberships
        on episodes.episode_number = memberships.episode_number
    where episodes.moments_count >= 2
    group by memberships.stratum, episodes.pair, memberships.block

),

-- Only who has several episodes in a group could be counted twice.
longest_of_repeated as (

    select
        memberships.stratum,
        episodes.pair,
        memberships.block,
        memberships.client_id,
        max(episodes.moments_count) as moments_count
    from {{ ref('int_panel_products') }} as episodes
    inner join memberships
        on episodes.episode_number = memberships.episode_number
    where episodes.moments_count >= 2 and not memberships.is_only_episode
    group by memberships.stratum, episodes.pair, memberships.block, memberships.client_id

),

repeated_in_blocks as (

    select
        stratum,
        pair,
        block,
        count(*) as client_count,
        count(*) filter (where moments_count >= 3) as lagged_client_count,
        count(*) filter (where moments_count >= 4) as long_client_count
    from longest_of_repeated
    group by stratum, pair, block

),

block_parts as (

    select
        sums.stratum,
        sums.pair,
        sums.block as part_number,
        {%- for name in counts[:3] %}
        sums.{{ name }} + coalesce(repeated.{{ name }}, 0) as {{ name }},
        {%- endfor %}
        sums.{{ (counts[3:] + lagged + only_blocks) | join(', sums.') }}
    from block_sums as sums
    left join repeated_in_blocks as repeated
        on
            sums.stratum = repeated.stratum
            and sums.pair = repeated.pair
            and sums.block = repeated.block

),

-- Over the episodes of the same groups first, then over those of each group.
combinations as (

    select distinct
        combination,
        stratum,
        is_only_episode
    from {{ ref('int_stratum_blocks') }}

),

of_episodes as (

    select distinct
        episode_number,
        combination
    from {{ ref('int_stratum_blocks') }}

),

combined_lengths as (

    select
        of_episodes.combination,
        episodes.pair,
        episodes.moments_count,
        count(*) as episode_count,
        {{ sums_again(concurrent) }},
        {{ sums_of_products('concurrent_mean', concurrent_means) }},
        {{ sums_again(lagged) }},
        {{ sums_of_products('lagged_mean', lagged_means) }}
    from {{ ref('int_panel_products') }} as episodes
    inner join of_episodes
        on episodes.episode_number = of_episodes.episode_number
    where episodes.moments_count >= 2
    group by of_episodes.combination, episodes.pair, episodes.moments_count

),

repeated_clients as (

    select
        memberships.stratum,
        episodes.pair,
        episodes.moments_count,
        count(distinct memberships.client_id) as client_count
    from {{ ref('int_panel_products') }} as episodes
    inner join memberships
        on episodes.episode_number = memberships.episode_number
    where episodes.moments_count >= 2 and not memberships.is_only_episode
    group by memberships.stratum, episodes.pair, episodes.moments_count

),

lengths as (

    select
        combinations.stratum,
        combined.pair,
        combined.moments_count,
        coalesce(sum(case when combinations.is_only_episode then combined.episode_count end), 0)
            as once_count,
        sum(combined.episode_count) as episode_count,
        {{ sums_again(lagged + only_lengths) }}
    from combined_lengths as combined
    inner join combinations
        on combined.combination = combinations.combination
    group by combinations.stratum, combined.pair, combined.moments_count

),

length_parts as (

    select
        lengths.*,
        lengths.once_count + coalesce(repeated_clients.client_count, 0) as client_count
    from lengths
    left join repeated_clients
        on
            lengths.stratum = repeated_clients.stratum
            and lengths.pair = repeated_clients.pair
            and lengths.moments_count = repeated_clients.moments_count

),

parts as (

    select
        stratum,
        pair,
        'block' as part,
        part_number,
        {{ counts | join(', ') }},
        {{ lagged | join(', ') }},
        {{ only_blocks | join(', ') }}
        {%- for name in only_lengths %},
        cast(null as double) as {{ name }}
        {%- endfor %}
    from block_parts
    union all
    select
        stratum,
        pair,
        'length' as part,
        moments_count as part_number,
        client_count,
        case when moments_count >= 3 then client_count else 0 end as lagged_client_count,
        case when moments_count >= 4 then client_count else 0 end as long_client_count,
        episode_count * moments_count as occasion_count,
        case when moments_count >= 3 then episode_count * (moments_count - 1) else 0 end
            as lagged_occasion_count,
        case when moments_count >= 3 then episode_count * (moments_count - 2) else 0 end
            as differenced_occasion_count,
        {{ lagged | join(', ') }}
        {%- for name in only_blocks %},
        cast(null as double) as {{ name }}
        {%- endfor %},
        {{ only_lengths | join(', ') }}
    from length_parts

),

stratum_names as (

    select distinct
        stratum,
        stratum_kind,
        stratum_id
    from {{ ref('int_stratum_blocks') }}

)

select
    stratum_names.stratum_kind,
    stratum_names.stratum_id,
    parts.stratum,
    pairs.process_scale_id,
    pairs.outcome_scale_id,
    parts.part,
    cast(parts.part_number as bigint) as part_number,
    {%- for name in counts %}
    cast(parts.{{ name }} as bigint) as {{ name }},
    {%- endfor %}
    parts.{{ (only_lengths + lagged + only_blocks) | join(', parts.') }}
from parts
inner join stratum_names
    on parts.stratum = stratum_names.stratum
inner join {{ ref('int_scale_pairs') }} as pairs
    on parts.pair = pairs.pair
