-- One row per scale with a default rule: its standard error of difference and its cut-off.
-- S_diff = SD x sqrt(2 x (1 - r)); cut-offs a, b and c as Jacobson & Truax (1991), with b from the
-- functional group's own SD. The SD is a published norm's or the clinic's own, never a mixture.
-- Beside the cut-off that judges stand all three; where the rule names no clinical group, theirs
-- is the group whose SD the rule takes.
with rules as (

    select * from {{ ref('stg_registry__change_rules') }}
    where is_default

),

norms as (

    select * from {{ ref('stg_registry__norms') }}

),

thresholds as (

    select * from {{ ref('stg_registry__thresholds') }}

),

groups_found as (

    select
        rules.change_rule_id,
        rules.scale_id,
        rules.rule_set,
        rules.method,
        rules.sd_source,
        rules.reliability,
        -- No source in the registry states one for after treatment.
        rules.reliability as reliability_at_end,
        rules.cutoff_kind,
        rules.clinical_source,
        rules.status,
        scales.is_higher_better,
        case
            when rules.sd_source = 'published' then sd_norms.standard_deviation
            when baselines.baseline_count >= {{ var('minimum_baseline_count') }}
                then baselines.baseline_sd
        end as standard_deviation,
        -- The mean of the same group: the methods that expect a return to the mean need one.
        case
            when rules.sd_source = 'published' then sd_norms.mean
            when baselines.baseline_count >= {{ var('minimum_baseline_count') }}
                then baselines.baseline_mean
        end as reference_mean,
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
        importances.value as minimal_important_difference,
        importances.operator as minimal_important_difference_operator,
        remissions.value as remission_value,
        remissions.operator as remission_operator,
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
    left join thresholds
        on rules.cutoff_threshold_id = thresholds.threshold_id
    left join thresholds as importances
        on
            rules.scale_id = importances.scale_id
            and importances.threshold_kind = 'minimal_important_difference'
            and importances.is_default
            and importances.valid_to is null
    left join thresholds as remissions
        on
            rules.scale_id = remissions.scale_id
            and remissions.threshold_kind = 'remission'
            and remissions.is_default
            and remissions.valid_to is null

),

clinical_groups as (

    select
        *,
        case
            when clinical_source is null then reference_mean else clinical_mean
        end as own_clinical_mean,
        case
            when clinical_source is null then standard_deviation else clinical_sd
        end as own_clinical_sd
    from groups_found

),

computed as (

    select
        *,
        case
            when standard_deviation > 0
                then standard_deviation * sqrt(2 * (1 - reliability))
        end as standard_error_of_difference,
        {{ cutoff_a('clinical_mean', 'clinical_sd') }} as rule_cutoff_a,
        {{ cutoff_c('clinical_mean', 'clinical_sd') }} as rule_cutoff_c,
        {{ cutoff_a('own_clinical_mean', 'own_clinical_sd') }} as cutoff_a,
        functional_mean - case when is_higher_better then 2 else -2 end * functional_sd as cutoff_b,
        {{ cutoff_c('own_clinical_mean', 'own_clinical_sd') }} as cutoff_c
    from clinical_groups

),

chosen as (

    select
        *,
        case cutoff_kind
            when 'a' then rule_cutoff_a
            when 'b' then cutoff_b
            when 'c' then rule_cutoff_c
            when 'threshold' then threshold_value
        end as cutoff
    from computed

)

select
    change_rule_id,
    scale_id,
    rule_set,
    method,
    sd_source,
    standard_deviation,
    reference_mean,
    reliability,
    reliability_at_end,
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
    cutoff_a,
    cutoff_b,
    cutoff_c,
    minimal_important_difference,
    minimal_important_difference_operator,
    remission_value,
    remission_operator,
    baseline_count,
    status
from chosen
