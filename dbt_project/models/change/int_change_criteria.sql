-- One row per scale with a default rule: its standard error of difference and its cut-off.
-- S_diff = SD x sqrt(2 x (1 - r)); cut-offs a, b and c as Jacobson & Truax (1991), with b from the
-- functional group's own SD. The SD is a published norm's or the clinic's own, never a mixture.
with rules as (

    select * from {{ ref('stg_registry__change_rules') }}
    where is_default

),

norms as (

    select * from {{ ref('stg_registry__norms') }}

),

groups_found as (

    select
        rules.change_rule_id,
        rules.scale_id,
        rules.rule_set,
        rules.method,
        rules.sd_source,
        rules.reliability,
        rules.cutoff_kind,
        rules.status,
        scales.is_higher_better,
        case
            when rules.sd_source = 'published' then sd_norms.standard_deviation
            when baselines.baseline_count >= {{ var('minimum_baseline_count') }}
                then baselines.baseline_sd
        end as standard_deviation,
        case
            when rules.clinical_source = 'published' then clinical_norms.mean
            when
                rules.clinical_source = 'clinic_baseline'
                and baselines.baseline_count >= {{ var('minimum_baseline_count') }}
                then baselines.baseline_mean
        end as clinical_mean,
        case
            when rules.clinical_source = 'published' then clinical_norms.standard_deviation
            when
                rules.clinical_source = 'clinic_baseline'
                and baselines.baseline_count >= {{ var('minimum_baseline_count') }}
                then baselines.baseline_sd
        end as clinical_sd,
        functional_norms.mean as functional_mean,
        functional_norms.standard_deviation as functional_sd,
        thresholds.value as threshold_value,
        thresholds.operator as threshold_operator,
        coalesce(baselines.baseline_count, 0) as baseline_count
    from rules
    inner join {{ ref('stg_registry__scales') }} as scales
        on rules.scale_id = scales.scale_id
    left join {{ ref('int_baseline_statistics') }} as baselines
        on rules.scale_id = baselines.scale_id
    left join norms as sd_norms
        on rules.sd_norm_id = sd_norms.norm_id
    left join norms as clinical_norms
        on rules.clinical_norm_id = clinical_norms.norm_id
    left join norms as functional_norms
        on rules.functional_norm_id = functional_norms.norm_id
    left join {{ ref('stg_registry__thresholds') }} as thresholds
        on rules.cutoff_threshold_id = thresholds.threshold_id

),

computed as (

    select
        *,
        case
            when standard_deviation > 0
                then standard_deviation * sqrt(2 * (1 - reliability))
        end as standard_error_of_difference,
        case cutoff_kind
            when 'a'
                then clinical_mean + case when is_higher_better then 2 else -2 end * clinical_sd
            when 'b'
                then functional_mean
                    - case when is_higher_better then 2 else -2 end * functional_sd
            when 'c'
                then case
                        when clinical_sd + functional_sd > 0
                            then (clinical_sd * functional_mean + functional_sd * clinical_mean)
                                / (clinical_sd + functional_sd)
                    end
            when 'threshold' then threshold_value
        end as cutoff
    from groups_found

)

select
    change_rule_id,
    scale_id,
    rule_set,
    method,
    sd_source,
    standard_deviation,
    reliability,
    standard_error_of_difference,
    {{ var('reliable_change_z') }} * standard_error_of_difference as reliable_change_points,
    cutoff_kind,
    cutoff,
    -- Which side of the cut-off is clinical: the threshold's own operator, else the side that
    -- is worse, the cut-off itself included.
    case
        when cutoff is null then null
        when cutoff_kind = 'threshold' then threshold_operator
        when is_higher_better then '<='
        else '>='
    end as clinical_operator,
    baseline_count,
    status
from computed
