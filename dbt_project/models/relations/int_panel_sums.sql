-- One row per group, scale pair and part of it: what orchestration.statistics.within_models needs.
-- A part is a block of clients (for errors that hold whatever goes on within a client) or the
-- episodes of one length (for a random intercept, whose weights depend on the length alone).
-- Names: xb and yb are process and outcome one moment before x and y, xbb and ybb two before, k the
-- number of the moment; lagged_ and concurrent_ products are about the episode's own means.
{%- set concurrent = {'x': 'process_score', 'y': 'outcome_score', 'k': 'moment'} -%}
{%- set lagged = {
    'xb': 'previous_process_score', 'yb': 'previous_outcome_score', 'k': 'moment',
    'x': 'process_score', 'y': 'outcome_score'
} -%}
{%- set levels = {'one': '1.0', 'xbb': 'earlier_process_score', 'ybb': 'earlier_outcome_score'} -%}
{%- set steps = {
    'one': '1.0',
    'dxb': '(previous_process_score - earlier_process_score)',
    'dyb': '(previous_outcome_score - earlier_outcome_score)',
    'dx': '(process_score - previous_process_score)',
    'dy': '(outcome_score - previous_outcome_score)'
} -%}
{%- set after_first = ' filter (where moment > 1)' -%}
{%- set after_second = ' filter (where moment > 2)' -%}
{%- set concurrent_names = ['x', 'y', 'k'] -%}
{%- set lagged_names = ['xb', 'yb', 'k', 'x', 'y'] -%}
{%- set concurrent_means = {
    'one': 'concurrent_mean_one', 'x': 'concurrent_mean_x', 'y': 'concurrent_mean_y'
} -%}
{%- set lagged_means = {
    'one': 'lagged_mean_one', 'xb': 'lagged_mean_xb', 'yb': 'lagged_mean_yb',
    'x': 'lagged_mean_x', 'y': 'lagged_mean_y'
} -%}
{%- set instrumented = [] -%}
{%- for level in levels -%}
{%- for step in steps -%}
{%- do instrumented.append('instrumented_' ~ level ~ '_' ~ step) -%}
{%- endfor -%}
{%- endfor %}

with sums as (

    select
        client_id,
        episode_id,
        process_scale_id,
        outcome_scale_id,
        count(*) as moments_count,
        {{ sums_of('concurrent', concurrent) }},
        {{ sums_of_products('concurrent', concurrent) }},
        {{ sums_of('lagged', lagged, filter=after_first) }},
        {{ sums_of_products('lagged', lagged, filter=after_first) }},
        {{ sums_across('instrumented', levels, steps, filter=after_second) }}
    from {{ ref('int_panels') }}
    group by client_id, episode_id, process_scale_id, outcome_scale_id
    having count(*) >= 2

),

episodes as (

    select
        client_id,
        episode_id,
        process_scale_id,
        outcome_scale_id,
        moments_count,
        cast(moments_count >= 3 as integer) as has_lags,
        {{ products_about_means('concurrent', concurrent_names, 'moments_count') }},
        {{ means_of('concurrent', ['x', 'y'], 'moments_count') }},
        {{ products_about_means('lagged', lagged_names, 'moments_count - 1') }},
        {{ means_of('lagged', ['xb', 'yb', 'x', 'y'], 'moments_count - 1') }},
        {{ instrumented | join(', ') }}
    from sums

),

stratified as (

    select
        blocks.stratum,
        blocks.block,
        blocks.is_only_episode,
        episodes.*
    from episodes
    inner join {{ ref('int_stratum_blocks') }} as blocks
        on episodes.episode_id = blocks.episode_id

),

parts as (

    select
        stratum,
        process_scale_id,
        outcome_scale_id,
        case when grouping(block) = 0 then 'block' else 'length' end as part,
        coalesce(block, moments_count) as part_number,
        -- Only who has several episodes in a group could be counted twice.
        count(*) filter (where is_only_episode)
        + count(distinct client_id) filter (where not is_only_episode) as client_count,
        count(*) filter (where is_only_episode and moments_count >= 3)
        + count(distinct client_id) filter (where not is_only_episode and moments_count >= 3)
            as lagged_client_count,
        count(*) filter (where is_only_episode and moments_count >= 4)
        + count(distinct client_id) filter (where not is_only_episode and moments_count >= 4)
            as long_client_count,
        sum(moments_count) as occasion_count,
        sum(has_lags * (moments_count - 1)) as lagged_occasion_count,
        sum(has_lags * (moments_count - 2)) as differenced_occasion_count,
        {{ sums_again(product_names('concurrent', concurrent_names).split(' ')) }},
        {{ sums_of_products('concurrent_mean', concurrent_means) }},
        {{ sums_again(product_names('lagged', lagged_names).split(' '), 'has_lags * ') }},
        {{ sums_of_products('lagged_mean', lagged_means, 'has_lags * ') }},
        {{ sums_again(instrumented, 'has_lags * ') }}
    from stratified
    group by grouping sets (
        (stratum, process_scale_id, outcome_scale_id, block),
        (stratum, process_scale_id, outcome_scale_id, moments_count)
    )

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
    parts.*
from stratum_names
inner join parts
    using (stratum)
