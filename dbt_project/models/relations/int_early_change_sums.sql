-- One row per group, scale pair, direction and block of clients: what
-- orchestration.statistics.early_change needs. early is the early change of the scale that is to
-- foretell, own and baseline are early change and first score of the scale whose later slope is
-- foretold. timed_ products are weighted with the later squares of time, sloped_ with the products
-- of later time and score.
{%- set predictors = {'one': '1.0', 'early': 'early', 'own': 'own', 'baseline': 'baseline'} %}

{%- set names = [] -%}
{%- for a in predictors -%}{%- do names.append('sloped_' ~ a) -%}{%- endfor -%}
{%- set names = names + product_names('timed', predictors).split(' ') %}

with windows as (

    select * from {{ ref('int_course_windows') }}

),

directed as (

    select
        pairs.pair,
        directions.direction,
        responses.episode_number,
        cast(predictors.early_score - predictors.first_score as double) as early,
        cast(responses.early_score - responses.first_score as double) as own,
        cast(responses.first_score as double) as baseline,
        responses.later_count,
        responses.later_squares,
        responses.later_product
    from {{ ref('int_scale_pairs') }} as pairs
    cross join (values ('process_to_outcome'), ('outcome_to_process')) as directions (direction)
    inner join windows as predictors
        on
            case
                when directions.direction = 'process_to_outcome' then pairs.process_scale_id
                else pairs.outcome_scale_id
            end = predictors.scale_id
    inner join windows as responses
        on
            case
                when directions.direction = 'process_to_outcome' then pairs.outcome_scale_id
                else pairs.process_scale_id
            end = responses.scale_id
            and predictors.episode_number = responses.episode_number
    where
        predictors.early_score is not null
        and responses.early_score is not null
        and responses.later_count >= 3
        and responses.later_squares > 0

),

sums as (

    select
        blocks.stratum,
        directed.pair,
        directed.direction,
        blocks.block,
        -- Only who has several episodes in a group could be counted twice.
        count(*) filter (where blocks.is_only_episode)
        + count(distinct blocks.client_id) filter (where not blocks.is_only_episode)
            as client_count,
        sum(directed.later_count) as occasion_count,
        {{ sums_of('sloped', predictors, 'directed.later_product * ') }},
        {{ sums_of_products('timed', predictors, 'directed.later_squares * ') }}
    from directed
    inner join {{ ref('int_stratum_blocks') }} as blocks
        on directed.episode_number = blocks.episode_number
    group by blocks.stratum, directed.pair, directed.direction, blocks.block

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
    sums.direction,
    sums.block,
    sums.client_count,
    sums.occasion_count,
    sums.{{ names | join(', sums.') }}
from sums
inner join stratum_names
    on sums.stratum = stratum_names.stratum
inner join {{ ref('int_scale_pairs') }} as pairs
    on sums.pair = pairs.pair
