-- One row per source, instrument or scale, and guard: does anything speak against the key or the
-- codes this source was read with? A guard warns, it never changes a score: a person has to look.
with halves as (

    select
        estimates.stratum_id as source,
        scales.instrument_id,
        estimates.scale_id,
        estimates.sample_size,
        estimates.halves_r,
        estimates.alpha,
        estimates.alpha_unkeyed,
        estimates.status
    from {{ source('relations', 'scale_reliability_estimates') }} as estimates
    inner join {{ ref('dim_scales') }} as scales
        on estimates.scale_id = scales.scale_id
    where estimates.stratum_kind = 'source'

),

reversed_items as (

    select
        source,
        instrument_id,
        scale_id,
        'reversed_items_agree_with_the_others' as guard,
        sample_size as evaluated_count,
        halves_r as observed,
        case
            when status = 'too_few' then 'too_few'
            when status = 'not_computable' or halves_r is null then 'not_computable'
            when halves_r < 0 or alpha < alpha_unkeyed then 'warning'
            else 'pass'
        end as status
    from halves
    where
        scale_id in (
            select memberships.scale_id
            from {{ ref('int_scale_memberships') }} as memberships
            group by memberships.scale_id
            having
                max(case when memberships.is_reversed then 1 else 0 end) = 1
                and min(case when memberships.is_reversed then 1 else 0 end) = 0
        )

),

answer_ends as (

    select * from {{ ref('int_answer_ends') }}

),

stated as (

    select * from {{ ref('int_stated_agreement') }}

),

stacked as (

    select * from reversed_items
    union all
    select
        source,
        instrument_id,
        cast(null as varchar) as scale_id,
        'answers_reach_both_ends_of_the_range' as guard,
        answers_count as evaluated_count,
        cast(unused_ends_count as double) as observed,
        case
            when forms_count < {{ var('minimum_reliability_forms') }} then 'too_few'
            -- Codes shifted by one push a whole answer out of range, not one in a hundred.
            when unused_ends_count > 0 and refused_out_of_range_count * 100 >= answers_count
                then 'warning'
            else 'pass'
        end as status
    from answer_ends
    union all
    select
        source,
        instrument_id,
        cast(null as varchar) as scale_id,
        'every_item_is_answered_by_somebody' as guard,
        forms_count as evaluated_count,
        cast(silent_items_count as double) as observed,
        case
            when forms_count < {{ var('minimum_reliability_forms') }} then 'too_few'
            when silent_items_count > 0 then 'warning'
            else 'pass'
        end as status
    from answer_ends
    union all
    select
        source,
        instrument_id,
        scale_id,
        'stated_totals_are_in_the_scales_metric' as guard,
        compared_count as evaluated_count,
        agreement as observed,
        case
            when compared_count < {{ var('minimum_reliability_forms') }} then 'too_few'
            when disagreeing_count * 2 > compared_count and agreement > 0.99 then 'warning'
            else 'pass'
        end as status
    from stated
    where compared_count > 0
    union all
    select
        source,
        instrument_id,
        scale_id,
        'stated_totals_are_possible' as guard,
        stated_count as evaluated_count,
        cast(impossible_count as double) as observed,
        case when impossible_count > 0 then 'warning' else 'pass' end as status
    from stated
    where stated_count > 0

)

select
    source,
    instrument_id,
    scale_id,
    guard,
    evaluated_count,
    round(observed, 10) as observed,
    status,
    case guard
        when 'reversed_items_agree_with_the_others'
            then 'The reversed items go against the others after reversing: the file may hold them '
                || 'already reversed, or the key may not be this form''s.'
        when 'answers_reach_both_ends_of_the_range'
            then 'The lowest or the highest answer never occurs while others were refused as out '
                || 'of range: the codes look shifted by one; see stored_minimum in source.yml.'
        when 'every_item_is_answered_by_somebody'
            then 'An item is never answered: the item numbers may be shifted by one, or the form '
                || 'is another version.'
        when 'stated_totals_are_in_the_scales_metric'
            then 'Most stated totals differ from the scored ones and yet follow them closely: '
                || 'the source states them in another metric (mean, raw sum, doubled, unreversed).'
        else 'A stated total cannot be reached by whole answers: another metric, or mistyped.'
    end as meaning
from stacked
