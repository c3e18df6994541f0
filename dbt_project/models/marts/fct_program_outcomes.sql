{%- set shared = [
    'program_id', 'stratum_kind', 'stratum_id', 'period_kind', 'period', 'population', 'metric_id',
    'estimate', 'interval_low', 'interval_high', 'sample_size', 'missing_count', 'status', 'method'
] -%}
{#- What only some of the numbers have, with its type, and who has it. -#}
{%- set some_have = {
    'threshold_set': 'varchar', 'scale_id': 'varchar', 'numerator_count': 'bigint',
    'bound_low': 'double', 'bound_high': 'double', 'uncorrected_estimate': 'double'
} -%}
{%- set has = {
    'program_rate_estimates': ['threshold_set', 'numerator_count', 'bound_low', 'bound_high'],
    'program_effect_estimates': ['scale_id', 'uncorrected_estimate'],
    'severity_estimates': ['scale_id']
} -%}
with numbers as (
    {% for table, columns in has.items() %}
    {%- set selected = shared | list -%}
    {%- for column, type in some_have.items() -%}
    {%- do selected.append(
        column if column in columns else 'cast(null as ' ~ type ~ ') as ' ~ column
    ) -%}
    {%- endfor %}
    select
        {{ selected | join(',\n        ') }}
    from {{ source('change', table) }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

)

select
    ---------- which
    program_id,
    stratum_kind,
    stratum_id,
    period_kind,
    period,
    population,
    threshold_set,
    scale_id,
    metric_id,

    ---------- how much: ten digits, for the order of parallel sums moves the last ones
    round(estimate, 10) as estimate,
    round(interval_low, 10) as interval_low,
    round(interval_high, 10) as interval_high,
    round(uncorrected_estimate, 10) as uncorrected_estimate,

    ---------- how many, and what the unknown could do to it
    numerator_count,
    sample_size,
    missing_count,
    round(bound_low, 10) as bound_low,
    round(bound_high, 10) as bound_high,

    ---------- how sure
    status,
    method,
    'descriptive' as evidence_label
from numbers
