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
        concat(
            'component_',
            cast(row_number() over (partition by instrument_id order by scale_id) as varchar)
        ) as variable,
        count(*) over (partition by instrument_id) as parts_count
    from {{ ref('stg_registry__scales') }}
    where role = 'process' and scale_kind = 'subscale' and not is_primary
    union all
    select
        opposites.pair_id as scale_id,
        scales.instrument_id,
        'pair' as part_kind,
        concat(
            'pair_',
            cast(
                row_number() over (
                    partition by scales.instrument_id order by opposites.pair_id
                ) as varchar
            )
        ) as variable,
        0 as parts_count
    from {{ ref('component_pairs') }} as opposites
    inner join {{ ref('stg_registry__scales') }} as scales
        on opposites.scale_id = scales.scale_id

),

changes as (

    select
        pairs.episode_number,
        parts.instrument_id,
        comparisons.outcome_scale_id,
        max(pairs.outcome_change) as outcome,
        {%- for variable in component_variables + pair_variables %}
        max(case when parts.variable = '{{ variable }}' then pairs.process_change end)
            as {{ variable }},
        {%- endfor %}
        avg(pairs.process_change) filter (where parts.part_kind = 'pair') as level_change,
        stddev_pop(pairs.process_final) filter (where parts.part_kind = 'pair')
        - stddev_pop(pairs.process_baseline) filter (where parts.part_kind = 'pair')
            as spread_change
    from {{ ref('int_change_pairs') }} as pairs
    inner join {{ ref('int_comparisons') }} as comparisons
        on pairs.comparison = comparisons.comparison
    inner join parts
        on comparisons.process_scale_id = parts.scale_id
    where
        pairs.is_whole_course
        -- A scale of more parts is not taken apart: there is no room for them.
        and parts.parts_count <= {{ component_variables | length }}
    group by pairs.episode_number, parts.instrument_id, comparisons.outcome_scale_id
    having
        count(*) filter (where parts.part_kind = 'component') = max(parts.parts_count)
        and max(parts.parts_count) >= 2

),

sums as (

    select
        strata.stratum_kind,
        strata.stratum_id,
        changes.instrument_id,
        changes.outcome_scale_id,
        count(*) as sample_size,
        {%- for left, right in products %}
        -- One person has no covariance; no such part in this instrument, no row.
        case when count(changes.{{ left }}) > 0 and count(changes.{{ right }}) > 0
            then coalesce(covar_samp(changes.{{ left }}, changes.{{ right }}), 0) end
            as {{ left }}__{{ right }}{{ ',' if not loop.last }}
        {%- endfor %}
    from changes
    inner join {{ ref('int_relation_strata') }} as strata
        on changes.episode_number = strata.episode_number
    group by
        strata.stratum_kind, strata.stratum_id, changes.instrument_id, changes.outcome_scale_id

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
left join parts as left_parts
    on
        named.instrument_id = left_parts.instrument_id
        and named.left_place = left_parts.variable
left join parts as right_parts
    on
        named.instrument_id = right_parts.instrument_id
        and named.right_place = right_parts.variable
-- An instrument without pairs has no such sets, only the outcome's own variance.
qualify count(*) over (
        partition by
            named.stratum_kind, named.stratum_id, named.instrument_id, named.outcome_scale_id,
            named.predictor_set
    ) > 1
