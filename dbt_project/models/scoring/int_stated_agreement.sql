-- One row per source and scale with stated totals: how they compare with the scored ones.
with fractional as (

    select distinct instrument_id
    from {{ ref('stg_registry__items') }}
    where is_fractional

),

stated as (

    select
        administrations.source,
        scores.instrument_id,
        scores.scale_id,
        scores.stated_score,
        scores.score_origin,
        case when scores.score_origin = 'items' then scores.score end as score,
        shapes.scoring_rule,
        shapes.multiplier,
        fractional.instrument_id is not null as has_fractional_items,
        scores.item_count
    from {{ ref('int_scores') }} as scores
    inner join {{ ref('int_administrations') }} as administrations
        on scores.administration_key = administrations.administration_key
    inner join {{ ref('int_scale_shapes') }} as shapes
        on scores.scale_id = shapes.scale_id
    left join fractional
        on scores.instrument_id = fractional.instrument_id
    where scores.stated_score is not null

)

select
    source,
    instrument_id,
    scale_id,
    count(*) as stated_count,
    -- A sum of whole answers moves in steps of the multiplier; a prorated total need not.
    cast(sum(
        case
            when
                scoring_rule = 'sum'
                and not has_fractional_items
                and item_count > 0
                and abs(stated_score / multiplier - round(stated_score / multiplier)) > 1e-9
                then 1
            else 0
        end
    ) as bigint) as impossible_count,
    cast(count(score) as bigint) as compared_count,
    cast(sum(
        case when abs(score - stated_score) > {{ var('stated_score_tolerance') }} then 1 else 0 end
    ) as bigint) as disagreeing_count,
    case
        when stddev_samp(case when score is not null then stated_score end) > 0
            and stddev_samp(score) > 0
            then abs(corr(score, stated_score))
    end as agreement
from stated
group by source, instrument_id, scale_id
