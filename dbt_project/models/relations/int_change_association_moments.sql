-- One row per stratum, process scale, outcome scale and interval: the moments from which
-- orchestration.statistics.associations estimates. Spearman's rho is the correlation of average
-- ranks; it takes changes to nine places, because 3.2 - 2.9 and 2.3 - 2.0 are a tie and their
-- floats are not.
with ranked as (

    select
        strata.stratum_kind,
        strata.stratum_id,
        pairs.*,
        {{ average_rank('round(pairs.process_change, 9)', [
            'strata.stratum_kind', 'strata.stratum_id', 'pairs.process_scale_id',
            'pairs.outcome_scale_id', 'pairs.interval_name'
        ]) }} as process_rank,
        {{ average_rank('round(pairs.outcome_change, 9)', [
            'strata.stratum_kind', 'strata.stratum_id', 'pairs.process_scale_id',
            'pairs.outcome_scale_id', 'pairs.interval_name'
        ]) }} as outcome_rank
    from {{ ref('int_change_pairs') }} as pairs
    inner join {{ ref('int_episode_strata') }} as strata
        on pairs.episode_id = strata.episode_id

)

select
    stratum_kind,
    stratum_id,
    process_scale_id,
    outcome_scale_id,
    interval_name,
    bool_and(process_is_higher_better) as process_is_higher_better,
    bool_and(outcome_is_higher_better) as outcome_is_higher_better,
    count(*) as sample_size,
    corr(process_change, outcome_change) as pearson_r,
    corr(process_rank, outcome_rank) as spearman_rho,
    regr_slope(outcome_change, process_change) as slope,
    stddev_samp(process_change) as process_change_sd,
    stddev_samp(outcome_change) as outcome_change_sd,
    corr(process_baseline, process_final) as r_pb_pf,
    corr(process_baseline, outcome_baseline) as r_pb_ob,
    corr(process_baseline, outcome_final) as r_pb_of,
    corr(process_final, outcome_baseline) as r_pf_ob,
    corr(process_final, outcome_final) as r_pf_of,
    corr(outcome_baseline, outcome_final) as r_ob_of
from ranked
group by
    stratum_kind,
    stratum_id,
    process_scale_id,
    outcome_scale_id,
    interval_name
