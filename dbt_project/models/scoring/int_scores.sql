-- One row per administration and scale: the score, or the reason why there is none.
-- Items win over a stated total; a total stands in only where no item came at all. A form that
-- misses an item has no score unless a rule allows it: never a low one.
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
        stated_score
    from {{ ref('stg_raw__stated_scores') }}
    where stated_score is not null

),

-- All scales of a form that has answers, so that an unanswered subscale shows, and any stated one.
expected as (

    select
        administrations.administration_key,
        shapes.scale_id
    from administrations
    inner join shapes
        on administrations.instrument_id = shapes.instrument_id
    where administrations.item_answers_count > 0 and shapes.item_count > 0
    union
    select
        administration_key,
        scale_id
    from stated_scores

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
        *,
        case
            when items_answered_count > 0 then item_score
            else stated_score
        end as score,
        case
            when items_answered_count > 0 then 'items'
            when stated_score is not null then 'stated'
        end as score_origin
    from scored

)

select
    ---------- ids
    resolved.administration_key,
    administrations.administration_id,
    administrations.client_id,
    administrations.episode_id,
    administrations.program_id,
    administrations.instrument_id,
    resolved.scale_id,
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
    resolved.score,
    resolved.stated_score,
    resolved.score_origin,
    resolved.items_answered_count,
    resolved.item_count,
    resolved.is_prorated,
    resolved.score is not null as is_valid,

    ---------- what it means
    bands.label as severity_band,
    {{ is_on_side('resolved.score', 'caseness.operator', 'caseness.value') }} as is_case,
    shapes.is_higher_better,
    shapes.is_primary,
    shapes.scale_kind,

    ---------- reasons to leave it out of change
    administrations.is_conflict,
    administrations.is_unplaced,
    administrations.is_unordered
from resolved
inner join administrations
    on resolved.administration_key = administrations.administration_key
inner join shapes
    on resolved.scale_id = shapes.scale_id
left join {{ ref('int_default_bands') }} as bands
    on
        resolved.scale_id = bands.scale_id
        and resolved.score >= bands.score_from
        and resolved.score < bands.score_below
left join {{ ref('stg_registry__thresholds') }} as caseness
    on
        resolved.scale_id = caseness.scale_id
        and caseness.is_default
        and caseness.threshold_kind = 'caseness'
