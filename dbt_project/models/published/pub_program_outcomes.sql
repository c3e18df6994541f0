-- One row per program (and all), population, threshold set and rate, over all periods. Which count
-- a rate takes over which stands in the list; both were decided on before (disclosure).
with rates as (

    select
        named.metric_id,
        named.numerator,
        named.denominator
    from (
        values
        ('at_caseness', 'at_caseness', 'course'),
        ('recovery', 'recovered', 'asked'),
        ('reliable_recovery', 'reliably_recovered', 'asked'),
        ('reliable_improvement', 'improved', 'course'),
        ('no_reliable_change', 'unchanged', 'course'),
        ('reliable_deterioration', 'deteriorated', 'course'),
        ('paired_data', 'paired', 'course')
    ) as named (metric_id, numerator, denominator)

),

cells as (

    select * from {{ source('disclosure', 'published_cells') }}
    where table_name = 'pub_program_outcomes'

),

counted as (

    select
        outcomes.program_id,
        outcomes.population,
        outcomes.threshold_set,
        outcomes.metric_id,
        outcomes.method,
        outcomes.status,
        numerators.value as numerator_count,
        numerators.status as numerator_count_status,
        denominators.value as sample_size,
        denominators.status as sample_size_status
    from {{ ref('fct_program_outcomes') }} as outcomes
    inner join rates
        on outcomes.metric_id = rates.metric_id
    inner join cells as numerators
        on
            numerators.block_id
            = concat_ws('|', outcomes.program_id, outcomes.population, outcomes.threshold_set)
            and rates.numerator = numerators.cell
    inner join cells as denominators
        on
            numerators.block_id = denominators.block_id
            and rates.denominator = denominators.cell
    where
        outcomes.stratum_kind = 'all'
        and outcomes.period_kind = 'all'

),

rated as (

    select
        counted.*,
        policy.proportion_digits as digits,
        case
            when counted.status <> 'estimated' then 'not_computable'
            else
                {{ proportion_status('counted.numerator_count', 'counted.sample_size')
                   | indent(16) }}
        end as estimate_status
    from counted
    cross join {{ source('disclosure', 'disclosure_policy') }} as policy

)

select
    program_id,
    population,
    threshold_set,
    metric_id,
    numerator_count,
    numerator_count_status,
    sample_size,
    sample_size_status,
    {{ shown_proportion(
        'estimate', 'numerator_count', 'sample_size', 'digits'
    ) | indent(4) }},
    estimate_status,
    method,
    {{ kept_from_release() }}
from rated
