-- One row per program, process scale, outcome scale and point: which outcome change goes with so
-- much process change on average, by the straight line through everybody the correlation was taken
-- over. The interval is of that mean, not of one person. Points lie where people changed: within
-- two standard deviations of the mean. Shown where the correlation is.
with scales as (

    select
        scales.scale_id,
        scales.role,
        scales.is_primary,
        (scales.score_maximum - scales.score_minimum) / 16 as step,
        policy.mean_digits
        + case when scales.score_maximum - scales.score_minimum > 10 then 0 else 1 end as digits
    from {{ ref('dim_scales') }} as scales
    cross join {{ source('disclosure', 'disclosure_policy') }} as policy
    where {{ is_pictured('scales') }}

),

lines as (

    select
        shown.program_id,
        shown.process_scale_id,
        shown.outcome_scale_id,
        shown.sample_size,
        shown.sample_size_status,
        shown.pearson_r_status,
        shown.evidence_label,
        processes.step,
        outcomes.digits,
        associations.sample_size as pair_count,
        associations.process_change_mean,
        associations.process_change_sd,
        associations.outcome_change_mean,
        associations.slope,
        associations.outcome_change_sd * sqrt(
            (associations.sample_size - 1) * (1 - power(associations.pearson_r, 2))
            / nullif(associations.sample_size - 2, 0)
        ) as residual_sd
    from {{ ref('pub_change_associations') }} as shown
    inner join {{ ref('rel_change_associations') }} as associations
        on
            associations.stratum_kind = 'program'
            and shown.program_id = associations.stratum_id
            and shown.process_scale_id = associations.process_scale_id
            and shown.outcome_scale_id = associations.outcome_scale_id
            and shown.interval_name = associations.interval_name
    inner join scales as processes
        on
            shown.process_scale_id = processes.scale_id
            and processes.role = 'process'
    inner join scales as outcomes
        on
            shown.outcome_scale_id = outcomes.scale_id
            and outcomes.role = 'outcome'
            and outcomes.is_primary

),

steps as (

    select eights.first_step + ones.further as step_number
    from (values (-16), (-8), (0), (8)) as eights (first_step)
    cross join (values (0), (1), (2), (3), (4), (5), (6), (7)) as ones (further)

),

-- What is not shown is one point at no change.
points as (

    select
        lines.*,
        round(steps.step_number * lines.step, 6) as process_change
    from lines
    inner join steps
        on
            case
                when lines.pearson_r_status = 'shown'
                    then
                        steps.step_number
                        between floor(
                            (lines.process_change_mean - 2 * lines.process_change_sd) / lines.step
                        )
                        and ceil(
                            (lines.process_change_mean + 2 * lines.process_change_sd) / lines.step
                        )
                else steps.step_number = 0
            end

),

fitted as (

    select
        *,
        outcome_change_mean + slope * (process_change - process_change_mean)
            as fitted_outcome_change,
        {{ t_quantile('(pair_count - 2)') }} * residual_sd * sqrt(
            1.0 / pair_count
            + power(process_change - process_change_mean, 2)
            / nullif((pair_count - 1) * power(process_change_sd, 2), 0)
        ) as half_width
    from points

)

select
    program_id,
    process_scale_id,
    outcome_scale_id,
    process_change,
    sample_size,
    sample_size_status,
    {%- for suffix, value in [
        ('', 'fitted_outcome_change'),
        ('_interval_low', 'fitted_outcome_change - half_width'),
        ('_interval_high', 'fitted_outcome_change + half_width'),
    ] %}
    case when pearson_r_status = 'shown' then {{ to_digits(value, 'digits') | indent(4) }} end
        as fitted_outcome_change{{ suffix }},
    {%- endfor %}
    pearson_r_status as fitted_outcome_change_status,
    'least_squares' as method,
    evidence_label,
    {{ kept_from_release() }}
from fitted
