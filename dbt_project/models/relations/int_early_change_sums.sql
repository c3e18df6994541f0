-- One row per group, scale pair, direction and block of clients: what
-- orchestration.statistics.early_change needs. early is the early change of the scale that is to
-- foretell, own and baseline are early change and first score of the scale whose later slope is
-- foretold. timed_ products are weighted with the later squares of time, sloped_ with the products
-- of later time and score.
{%- set predictors = {'one': '1.0', 'early': 'early', 'own': 'own', 'baseline': 'baseline'} %}

with directed as (

    select
        pairs.process_scale_id,
        pairs.outcome_scale_id,
        directions.direction,
        responses.client_id,
        responses.episode_id,
        cast(predictors.early_score - predictors.first_score as double) as early,
        cast(responses.early_score - responses.first_score as double) as own,
        cast(responses.first_score as double) as baseline,
        responses.later_count,
        responses.later_squares,
        responses.later_product
    from {{ ref('int_scale_pairs') }} as pairs
    cross join (values ('process_to_outcome'), ('outcome_to_process')) as directions (direction)
    inner join {{ ref('int_course_windows') }} as predictors
        on
            case
                when directions.direction = 'process_to_outcome' then pairs.process_scale_id
                else pairs.outcome_scale_id
            end = predictors.scale_id
    inner join {{ ref('int_course_windows') }} as responses
        on
            case
                when directions.direction = 'process_to_outcome' then pairs.outcome_scale_id
                else pairs.process_scale_id
            end = responses.scale_id
            and predictors.episode_id = responses.episode_id
    where
        predictors.early_score is not null
        and responses.early_score is not null
        and responses.later_count >= 3
        and responses.later_squares > 0

)

select
    blocks.stratum_kind,
    blocks.stratum_id,
    directed.process_scale_id,
    directed.outcome_scale_id,
    directed.direction,
    blocks.block,
    count(distinct directed.client_id) as client_count,
    sum(directed.later_count) as occasion_count,
    {{ sums_of('sloped', predictors, 'directed.later_product * ') }},
    {{ sums_of_products('timed', predictors, 'directed.later_squares * ') }}
from directed
inner join {{ ref('int_stratum_blocks') }} as blocks
    on directed.episode_id = blocks.episode_id
group by
    blocks.stratum_kind,
    blocks.stratum_id,
    directed.process_scale_id,
    directed.outcome_scale_id,
    directed.direction,
    blocks.block
