-- The closed forms and, over whole courses, the multilevel model.
with closed_forms as (

    select * from {{ ref('int_change_methods') }}

),

courses as (

    select
        changes.*,
        methods.method as method_applied,
        methods.compares_with,
        cast(methods.is_default as boolean) as is_default,
        coalesce(cast(methods.critical_value as double), {{ var('reliable_change_z') }})
            as critical_value,
        estimates.reliable_change_index as method_index,
        estimates.status as estimate_status,
        case when changes.is_higher_better then 1 else -1 end * estimates.reliable_change_index
            as improvement_index
    from {{ ref('int_changes') }} as changes
    inner join {{ ref('change_methods') }} as methods
        on methods.method = 'multilevel'
    left join {{ source('change', 'multilevel_estimates') }} as estimates
        on
            changes.episode_id = estimates.episode_id
            and changes.scale_id = estimates.scale_id
    where
        changes.interval_name = 'first_to_last'
        and changes.change_rule_id is not null
        and changes.is_primary

),

courses_classed as (

    select
        *,
        {{ reliable_class('improvement_index', 'critical_value') }} as method_class
    from courses

),

all_methods as (

    select
        client_id,
        episode_id,
        program_id,
        instrument_id,
        scale_id,
        interval_name,
        method,
        reliable_change_index,
        critical_value,
        reliable_change_class,
        outcome_class,
        unknown_reason,
        compares_with,
        is_default,
        default_class,
        reference_group,
        change_rule_id
    from closed_forms
    union all
    select
        client_id,
        episode_id,
        program_id,
        instrument_id,
        scale_id,
        interval_name,
        method_applied as method,
        method_index as reliable_change_index,
        critical_value,
        method_class as reliable_change_class,
        {{ clinical_outcome('method_class', 'was_clinical', 'is_clinical') }} as outcome_class,
        case
            when baseline_score is null then 'no_score'
            when final_score is null then 'no_second_score'
            when estimate_status is null then 'too_few_occasions'
            when estimate_status = 'too_few' then 'too_few_courses'
            when method_index is null then 'not_computable'
            when was_clinical is null then 'no_cutoff'
        end as unknown_reason,
        compares_with,
        is_default,
        reliable_change_class as default_class,
        'clinic_courses' as reference_group,
        change_rule_id
    from courses_classed

)

select
    ---------- ids
    client_id,
    episode_id,
    program_id,
    instrument_id,
    scale_id,
    interval_name,
    method,

    ---------- the judgement
    reliable_change_index,
    critical_value,
    reliable_change_class,
    outcome_class,
    unknown_reason,
    default_class,
    -- Who changes class with the method; unknown where either class is.
    nullif(reliable_change_class, 'unknown') <> nullif(default_class, 'unknown')
        as differs_from_default,

    ---------- how it was judged
    is_default,
    compares_with,
    compares_with = 'cohort' as is_relative_to_cohort,
    reference_group,
    change_rule_id as threshold_id
from all_methods
