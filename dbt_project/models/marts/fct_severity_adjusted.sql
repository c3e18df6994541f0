with adjusted as (

    select
        *,
        status = 'estimated' as is_estimated
    from {{ ref('int_severity_residuals') }}

)

select
    ---------- which
    episode_id,
    program_id,
    scale_id,

    ---------- where it began and how far it came
    first_score,
    first_session_number,
    condition_group,
    improvement,
    case when is_estimated then expected_improvement end as expected_improvement,

    ---------- the two forms, and the constant between them
    case
        when is_estimated
            then round(
                    (reference_improvement + improvement - expected_improvement) / reference_sd, 8
                )
    end as acorn_effect_size,
    case
        when is_estimated then round((improvement - expected_improvement) / reference_sd, 8)
    end as openfit_effect_size,
    case when is_estimated then round(reference_improvement / reference_sd, 8) end
        as reference_effect_size,

    ---------- what it was set beside
    is_reference,
    reference_count,
    status,
    method
from adjusted
