-- One row per stratum, process scale, outcome scale and interval: the moments from which
-- orchestration.statistics.associations estimates.
-- Each client counts once in a group. Comparisons are numbered first: grouping millions of rows by
-- two numbers instead of by five texts takes a tenth of the time.
-- Spearman's rho is the correlation of average ranks (ties
-- share the mean of their places), taken over the distinct pairs of changes and how often each
-- occurs. Ranks take changes to nine places, because 3.2 - 2.9 and 2.3 - 2.0 are a tie and their
-- floats are not.
with strata as (

    select * from {{ ref('int_relation_strata') }}

),

stratum_names as (

    select distinct
        stratum,
        stratum_kind,
        stratum_id
    from strata

),

pairs as (

    select
        *,
        dense_rank() over (
            order by process_scale_id, outcome_scale_id, interval_name
        ) as comparison
    from {{ ref('int_change_pairs') }}

),

comparison_names as (

    select distinct
        comparison,
        process_scale_id,
        outcome_scale_id,
        interval_name,
        process_is_higher_better,
        outcome_is_higher_better
    from pairs

),

stratified as (

    select
        strata.stratum,
        pairs.comparison,
        pairs.process_change,
        pairs.outcome_change,
        pairs.process_baseline,
        pairs.process_final,
        pairs.outcome_baseline,
        pairs.outcome_final
    from pairs
    inner join strata
        on pairs.episode_id = strata.episode_id
    -- Arms, populations and periods over the whole course only: over every interval they would
    -- be most of the work.
    where
        pairs.interval_name = 'first_to_last'
        or strata.stratum_kind not in ('arm', 'population', 'start_year', 'start_quarter')

),

moments as (

    select
        stratum,
        comparison,
        count(*) as sample_size,
        -- The order in which rows are added moves the last digits.
        round(corr(process_change, outcome_change), 12) as pearson_r,
        round(regr_slope(outcome_change, process_change), 12) as slope,
        round(avg(process_change), 12) as process_change_mean,
        round(avg(outcome_change), 12) as outcome_change_mean,
        stddev_samp(process_change) as process_change_sd,
        stddev_samp(outcome_change) as outcome_change_sd,
        stddev_samp(process_baseline) as process_baseline_sd,
        stddev_samp(outcome_baseline) as outcome_baseline_sd,
        corr(process_baseline, process_final) as r_pb_pf,
        corr(process_baseline, outcome_baseline) as r_pb_ob,
        corr(process_baseline, outcome_final) as r_pb_of,
        corr(process_final, outcome_baseline) as r_pf_ob,
        corr(process_final, outcome_final) as r_pf_of,
        corr(outcome_baseline, outcome_final) as r_ob_of
    from stratified
    group by stratum, comparison

),

frequencies as (

    select
        stratum,
        comparison,
        round(process_change, 9) as process_change,
        round(outcome_change, 9) as outcome_change,
        cast(count(*) as double) as frequency
    from stratified
    group by stratum, comparison, round(process_change, 9), round(outcome_change, 9)

),

process_ranks as (

    select
        stratum,
        comparison,
        process_change,
        {{ average_rank('process_change') }} as process_rank
    from frequencies
    group by stratum, comparison, process_change

),

outcome_ranks as (

    select
        stratum,
        comparison,
        outcome_change,
        {{ average_rank('outcome_change') }} as outcome_rank
    from frequencies
    group by stratum, comparison, outcome_change

),

-- The mean rank is (n + 1) / 2 whatever the ties.
centred_ranks as (

    select
        stratum,
        comparison,
        frequencies.frequency,
        process_ranks.process_rank - (moments.sample_size + 1) / 2.0 as process_rank,
        outcome_ranks.outcome_rank - (moments.sample_size + 1) / 2.0 as outcome_rank
    from frequencies
    inner join process_ranks
        using (stratum, comparison, process_change)
    inner join outcome_ranks
        using (stratum, comparison, outcome_change)
    inner join moments
        using (stratum, comparison)

),

rank_correlations as (

    select
        stratum,
        comparison,
        sum(frequency * process_rank * outcome_rank)
        / nullif(sqrt(
            sum(frequency * process_rank * process_rank)
            * sum(frequency * outcome_rank * outcome_rank)
        ), 0) as spearman_rho
    from centred_ranks
    group by stratum, comparison

)

select
    stratum_names.stratum_kind,
    stratum_names.stratum_id,
    comparison_names.process_scale_id,
    comparison_names.outcome_scale_id,
    comparison_names.interval_name,
    comparison_names.process_is_higher_better,
    comparison_names.outcome_is_higher_better,
    moments.sample_size,
    moments.pearson_r,
    rank_correlations.spearman_rho,
    moments.slope,
    moments.process_change_mean,
    moments.outcome_change_mean,
    moments.process_change_sd,
    moments.outcome_change_sd,
    moments.r_pb_pf,
    moments.r_pb_ob,
    moments.r_pb_of,
    moments.r_pf_ob,
    moments.r_pf_of,
    moments.r_ob_of,
    moments.process_baseline_sd,
    moments.outcome_baseline_sd,
    process_rules.reliability as process_reliability,
    outcome_rules.reliability as outcome_reliability,
    case when process_rules.reliability is not null then process_rules.change_rule_id end
        as process_reliability_source,
    case when outcome_rules.reliability is not null then outcome_rules.change_rule_id end
        as outcome_reliability_source,
    process_rules.standard_error_of_difference as process_difference_error,
    outcome_rules.standard_error_of_difference as outcome_difference_error
from moments
left join rank_correlations
    using (stratum, comparison)
inner join stratum_names
    using (stratum)
inner join comparison_names
    using (comparison)
left join {{ ref('int_change_criteria') }} as process_rules
    on comparison_names.process_scale_id = process_rules.scale_id
left join {{ ref('int_change_criteria') }} as outcome_rules
    on comparison_names.outcome_scale_id = outcome_rules.scale_id
