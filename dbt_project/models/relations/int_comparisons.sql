-- One row per process scale and outcome scale whose changes are compared: every scale pair, and the
-- parts of a process scale (subscales, and pairs of a component and its opposite) with what its
-- primary scale is related to. Numbered: millions of changes are grouped by the number.
with scales as (

    select
        scale_id,
        instrument_id,
        is_higher_better,
        is_primary,
        scale_kind
    from {{ ref('stg_registry__scales') }}
    where role = 'process'

),

-- What the primary scale of an instrument is related to, its parts are.
outcomes_of_parts as (

    select
        scales.instrument_id,
        pairs.outcome_scale_id,
        pairs.outcome_is_higher_better
    from {{ ref('int_scale_pairs') }} as pairs
    inner join scales
        on pairs.process_scale_id = scales.scale_id
    where scales.is_primary
    group by scales.instrument_id, pairs.outcome_scale_id, pairs.outcome_is_higher_better

),

comparisons as (

    select
        process_scale_id,
        process_is_higher_better,
        outcome_scale_id,
        outcome_is_higher_better,
        false as is_part
    from {{ ref('int_scale_pairs') }}
    union all
    select
        scales.scale_id as process_scale_id,
        scales.is_higher_better as process_is_higher_better,
        outcomes_of_parts.outcome_scale_id,
        outcomes_of_parts.outcome_is_higher_better,
        true as is_part
    from scales
    inner join outcomes_of_parts
        on scales.instrument_id = outcomes_of_parts.instrument_id
    where scales.scale_kind = 'subscale' and not scales.is_primary
    union all
    select
        opposites.pair_id as process_scale_id,
        scales.is_higher_better as process_is_higher_better,
        outcomes_of_parts.outcome_scale_id,
        outcomes_of_parts.outcome_is_higher_better,
        true as is_part
    from {{ ref('component_pairs') }} as opposites
    inner join scales
        on opposites.scale_id = scales.scale_id
    inner join outcomes_of_parts
        on scales.instrument_id = outcomes_of_parts.instrument_id

),

scales_numbered as (

    select
        scale_id,
        cast(row_number() over (order by scale_id) as integer) as scale
    from (
        select process_scale_id as scale_id from comparisons
        union
        select outcome_scale_id as scale_id from comparisons
    ) as compared

)

select
    cast(
        row_number() over (order by comparisons.process_scale_id, comparisons.outcome_scale_id)
        as integer
    ) as comparison,
    comparisons.*,
    processes.scale as process_scale,
    outcomes.scale as outcome_scale
from comparisons
inner join scales_numbered as processes
    on comparisons.process_scale_id = processes.scale_id
inner join scales_numbered as outcomes
    on comparisons.outcome_scale_id = outcomes.scale_id
