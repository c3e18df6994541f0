-- One row per episode, scale, interval and method with a closed form: the same two scores judged in
-- six ways (metrics.md 2.2). Only intervals whose end means the same for everybody: to the last
-- score, to mid, end and follow-up. Jacobson-Truax, Gulliksen-Lord-Novick, Edwards-Nunnally and
-- Nunnally-Kotsch take SD and mean from the group that the scale's rule names; Hageman-Arrindell
-- and Hsu-Linn-Lord take them from the clinic's own pairs, whatever the rule says, because they
-- need both moments of one group.
{{ config(materialized='view') }}

with changes as (

    select *
    from {{ ref('int_changes') }}
    where
        change_rule_id is not null
        and interval_name in (
            'first_to_last', 'baseline_to_mid', 'baseline_to_end', 'baseline_to_follow_up'
        )

),

groups as (

    select
        criteria.scale_id,
        pairs.interval_name,
        criteria.cutoff,
        criteria.reliability,
        criteria.reliability_at_end,
        nullif(criteria.standard_deviation, 0) as standard_deviation,
        criteria.reference_mean,
        pairs.pairs_baseline_mean,
        nullif(pairs.pairs_baseline_sd, 0) as pairs_baseline_sd,
        pairs.pairs_final_mean,
        pairs.pairs_final_sd,
        coalesce(pairs.pairs_count, 0) >= {{ var('minimum_baseline_count') }} as has_enough_pairs,
        -- The error variance of one score, and the variance of the differences.
        power(pairs.pairs_baseline_sd, 2) * (1 - criteria.reliability) as error_variance,
        power(pairs.pairs_baseline_sd, 2) + power(pairs.pairs_final_sd, 2)
        - 2 * pairs.pairs_baseline_sd * pairs.pairs_final_sd * pairs.pairs_correlation
            as difference_variance
    from {{ ref('int_change_criteria') }} as criteria
    left join {{ ref('int_pair_statistics') }} as pairs
        on criteria.scale_id = pairs.scale_id

),

reliabilities as (

    select
        *,
        case
            when difference_variance > 2 * error_variance
                then 1 - 2 * error_variance / difference_variance
        end as difference_reliability,
        case
            when power(pairs_final_sd, 2) > error_variance
                then 1 - error_variance / power(pairs_final_sd, 2)
        end as final_reliability
    from groups

),

indexed as (

    select
        changes.*,
        groups.has_enough_pairs,
        groups.cutoff,
        changes.final_score - groups.reference_mean
        - groups.reliability * (changes.baseline_score - groups.reference_mean)
            as beyond_expectation,
        groups.standard_deviation,
        groups.reliability,
        groups.reliability_at_end,
        changes.reliable_change_index as jacobson_truax,
        case
            when groups.has_enough_pairs
                then (
                    changes.change * groups.difference_reliability
                    + (groups.pairs_final_mean - groups.pairs_baseline_mean)
                    * (1 - groups.difference_reliability)
                ) / sqrt(groups.difference_reliability * 2 * groups.error_variance)
        end as hageman_arrindell,
        case
            when groups.has_enough_pairs
                then (
                    changes.final_score - groups.pairs_final_mean
                    - groups.reliability * (changes.baseline_score - groups.pairs_baseline_mean)
                ) / (groups.pairs_baseline_sd * sqrt(1 - power(groups.reliability, 2)))
        end as hsu_linn_lord,
        -- How far the true final score lies beyond the cut-off, in its own standard errors.
        (
            groups.pairs_final_mean
            + (changes.final_score - groups.pairs_final_mean) * groups.final_reliability
            - groups.cutoff
        ) / sqrt(groups.final_reliability * groups.error_variance) as beyond_cutoff
    from changes
    left join reliabilities as groups
        on
            changes.scale_id = groups.scale_id
            and changes.interval_name = groups.interval_name

),

by_method as (

    select
        indexed.*,
        methods.method as method_applied,
        methods.compares_with,
        cast(methods.is_default as boolean) as is_default,
        coalesce(cast(methods.critical_value as double), {{ var('reliable_change_z') }})
            as critical_value,
        case
            when methods.method in ('hageman_arrindell', 'hsu_linn_lord') then 'clinic_pairs'
            else indexed.sd_source
        end as reference_group,
        case methods.method
            when 'jacobson_truax' then indexed.jacobson_truax
            when 'gulliksen_lord_novick'
                then indexed.beyond_expectation
                    / (indexed.standard_deviation * sqrt(1 - power(indexed.reliability, 2)))
            when 'edwards_nunnally'
                then indexed.beyond_expectation
                    / (indexed.standard_deviation * sqrt(1 - indexed.reliability))
            when 'nunnally_kotsch'
                then indexed.beyond_expectation / (
                        indexed.standard_deviation
                        * sqrt({{ nunnally_kotsch_error(
                            'indexed.reliability', 'indexed.reliability_at_end'
                        ) }})
                    )
            when 'hageman_arrindell' then indexed.hageman_arrindell
            when 'hsu_linn_lord' then indexed.hsu_linn_lord
        end as method_index
    from indexed
    cross join {{ ref('change_methods') }} as methods
    where methods.method <> 'multilevel'

),

classed as (

    select
        *,
        {{ reliable_class(
            "case when is_higher_better then 1 else -1 end * method_index", 'critical_value'
        ) }} as method_class,
        method_applied = 'hageman_arrindell' as judges_true_score,
        case when is_higher_better then 1 else -1 end * beyond_cutoff > critical_value
            as is_truly_functional
    from by_method

)

select
    ---------- which
    client_id,
    episode_id,
    program_id,
    instrument_id,
    scale_id,
    interval_name,
    method_applied as method,

    ---------- the judgement
    method_index as reliable_change_index,
    critical_value,
    method_class as reliable_change_class,
    -- Hageman and Arrindell judge the true final score, and know no class of the harmed.
    case
        when not judges_true_score
            then {{ clinical_outcome('method_class', 'was_clinical', 'is_clinical') }}
        when method_class = 'unknown' or was_clinical is null or is_truly_functional is null
            then 'unknown'
        when method_class = 'improved' and was_clinical and is_truly_functional then 'recovered'
        else method_class
    end as outcome_class,
    case
        when baseline_score is null then 'no_score'
        when final_score is null then 'no_second_score'
        when reference_group = 'clinic_pairs' and not has_enough_pairs then 'too_few_pairs'
        when reference_group <> 'clinic_pairs' and standard_deviation is null
            then 'no_standard_deviation'
        when reference_group <> 'clinic_pairs' and method_index is null then 'no_mean'
        when method_index is null then 'not_computable'
        when was_clinical is null then 'no_cutoff'
        when judges_true_score and is_truly_functional is null then 'not_computable'
    end as unknown_reason,

    ---------- how it was judged
    compares_with,
    is_default,
    reliable_change_class as default_class,
    reference_group,
    change_rule_id
from classed
