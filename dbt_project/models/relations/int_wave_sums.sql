-- One row per group, scale pair and number of waves: what orchestration.statistics.cross_lagged
-- needs. A wave is a moment at which both scales were scored, the first, the second and so on up to
-- the fifth; x is the process, y the outcome. One episode per client stands for him or her, the one
-- with the most moments. Products with a wave that nobody in the row has are NULL.
-- Lines that loops write are not laid out by hand.
-- noqa: disable=LT02
{%- set scores = {
    'one': '1.0', 'x1': 'x1', 'y1': 'y1', 'x2': 'x2', 'y2': 'y2', 'x3': 'x3', 'y3': 'y3',
    'x4': 'x4', 'y4': 'y4', 'x5': 'x5', 'y5': 'y5'
} -%}
{%- set columns = [
    'episode_number', 'pair', 'moments_count', 'x1', 'y1', 'x2', 'y2', 'x3', 'y3', 'x4', 'y4', 'x5',
    'y5'
] %}

with episodes as (

    select
        numbered.client_id,
        numbered.is_only_of_client,
        products.{{ columns | join(', products.') }}
    from {{ ref('int_panel_products') }} as products
    inner join {{ ref('int_episodes_numbered') }} as numbered
        on products.episode_number = numbered.episode_number

),

longest as (

    select {{ columns | join(', ') }}
    from episodes
    where is_only_of_client
    union all
    select {{ columns | join(', ') }}
    from episodes
    where not is_only_of_client
    qualify row_number() over (
            partition by client_id, pair order by moments_count desc, episode_number asc
        ) = 1

),

of_episodes as (

    select distinct
        episode_number,
        combination
    from {{ ref('int_stratum_blocks') }}

),

-- Over the episodes of the same groups first, then over those of each group.
combined as (

    select
        of_episodes.combination,
        longest.pair,
        least(longest.moments_count, 5) as wave_count,
        {{ sums_of_products('sum', scores) }}
    from longest
    inner join of_episodes
        on longest.episode_number = of_episodes.episode_number
    group by of_episodes.combination, longest.pair, least(longest.moments_count, 5)

),

combinations as (

    select distinct
        combination,
        stratum,
        stratum_kind,
        stratum_id
    from {{ ref('int_stratum_blocks') }}

)

select
    combinations.stratum_kind,
    combinations.stratum_id,
    combinations.stratum,
    pairs.process_scale_id,
    pairs.outcome_scale_id,
    combined.wave_count
    {%- for name in product_names('sum', scores).split(' ') %},
    cast(sum(cast(combined.{{ name }} as decimal(38, 12))) as double) as {{ name }}
    {%- endfor %}
from combined
inner join combinations
    on combined.combination = combinations.combination
inner join {{ ref('int_scale_pairs') }} as pairs
    on combined.pair = pairs.pair
group by
    combinations.stratum_kind,
    combinations.stratum_id,
    combinations.stratum,
    pairs.process_scale_id,
    pairs.outcome_scale_id,
    combined.wave_count
