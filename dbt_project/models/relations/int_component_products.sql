-- One row per group, process instrument, outcome scale, set of predictors and pair of variables:
-- the covariance of two changes over the people who have all parts and the outcome twice.
-- Three sets: all parts at once; the pairs of a component and its opposite; and the balance of
-- those pairs (how far the three lie apart, model.md 4.1) beside their mean.
-- Lines that loops write are not laid out by hand.
-- noqa: disable=LT02
{%- set component_variables = [
    'component_1', 'component_2', 'component_3', 'component_4', 'component_5', 'component_6'
] -%}
{%- set pair_variables = ['pair_1', 'pair_2', 'pair_3'] -%}
{%- set sets = [
    component_variables, pair_variables, ['level_change', 'spread_change']
] -%}
{%- set products = [['outcome', 'outcome']] -%}
{%- for variables in sets -%}
    {%- for variable in variables -%}
        {%- do products.append(['outcome', variable]) -%}
        {%- for other in variables[loop.index0:] -%}
            {%- do products.append([variable, other]) -%}
        {%- endfor -%}
    {%- endfor -%}
{%- endfor %}

with parts as (

    select
        scale_id,
        instrument_id,
        'component' as part_kind,
        row_number() over (partition by instrument_id order by scale_id) as place,
        count(*) over (partition by instrument_id) as parts_count
    from {{ ref('stg_registry__scales') }}
    where role = 'process' and scale_kind = 'subscale' and not is_primary
    union all
    select
        opposites.pair_id as scale_id,
        scales.instrument_id,
        'pair' as part_kind,
        row_number() over (partition by scales.instrument_id order by opposites.pair_id) as place,
        0 as parts_count
    from {{ ref('component_pairs') }} as opposites
    inner join {{ ref('stg_registry__scales') }} as scales
        on opposites.scale_id = scales.scale_id

),

variables as (

    select
        *,
        concat(part_kind, '_', cast(place as varchar)) as variable
    from parts

),

-- What millions of rows are grouped by are numbers: one for an instrument and an outcome.
compared as (

    select
        comparisons.comparison,
        cast(dense_rank() over (
            order by variables.instrument_id, comparisons.outcome_scale_id
        ) as integer) as target,
        variables.instrument_id,
        comparisons.outcome_scale_id,
        case variables.part_kind when 'component' then variables.place end as component_place,
        case variables.part_kind when 'pair' then variables.place end as pair_place,
        variables.parts_count
    from {{ ref('int_comparisons') }} as comparisons
    inner join variables
        on comparisons.process_scale_id = variables.scale_id
    -- A scale of more parts is not taken apart: there is no room for them.
    where variables.parts_count <= {{ component_variables | length }}

),

changes as (

    select
        pairs.episode_number,
        compared.target,
        max(pairs.outcome_change) as outcome,
        {%- for variable in component_variables %}
        max(case when compared.component_place = {{ loop.index }} then pairs.process_change end)
            as {{ variable }},
        {%- endfor %}
        {%- for variable in pair_variables %}
        max(case when compared.pair_place = {{ loop.index }} then pairs.process_change end)
            as {{ variable }},
        {%- endfor %}
        avg(pairs.process_change) filter (where compared.pair_place is not null) as level_change,
        stddev_pop(pairs.process_final) filter (where compared.pair_place is not null)
        - stddev_pop(pairs.process_baseline) filter (where compared.pair_place is not null)
            as spread_change
    from {{ ref('int_change_pairs') }} as pairs
    inner join compared
        on pairs.comparison = compared.comparison
    where pairs.is_whole_course
    group by pairs.episode_number, compared.target
    having
        count(compared.component_place) = max(compared.parts_count)
        and max(compared.parts_count) >= 2

),

strata as (

    select
        stratum,
        episode_number
    from {{ ref('int_relation_strata') }}

),

numbered_sums as (

    select
        strata.stratum,
        changes.target,
        count(*) as sample_size,
        {%- for left, right in products %}
        -- One person has no covariance; no such part in this instrument, no row.
        case when count(changes.{{ left }}) > 0 and count(changes.{{ right }}) > 0
            then coalesce(covar_samp(changes.{{ left }}, changes.{{ right }}), 0) end
            as {{ left }}__{{ right }}{{ ',' if not loop.last }}
        {%- endfor %}
    from changes
    inner join strata
        on changes.episode_number = strata.episode_number
    group by strata.stratum, changes.target

),

stratum_names as (

    select distinct
        stratum,
        stratum_kind,
        stratum_id
    from {{ ref('int_relation_strata') }}

),

targets as (

    select distinct
        target,
        instrument_id,
        outcome_scale_id
    from compared

),

sums as (

    select
        stratum_names.stratum_kind,
        stratum_names.stratum_id,
        targets.instrument_id,
        targets.outcome_scale_id,
        numbered_sums.sample_size,
        {%- for left, right in products %}
        numbered_sums.{{ left }}__{{ right }}{{ ',' if not loop.last }}
        {%- endfor %}
    from numbered_sums
    inner join stratum_names
        on numbered_sums.stratum = stratum_names.stratum
    inner join targets
        on numbered_sums.target = targets.target

),

tall as (

    select *
    from sums
    unpivot (
        covariance for product in (
            {%- for left, right in products %}
            {{ left }}__{{ right }}{{ ',' if not loop.last }}
            {%- endfor %}
        )
    )

),

named as (

    select
        tall.*,
        sets.predictor_set,
        split_part(tall.product, '__', 1) as left_place,
        split_part(tall.product, '__', 2) as right_place
    from tall
    inner join (
        values ('components', 'component'), ('pairs', 'pair'), ('balance', 'change')
    ) as sets (predictor_set, word)
        on tall.product like concat('%', sets.word, '%') or tall.product = 'outcome__outcome'

)

select
    named.stratum_kind,
    named.stratum_id,
    named.instrument_id as process_instrument_id,
    named.outcome_scale_id,
    'first_to_last' as interval_name,
    named.predictor_set,
    coalesce(left_parts.scale_id, named.left_place) as left_variable,
    coalesce(right_parts.scale_id, named.right_place) as right_variable,
    named.sample_size,
    -- Rounded, so that the order in which parallel workers add up cannot move a last digit.
    round(named.covariance, 10) as covariance
from named
left join variables as left_parts
    on
        named.instrument_id = left_parts.instrument_id
        and named.left_place = left_parts.variable
left join variables as right_parts
    on
        named.instrument_id = right_parts.instrument_id
        and named.right_place = right_parts.variable
-- An instrument without pairs has no such sets, only the outcome's own variance.
qualify count(*) over (
        partition by
            named.stratum_kind, named.stratum_id, named.instrument_id, named.outcome_scale_id,
            named.predictor_set
    ) > 1
