-- One row per administration and scale: the score, or the reason why there is none.
-- Items win over a stated total unless the source says otherwise; else a total stands in only where
-- no item came at all. A form that misses an item has no score unless a rule allows it: never a low
-- one.
with administrations as (

    select * from {{ ref('int_administrations') }}

),

shapes as (

    select * from {{ ref('int_scale_shapes') }}

),

stated_scores as (

    select
        administration_key,
        scale_id,
        stated_score,
        is_preferred
    from {{ ref('stg_raw__stated_scores') }}
    where stated_score is not null

),

-- All scales of a form that has answers, so that an unanswered subscale shows, and any stated one.
answered as (

    select
        administrations.administration_key,
        shapes.scale_id
    from administrations
    inner join shapes
        on administrations.instrument_id = shapes.instrument_id
    where administrations.item_answers_count > 0 and shapes.item_count > 0

),

expected as (

    select * from answered
    union all
    select
        stated_scores.administration_key,
        stated_scores.scale_id
    from stated_scores
    left join answered
        on
            stated_scores.administration_key = answered.administration_key
            and stated_scores.scale_id = answered.scale_id
    where answered.scale_id is null

),

measured as (

    select
        expected.administration_key,
        expected.scale_id,
        shapes.scoring_rule,
        shapes.multiplier,
        shapes.item_count,
        shapes.component_count,
        coalesce(item_scores.items_answered_count, 0) as items_answered_count,
        item_scores.item_sum,
        item_scores.component_mean_sum,
        stated_scores.stated_score,
        coalesce(stated_scores.is_preferred, false) as is_stated_preferred,
        shapes.item_count > 0
        and coalesce(item_scores.items_answered_count, 0) = shapes.item_count as is_complete,
        coalesce(
            item_scores.items_answered_count < shapes.item_count
            and shapes.missing_rule = 'mean_of_answered'
            and item_scores.items_answered_count >= shapes.minimum_items_answered
            and item_scores.components_answered_count = shapes.component_count,
            false
        ) as is_prorated
    from expected
    inner join shapes
        on expected.scale_id = shapes.scale_id
    left join {{ ref('int_item_scores') }} as item_scores
        on
            expected.administration_key = item_scores.administration_key
            and expected.scale_id = item_scores.scale_id
    left join stated_scores
        on
            expected.administration_key = stated_scores.administration_key
            and expected.scale_id = stated_scores.scale_id

),

scored as (

    select
        administration_key,
        scale_id,
        item_count,
        items_answered_count,
        is_prorated,
        stated_score,
        is_stated_preferred,
        case
            when is_complete or is_prorated
                then multiplier * case scoring_rule
                        when 'sum' then item_sum * item_count / items_answered_count
                        when 'mean' then item_sum / items_answered_count
                        when 'mean_of_component_means' then component_mean_sum / component_count
                        when 'sum_of_component_means' then component_mean_sum
                    end
        end as item_score
    from measured

),

resolved as (

    select
        administration_key,
        scale_id,
        item_count,
        items_answered_count,
        is_prorated and not is_stated_preferred as is_prorated,
        stated_score,
        case
            when items_answered_count > 0 and not is_stated_preferred then item_score
            else stated_score
        end as score,
        case
            when items_answered_count > 0 and not is_stated_preferred then 'items'
            when stated_score is not null then 'stated'
        end as score_origin
    from scored

),

-- A lookup scale (a T score, a crosswalk) reads its score from a published table by the score of
-- another scale; a raw score the table does not list has none.
looked_up as (

    select
        resolved.administration_key,
        shapes.scale_id,
        resolved.item_count,
        resolved.items_answered_count,
        resolved.is_prorated,
        stated_scores.stated_score,
        case
            when resolved.score_origin = 'items' or stated_scores.stated_score is null
                then conversions.converted_score
            else stated_scores.stated_score
        end as score,
        case
            when stated_scores.stated_score is null then resolved.score_origin
            else coalesce(resolved.score_origin, 'stated')
        end as score_origin
    from resolved
    inner join shapes
        on resolved.scale_id = shapes.converted_from
    left join {{ ref('stg_registry__score_conversions') }} as conversions
        on
            shapes.scale_id = conversions.scale_id
            and resolved.score = conversions.raw_score
    left join stated_scores
        on
            resolved.administration_key = stated_scores.administration_key
            and shapes.scale_id = stated_scores.scale_id

),

-- The lookup's row takes the place of one that only stated it.
all_scales as (

    select * from looked_up
    union all
    select resolved.*
    from resolved
    left join looked_up
        on
            resolved.administration_key = looked_up.administration_key
            and resolved.scale_id = looked_up.scale_id
    where looked_up.scale_id is null

)

select
    ---------- ids
    all_scales.administration_key,
    administrations.administration_id,
    administrations.client_id,
    administrations.episode_id,
    administrations.program_id,
    administrations.instrument_id,
    all_scales.scale_id,
    shapes.scoring_variant,

    ---------- when
    administrations.occurred_on,
    administrations.day,
    administrations.occasion,
    administrations.timepoint,
    administrations.time_position,
    administrations.occasion_order,
    administrations.is_ordered_by_day,

    ---------- the score
    all_scales.score,
    all_scales.stated_score,
    all_scales.score_origin,
    all_scales.items_answered_count,
    all_scales.item_count,
    all_scales.is_prorated,
    all_scales.score is not null as is_valid,

    ---------- what it means
    bands.label as severity_band,
    {{ is_on_side('all_scales.score', 'caseness.operator', 'caseness.value') }} as is_case,
    shapes.is_higher_better,
    shapes.is_primary,
    shapes.scale_kind,

    ---------- reasons to leave it out of change
    administrations.is_conflict,
    administrations.is_unplaced,
    administrations.is_unordered
from all_scales
inner join administrations
    on all_scales.administration_key = administrations.administration_key
inner join shapes
    on all_scales.scale_id = shapes.scale_id
left join {{ ref('int_bands') }} as bands
    on
        all_scales.scale_id = bands.scale_id
        and bands.is_default
        and all_scales.score >= bands.score_from
        and all_scales.score < bands.score_below
        and {{ is_valid_on('administrations.occurred_on', 'bands') }}
left join {{ ref('stg_registry__thresholds') }} as caseness
    on
        all_scales.scale_id = caseness.scale_id
        and caseness.is_default
        and caseness.threshold_kind = 'caseness'
        and {{ is_valid_on('administrations.occurred_on', 'caseness') }}
