-- The curve of all closed courses, and how often the band held a score of a client whose courses
-- it had not been fitted from.
with judged as (

    select
        reference_program_id as program_id,
        scale_id,
        count(*) as judged_count,
        count(*) filter (where score between band_low and band_high) as held_count,
        count(*) filter (
            where case when is_higher_better then score < band_low else score > band_high end
        ) as worse_count
    from (
        select
            tracking.*,
            scales.is_higher_better
        from {{ ref('fct_session_tracking') }} as tracking
        inner join {{ ref('stg_registry__scales') }} as scales
            on tracking.scale_id = scales.scale_id
        where tracking.is_reference and tracking.expected_score is not null
    ) as expected
    group by reference_program_id, scale_id

)

select
    ---------- which
    estimates.program_id,
    estimates.scale_id,

    ---------- the curve: score = intercept + intake_slope * intake
    -- + (time_slope + intake_time_slope * intake) * ln(1 + elapsed)
    estimates.intercept,
    estimates.intake_slope,
    estimates.time_slope,
    estimates.intake_time_slope,

    ---------- the band: -+ band_multiplier * sqrt(greatest(variance_minimum, variance_intercept
    -- + variance_time_slope * ln(1 + elapsed) + variance_time_square_slope * ln(1 + elapsed)^2
    -- + variance_intake_slope * intake))
    estimates.variance_intercept,
    estimates.variance_time_slope,
    estimates.variance_time_square_slope,
    estimates.variance_intake_slope,
    estimates.variance_minimum,
    estimates.band_multiplier,

    ---------- where it holds, and how well
    estimates.elapsed_reach,
    estimates.intake_minimum,
    estimates.intake_maximum,
    estimates.episode_count,
    estimates.score_count,
    coalesce(judged.judged_count, 0) as judged_count,
    cast({{ var('tracking_band') }} as double) as nominal_proportion,
    round(judged.held_count / cast(judged.judged_count as double), 10) as held_proportion,
    round(judged.worse_count / cast(judged.judged_count as double), 10) as worse_proportion,

    ---------- how sure
    estimates.status,
    estimates.method
from {{ source('change', 'trajectory_estimates') }} as estimates
left join judged
    on
        estimates.program_id = judged.program_id
        and estimates.scale_id = judged.scale_id
where estimates.held_out_part = -1
