-- One row per group, scale pair, direction and block of clients: what
-- orchestration.statistics.early_change needs. early is the early change of the scale that is to
-- foretell, own and baseline are early change and first score of the scale whose later slope is
-- foretold. timed_ products are weighted with the later squares of time, sloped_ with the products
-- of later time and score.
-- Lines that loops write are not laid out by hand.
-- noqa: disable=LT02
{%- set predictors = ['one', 'early', 'own', 'baseline'] -%}
{%- set numbers = {
    'one': '1.0',
    'early': 'directed.early',
    'own': 'directed.own',
    'baseline': 'directed.baseline',
    'sloped': 'directed.later_product',
    'timed_one': 'directed.later_squares',
    'timed_early': 'directed.later_squares * directed.early',
    'timed_own': 'directed.later_squares * directed.own',
    'timed_baseline': 'directed.later_squares * directed.baseline'
} -%}
{%- set names = [] -%}
{%- for a in predictors -%}{%- do names.append('sloped_' ~ a) -%}{%- endfor -%}
{%- set names = names + product_names('timed', predictors).split(' ') %}

with windows as (

    select * from {{ ref('int_course_windows') }}

),

directed as (

    select
        pairs.pair,
        directions.is_forward,
        responses.episode_number,
        cast(predictors.early_score - predictors.first_score as double) as early,
        cast(responses.early_score - responses.first_score as double) as own,
        cast(responses.first_score as double) as baseline,
        responses.later_count,
        responses.later_squares,
        responses.later_product
    from {{ ref('int_scale_pairs') }} as pairs
    cross join (values (true), (false)) as directions (is_forward)
    inner join windows as predictors
        on
            case
                when directions.is_forward then pairs.process_scale_id
                else pairs.outcome_scale_id
            end = predictors.scale_id
    inner join windows as responses
        on
            case
                when directions.is_forward then pairs.outcome_scale_id
                else pairs.process_scale_id
            end = responses.scale_id
            and predictors.episode_number = responses.episode_number
    where
        predictors.early_score is not null
        and responses.early_score is not null
        and responses.later_count >= 3
        and responses.later_squares > 0

),

blocks as (

    select
        stratum,
        block,
        episode_number,
        client_id,
        is_only_episode
    from {{ ref('int_stratum_blocks') }}

),

largest as (

    {{ exact_sum_root('blocks') }}

),

bounds as (

    select
        directed.pair,
        directed.is_forward,
        {{ bounds_of(numbers) }}
    from directed
    cross join largest
    group by directed.pair, directed.is_forward

),

sums as (

    select
        blocks.stratum,
        directed.pair,
        directed.is_forward,
        blocks.block,
        count(*) filter (where blocks.is_only_episode) as client_count,
        sum(directed.later_count) as occasion_count,
        {%- for a in predictors %}
        {{ exact_sum('sloped', a, numbers) }} as sloped_{{ a }},
        {%- endfor %}
        {%- for a in predictors %}
        {%- set is_last = loop.last %}
        {%- for b in predictors[loop.index0:] %}
        {{ exact_sum('timed_' ~ a, b, numbers) }} as timed_{{ a }}_{{ b }}
        {{- ',' if not is_last }}
        {%- endfor %}
        {%- endfor %}
    from directed
    inner join bounds
        on directed.pair = bounds.pair and directed.is_forward = bounds.is_forward
    inner join blocks
        on directed.episode_number = blocks.episode_number
    group by blocks.stratum, directed.pair, directed.is_forward, blocks.block

),

-- Only who has several episodes in a group could be counted twice.
repeated as (

    select
        blocks.stratum,
        directed.pair,
        directed.is_forward,
        blocks.block,
        count(distinct blocks.client_id) as client_count
    from directed
    inner join blocks
        on directed.episode_number = blocks.episode_number
    where not blocks.is_only_episode
    group by blocks.stratum, directed.pair, directed.is_forward, blocks.block

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
    pairs.process_scale_id,
    pairs.outcome_scale_id,
    case when sums.is_forward then 'process_to_outcome' else 'outcome_to_process' end as direction,
    sums.block,
    sums.client_count + coalesce(repeated.client_count, 0) as client_count,
    sums.occasion_count,
    sums.{{ names | join(', sums.') }}
from sums
inner join stratum_names
    on sums.stratum = stratum_names.stratum
inner join {{ ref('int_scale_pairs') }} as pairs
    on sums.pair = pairs.pair
left join repeated
    on
        sums.stratum = repeated.stratum
        and sums.pair = repeated.pair
        and sums.is_forward = repeated.is_forward
        and sums.block = repeated.block
