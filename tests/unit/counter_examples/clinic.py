"""The small clinic that the rules hold on: two clients through every stage up to what is published.

What belongs here: its rows. What does not: data that break a rule.
"""

# Two clients, one episode each, one PHQ-like form of two items (0-3) at start and end.
GOOD = """
create schema raw; create schema staging; create schema scoring; create schema change;
create schema marts; create schema published;

create table raw.loads as select * from (values
    (1, 'load-000001', 'clinic', 'responses.csv', repeat('a', 64), 'loaded', null, 10, 8, 2, 0),
    (2, 'load-000002', 'clinic', 'empty.csv', repeat('b', 64), 'refused', 'empty_file',
     null, null, null, null),
    (3, 'load-000003', 'clinic', 'clients.csv', repeat('c', 64), 'loaded', null, 6, 5, 0, 1)
) as loads (load_sequence, load_id, source, file_name, sha256, status, refusal,
            rows_read, rows_loaded, rows_refused, rows_repeated);
alter table raw.loads add column retired_by bigint;

create table raw.registry_items as select * from (values
    ('mood', 1, 0.0, 3.0), ('mood', 2, 0.0, 3.0)
) as items (instrument_id, item, response_minimum, response_maximum);
create table raw.registry_scales as select * from (values
    ('mood_total', 'mood', 0.0, 6.0)
) as scales (scale_id, instrument_id, score_minimum, score_maximum);

create table raw.item_responses as select * from (values
    (1, 2, 11, 101, 'clinic', 'c1', 'e1', 'p1', 'mood', '1', '3', 0, '2026-01-05', null, null),
    (1, 3, 11, 102, 'clinic', 'c1', 'e1', 'p1', 'mood', '2', '2', 0, '2026-01-05', null, null),
    (1, 4, 12, 103, 'clinic', 'c1', 'e1', 'p1', 'mood', '1', '1', 1, null, '60', null),
    (1, 5, 12, 104, 'clinic', 'c1', 'e1', 'p1', 'mood', '2', '4', 1, null, '60', null),
    (1, 6, 13, 105, 'clinic', 'c2', 'e2', 'p1', 'mood', '1', '1', 0, null, null, 'intake'),
    (1, 7, 13, 106, 'clinic', 'c2', 'e2', 'p1', 'mood', '2', null, 0, null, null, 'intake')
) as responses (load_sequence, line, administration_key, record_key, source, client_id, episode_id,
                program_id, instrument_id, item, response, response_shift, occurred_on, day,
                occasion);
create table raw.stated_scores as select * from (values
    (1, 8, 11, 201, 'clinic', 'c1', 'e1', 'p1', 'mood', 'mood_total', '5',
     '2026-01-05', null, null),
    (1, 9, 12, 202, 'clinic', 'c1', 'e1', 'p1', 'mood', 'mood_total', '3.5',
     null, '60', null)
) as scores (load_sequence, line, administration_key, record_key, source, client_id, episode_id,
             program_id, instrument_id, scale_id, score, occurred_on, day, occasion);
create table raw.clients as select 3 as load_sequence, 2 as line, 301 as record_key,
    'clinic' as source, 'c1' as client_id, 'age_band' as attribute, '30-39' as value;
create table raw.episodes as select 3 as load_sequence, 3 as line, 302 as record_key,
    'clinic' as source, 'c1' as client_id, 'e1' as episode_id, 'p1' as program_id,
    '2026-01-05' as started_on;
create table raw.sessions as select 3 as load_sequence, 4 as line, 303 as record_key,
    'clinic' as source, 'e1' as episode_id, '1' as session_number, '2026-01-05' as held_on;
create table raw.practice as select 3 as load_sequence, 5 as line, 304 as record_key,
    'clinic' as source, 'c1' as client_id, 'break' as practice_id, '2026-01-05' as practised_on;
create table raw.superseded (record_type text, load_sequence bigint, record_key bigint,
    superseded_by bigint);

create table staging.stg_registry__scales as select * from (values
    ('mood_total', 0.0, 6.0, 'mean_of_answered', 1, false),
    ('calm_total', 1.0, 5.0, 'none', null, true)
) as scales (scale_id, score_minimum, score_maximum, missing_rule, minimum_items_answered,
             is_higher_better);
create table staging.int_administrations as select * from (values
    (11, 'a1', 'c1', 'e1', 'p1', 'mood', date '2026-01-05', 0.0, null, null, 'baseline', false),
    (12, 'a2', 'c1', 'e1', 'p1', 'mood', date '2026-07-01', 60.0, null, null, 'end', false),
    (13, 'a3', 'c2', 'e2', 'p1', 'mood', date '1900-01-01', null, 'intake', 1.0, 'baseline', false)
) as administrations (administration_key, administration_id, client_id, episode_id, program_id,
    instrument_id, occurred_on, day, occasion, occasion_order, timepoint, is_conflict);
create table staging.int_episodes as select * from (values
    ('e1', 'c1', 'p1', date '2026-01-05', date '2026-01-05'),
    ('e2', 'c2', 'p1', date '2026-02-01', null)
) as episodes (episode_id, client_id, program_id, started_on, ended_on);
create table staging.stg_raw__item_responses as
    select administration_key, instrument_id, item::integer as item,
        response::double - response_shift as response_value
    from raw.item_responses;

create table scoring.int_scores as select * from (values
    (11, 'mood', 'mood_total', 5.0, 5.0, 2, 2, false, true, 'items'),
    (12, 'mood', 'mood_total', 3.0, 3.01, 2, 2, false, true, 'items'),
    (13, 'mood', 'mood_total', 2.0, null, 1, 2, true, true, 'items'),
    (13, 'calm', 'calm_total', null, null, 1, 3, false, false, 'items'),
    (12, 'calm', 'calm_total', 4.0, 4.0, null, null, false, true, 'stated')
) as scores (administration_key, instrument_id, scale_id, score, stated_score, items_answered_count,
             item_count, is_prorated, is_valid, score_origin);

create table change.int_changes as select * from (values
    ('c1', 'e1', 'mood_total', 'first_to_last', 5.0, 3.0, 0.0, 60.0, -2.0, 2.0, -2.5, 'improved',
     'recovered'),
    ('c2', 'e2', 'mood_total', 'first_to_last', 2.0, 3.0, 0.0, 0.0, 1.0, -1.0, 2.1, 'deteriorated',
     'harmed'),
    ('c1', 'e1', 'calm_total', 'first_to_last', 2.0, 4.0, 0.0, 60.0, 2.0, 2.0, 1.0, 'unchanged',
     'unknown'),
    ('c2', 'e2', 'calm_total', 'first_to_last', 2.0, null, 0.0, null, null, null, null, 'unknown',
     'unknown')
) as changes (client_id, episode_id, scale_id, interval_name, baseline_score, final_score,
    baseline_day, final_day, change, improvement, reliable_change_index, reliable_change_class,
    outcome_class);

create table marts.fct_scores as select * from (values
    ('a1', 'c1', 'mood', 'mood_total', 'sum_of_items', 'items', true),
    ('a2', 'c1', 'mood', 'mood_total', 'sum_of_items', 'items', true)
) as scores (administration_id, client_id, instrument_id, scale_id, scoring_variant, score_origin,
             is_valid);
create table marts.dq_administration_loads as select * from (values
    ('a1', 'load-1', 2, 9, 8), ('a1', 'load-2', 3, 3, 1), ('a2', 'load-1', 10, 17, 8)
) as loads (administration_id, load_id, first_line, last_line, record_count);
create table marts.fct_changes as
    select *, 'mood' as instrument_id from change.int_changes;

create table marts.fct_change_methods as select * from (values
    ('e1', 'mood_total', 'first_to_last', 'jacobson_truax', 'improved', true, false),
    ('e1', 'mood_total', 'first_to_last', 'hsu_linn_lord', 'unchanged', false, true)
) as methods (episode_id, scale_id, interval_name, method, reliable_change_class, is_default,
    is_relative_to_cohort);

create table marts.fct_change_method_agreement as select * from (values
    ('mood_total', 'first_to_last', 'hsu_linn_lord', 20, 15, 3, 2, 0.75, 0.5, 'estimated'),
    ('mood_total', 'baseline_to_1', 'hsu_linn_lord', 4, 4, 0, 0, null, null, 'too_few')
) as agreement (scale_id, interval_name, method, sample_size, same_count, newly_improved_count,
    newly_deteriorated_count, agreement_proportion, kappa, status);
create table marts.fct_episode_measures as select * from (values
    ('e1', 'depression', 12.0, 4.0, 8.0, true, false, 'improved', null),
    ('e1', 'anxiety', 9.0, null, null, true, null, 'unknown', 'no_second_score'),
    ('e2', 'depression', null, null, null, null, null, 'unknown', 'no_score')
) as measures (episode_id, domain, first_score, last_score, improvement, was_case, is_case,
    reliable_change_class, unknown_reason);

create table marts.dim_episodes as select * from (values ('e1'), ('e2')) as e (episode_id);
create table marts.fct_episode_outcomes as select * from (values
    ('e1', 'c1', 'p1', true, 2, 'improved', 'recovered', true, true, true, 'known'),
    ('e2', 'c2', 'p1', false, 1, 'unknown', 'unknown', null, null, null, 'unknown')
) as outcomes (episode_id, client_id, program_id, is_counted, contact_count, reliable_change_class,
    recovery_class, is_recovered, is_reliably_improved, is_reliably_recovered, outcome_status);

create table marts.fct_program_outcomes as select 'p1' as program_id, 'all' as stratum_kind,
    'all' as stratum_id, 'all' as period_kind, 'all' as period, 'courses' as population, *
from (values
    ('s', null, 'reliable_improvement', 0.4, 0.2, 0.6, 8, 20, 2, 0.4, 0.5, 'estimated'),
    ('s', null, 'no_reliable_change', 0.5, 0.3, 0.7, 10, 20, 2, 0.5, 0.6, 'estimated'),
    ('s', null, 'reliable_deterioration', 0.0, 0.0, 0.2, 0, 20, 2, 0.0, 0.1, 'estimated'),
    ('s', null, 'recovery', null, null, null, 0, 0, 0, null, null, 'not_computable'),
    (null, 'mood_total', 'effect_size_change_sd', -1.5, -2.0, -1.0, null, 18, 2, null, null,
     'estimated')
) as numbers (threshold_set, scale_id, metric_id, estimate, interval_low, interval_high,
    numerator_count, sample_size, missing_count, bound_low, bound_high, status);
create table marts.fct_funnel_limits as select 'p1' as program_id, 'program' as unit_kind,
    'all' as period_kind, 'all' as period, 'courses' as population, 's' as threshold_set, *
from (values
    ('a', 'recovery', 'none', 8, 4, null, 0.5, 0.4, 0.6, 0.3, 0.7, 0.35, 0.65),
    ('a', 'recovery', 'case_mix', 8, 4, 3.5, 0.5, 0.4, 0.6, 0.3, 0.7, 0.35, 0.65),
    ('b', 'recovery', 'none', 9, 2, null, 0.5, null, null, null, null, null, null),
    ('b', 'recovery', 'case_mix', 9, 2, 2.5, 0.5, null, null, null, null, null, null)
) as limits (unit_id, metric_id, adjustment, sample_size, numerator_count, expected_count, target,
    limit_95_low, limit_95_high, limit_998_low, limit_998_high, overdispersed_limit_95_low,
    overdispersed_limit_95_high);
create table marts.fct_severity_adjusted as select * from (values
    ('e1', 'mood_total', 1.5, 0.5, 1.0, true, 'estimated'),
    ('e2', 'mood_total', 0.5, -0.5, 1.0, true, 'estimated'),
    ('e3', 'mood_total', null, null, null, false, 'not_computable')
) as adjusted (episode_id, scale_id, acorn_effect_size, openfit_effect_size,
    reference_effect_size, is_reference, status);
create table marts.fct_dose_response as select 'p1' as program_id, 'sessions' as contact_source, *
from (values
    ('reliable_recovery_of_known', 'planned', 's', null, 2, 0.5, 0.2, 0.8, 2, 4, 1, 1, 6, null,
     'estimated', 'wilson'),
    ('reliable_recovery_of_known', 'unknown', 's', null, 2, 0.0, 0.0, 0.6, 0, 3, 0, 0, 3, null,
     'estimated', 'wilson'),
    ('reliable_recovery_of_known', 'all', 's', null, 2, 0.4, 0.2, 0.8, 3, 7, 1, 1, 9, null,
     'estimated', 'wilson'),
    ('sessions_and_reliable_recovery', 'all', 's', null, null, -0.9, -0.98, -0.3, null, 6, 2,
     null, 90, null, 'estimated', 'spearman_bonett_wright'),
    ('improved_by_session', 'all', null, 'mood_total', 2, 0.2, 0.1, 0.6, 2, 10, 0, null, 10, 1,
     'estimated', 'kaplan_meier'),
    ('improved_by_session', 'all', null, 'mood_total', 4, 0.5, 0.2, 0.9, 3, 7, 0, null, 10, 4,
     'estimated', 'kaplan_meier')
) as doses (metric_id, ending_kind, threshold_set, scale_id, session_count, estimate, interval_low,
    interval_high, numerator_count, sample_size, missing_count, left_out_count, course_count,
    censored_count, status, method);
create table marts.fct_follow_up as select 'p1' as program_id, 'in_3_months' as follow_up_label,
    'mood_total' as scale_id, *
from (values
    ('improvement_kept', 0.75, 0.4, 0.9, 6, 8, 1, 'estimated'),
    ('improvement_lost', 0.25, 0.1, 0.6, 2, 8, 1, 'estimated'),
    ('improvement_new', null, null, null, 0, 0, 2, 'not_computable'),
    ('improvement_never', null, null, null, 0, 0, 2, 'not_computable')
) as fates (metric_id, estimate, interval_low, interval_high, numerator_count, sample_size,
    missing_count, status);
create table marts.fct_waits as select 'p1' as program_id, 'all' as stratum_kind,
    'all' as stratum_id, *
from (values
    ('first_contact_within_42_days', 42, 0.5, 0.3, 0.7, 5, 10, 2, 10.0, 40.0, 60.0, 'estimated'),
    ('first_contact_within_126_days', 126, 1.0, 0.7, 1.0, 10, 10, 2, 10.0, 40.0, 60.0, 'estimated'),
    ('open_over_90_days_without_contact', 90, null, null, null, 0, 0, 0, null, null, null,
     'not_computable')
) as waits (metric_id, limit_days, estimate, interval_low, interval_high, numerator_count,
    sample_size, missing_count, lower_quartile_days, median_days, upper_quartile_days, status);
create table marts.fct_attrition as select 'p1' as program_id, 'all' as stratum_kind,
    'all' as stratum_id, *
from (values (1, 9, 9, 0), (2, 5, 9, 4), (3, 5, 5, 0)) as steps (step_number, episode_count,
    previous_count, lost_count);
create table marts.fct_benchmarks as select 'p1' as program_id, 'all' as stratum_kind,
    'all' as stratum_id, 'courses' as population, 'Somebody 2020' as citation,
    3 as missing_count, *
from (values
    ('found_so', 'mood_total', 'd', 'd', 'none', 0.9, 0.5, 1.3, 40, 'estimated', 1.0, true, null,
     -0.1, true),
    ('against_controls', 'mood_total', 'g', 'd', 'controls', 0.9, 0.5, 1.3, 40, 'estimated', 0.5,
     false, 'no_comparison_arm', null, null),
    ('elsewhere', null, 'r', null, 'none', null, null, null, 0, 'not_computable', -0.5, false,
     'not_measured_here', null, null)
) as benchmarks (published_effect_id, scale_id, metric_id, local_metric_id, comparison, estimate,
    interval_low, interval_high, sample_size, status, published_estimate, is_comparable,
    not_comparable_reason, difference, is_published_inside_interval);
create table marts.dq_score_drift as select 'p1' as program_id, null::text as metric_id, *
from (values
    ('score', 'mood_total', 'new_file', 4, 0, 0, 0, null),
    ('score', 'mood_total', 'corrected_file', 1, 1, 2, 1, 3.0),
    ('change', 'mood_total', 'rule', 0, 0, 2, 2, 0.0)
) as drift (subject, scale_id, reason, added_count, removed_count, changed_count,
    moved_class_count, largest_difference);
create table marts.rel_within_person_models as select 'all' as stratum_kind, 'all' as stratum_id,
    'care_total' as process_scale_id, 'mood_total' as outcome_scale_id, *
from (values
    ('concurrent', 'multilevel', -0.6, 0.1, -0.8, -0.4, 'estimated', 'concurrent'),
    ('process_to_outcome', 'fixed_effects', -0.2, 0.1, -0.4, 0.0, 'estimated',
     'temporally ordered'),
    ('outcome_to_process', 'fixed_effects', null, null, null, null, 'too_few',
     'temporally ordered')
) as slopes (direction, model, within_slope, standard_error, interval_low, interval_high, status,
    evidence_label);
create table marts.rel_cross_lagged as select 'all' as stratum_kind, 'all' as stratum_id,
    'care_total' as process_scale_id, 'mood_total' as outcome_scale_id, *,
    'temporally ordered' as evidence_label
from (values
    ('random_intercept', 'process_to_outcome', -0.2, 0.1, -0.4, 0.0, 3, 'estimated', null),
    ('random_intercept', 'outcome_to_process', -0.1, 0.1, -0.3, 0.1, 3, 'estimated', null),
    ('plain', 'process_to_outcome', null, null, null, null, 2, 'not_computable', 'no_spread'),
    ('plain', 'outcome_to_process', null, null, null, null, 2, 'not_computable', 'no_spread')
) as paths (model, direction, estimate, standard_error, interval_low, interval_high, wave_count,
    status, reason);
create table marts.rel_early_change as select 'all' as stratum_kind, 'all' as stratum_id,
    'care_total' as process_scale_id, 'mood_total' as outcome_scale_id, *,
    'temporally ordered' as evidence_label
from (values
    ('process_to_outcome', -0.2, 0.1, -0.4, 0.0, 'estimated'),
    ('outcome_to_process', null, null, null, null, 'too_few')
) as slopes (direction, estimate, standard_error, interval_low, interval_high, status);
create table marts.rel_mediation as select 'all' as stratum_kind, 'all' as stratum_id,
    'care_total' as mediator_scale_id, 'mood_total' as outcome_scale_id, *
from (values
    ('time', 'time', 'first_to_last', 0.5, -2.0, -1.0, -1.5, -0.5, 0.2, 0.1, 0.3, 'estimated',
     'concurrent'),
    ('arm', 'x', 'middle_then_last', null, null, null, null, null, null, null, null, 'too_few',
     'controlled')
) as paths (cause_kind, cause_id, window_name, a, b, indirect, interval_low, interval_high,
    swapped_indirect, swapped_interval_low, swapped_interval_high, status, evidence_label);
create table marts.fct_expected_trajectories as select 'p1' as program_id, *
from (values
    ('mood_total', 9.0, -1.0, 3.0, 0.8, 1.3, 400, 0.8, 0.79, 'estimated'),
    ('calm_total', null, null, null, null, null, 0, 0.8, null, 'too_few')
) as curves (scale_id, intercept, time_slope, variance_intercept, variance_minimum,
    band_multiplier, judged_count, nominal_proportion, held_proportion, status);
create table marts.fct_session_tracking as select 'mood_total' as scale_id, *
from (values
    ('a1', 5.0, null, null, null, 'unknown', 'first_score'),
    ('a2', 3.0, 3.5, 2.0, 5.0, 'on_track', null),
    ('a3', 6.0, 3.0, 1.0, 5.0, 'off_track', null),
    ('a4', 0.0, null, null, null, 'recovered_range', null)
) as states (administration_id, score, expected_score, band_low, band_high, tracking_state,
    unknown_reason);
create table marts.fct_alerts as select * from (values
    ('e1', 'off_track', 'raised', null, 6.0, 5.0, true, 14.0, 2),
    ('e2', 'off_track', 'unknown', 'no_second_score', null, null, null, null, null),
    ('e1', 'not_seen', 'raised', null, 99.0, 90.0, false, null, null),
    ('e2', 'not_seen', 'not_raised', null, null, null, null, null, null)
) as alerts (episode_id, alert_kind, alert_status, unknown_reason, observed_value, limit_value,
    is_in_time, lead_days, lead_occasions);
create table marts.fct_alert_performance as select 'p1' as program_id, 'courses' as population,
    'off_track' as alert_kind, 'deteriorated' as predicted_outcome, 12 as course_count,
    1 as unknown_outcome_count, 1 as unknown_alert_count, *
from (values
    ('alert_sensitivity', 0.5, 0.2, 0.8, null, null, 2, 4, 'estimated'),
    ('alert_specificity', 1.0, 0.6, 1.0, null, null, 6, 6, 'estimated'),
    ('alert_positive_predictive_value', 1.0, 0.3, 1.0, null, null, 2, 2, 'estimated'),
    ('alert_negative_predictive_value', 0.75, 0.4, 0.9, null, null, 6, 8, 'estimated'),
    ('alert_base_rate', 0.4, 0.2, 0.7, null, null, 4, 10, 'estimated'),
    ('alert_lead_days', 14.0, null, null, 10.0, 21.0, null, 2, 'estimated'),
    ('alert_lead_occasions', null, null, null, null, null, null, 0, 'not_computable')
) as numbers (metric_id, estimate, interval_low, interval_high, quartile_low, quartile_high,
    numerator_count, sample_size, status);
create table marts.dq_key_guards as select * from (values
    ('clinic', 'mood', 'mood_total', 'reversed_items_agree_with_the_others', 'pass')
) as guards (source, instrument_id, scale_id, guard, status);

-- The link: one estimated row and one without enough people in every table.
create table marts.rel_concordance as select 'all' as stratum_kind, 'all' as stratum_id,
    'kind_total' as process_scale_id, 'mood_total' as outcome_scale_id,
    'first_to_last' as interval_name, 34 as client_count, 30 as sample_size,
    15 as improved_improved_count, 5 as improved_unchanged_count,
    0 as improved_deteriorated_count, 1 as improved_unknown_count,
    4 as unchanged_improved_count, 6 as unchanged_unchanged_count,
    0 as unchanged_deteriorated_count, 1 as unchanged_unknown_count,
    0 as deteriorated_improved_count, 0 as deteriorated_unchanged_count,
    0 as deteriorated_deteriorated_count, 0 as deteriorated_unknown_count,
    1 as unknown_improved_count, 0 as unknown_unchanged_count,
    0 as unknown_deteriorated_count, 1 as unknown_unknown_count,
    0.35 as estimate, 0.0 as interval_low, 0.6 as interval_high, 'estimated' as status,
    'newcombe_hybrid_score' as method, 'concurrent' as evidence_label;
create table marts.rel_components as select 'all' as stratum_kind, 'all' as stratum_id,
    'kind' as process_instrument_id, 'mood_total' as outcome_scale_id,
    'first_to_last' as interval_name, 'components' as predictor_set, 90 as sample_size,
    0.3 as r_squared, 'estimated' as status, 'ols' as method, 'concurrent' as evidence_label, *
from (values ('warm', -0.4, -0.6, -0.2, 0.2), ('cold', 0.1, -0.1, 0.3, 0.1))
    as parts (predictor_id, estimate, interval_low, interval_high, relative_weight);
create table marts.rel_pooled as select * from (values
    ('program', 3, 120, -0.3, -0.4, -0.2, -0.5, -0.1, 0.01, 0.2, 'estimated'),
    ('clinic', 1, 40, null, null, null, null, null, null, null, 'too_few')
) as pools (pooled_over, strata_count, sample_size, estimate, interval_low, interval_high,
    prediction_low, prediction_high, tau_squared, i_squared, status)
cross join (select 'kind_total' as process_scale_id, 'mood_total' as outcome_scale_id,
    'first_to_last' as interval_name, 'pm' as method, 'concurrent' as evidence_label) as keys;
create table marts.rel_moderation as select 'all' as stratum_kind, 'all' as stratum_id,
    'kind_total' as process_scale_id, 'mood_total' as outcome_scale_id,
    'first_to_last' as interval_name, 'baseline_score' as moderator_kind,
    'kind_total' as moderator_id, 60 as sample_size, 'hc3' as method,
    'concurrent' as evidence_label, *
from (values ('interaction', 0.1, -0.1, 0.3, 0.4, 'estimated'),
    ('mean', null, null, null, null, 'too_few'))
    as levels (moderator_level, estimate, interval_low, interval_high, p_value, status);
create table marts.rel_sensitivity as select 'all' as stratum_kind, 'all' as stratum_id,
    'kind_total' as process_scale_id, 'mood_total' as outcome_scale_id,
    'first_to_last' as interval_name, 60 as sample_size, 'hc3' as method,
    'concurrent' as evidence_label, *
from (values ('all_available', -0.5, -0.7, -0.3, 'estimated'),
    ('completers_only', null, null, null, 'not_computable'))
    as analyses (analysis, estimate, interval_low, interval_high, status);
create table marts.rel_delivery as select 'all' as stratum_kind, 'all' as stratum_id,
    'kind_total' as process_scale_id, 'mood_total' as outcome_scale_id,
    'first_to_last' as interval_name, 'alliance' as delivery_id, 60 as sample_size,
    'hc3' as method, 'concurrent' as evidence_label, 'estimated' as status, *
from (values ('process_change', -0.4, -0.6, -0.2, 0.01), ('delivery', 0.1, -0.1, 0.3, 0.4))
    as predictors (predictor, estimate, interval_low, interval_high, p_value);
create table marts.rel_practice as select 'all' as stratum_kind, 'all' as stratum_id,
    'pause' as practice_id, 'first_to_last' as interval_name, 60 as sample_size,
    'pearson' as method, 'concurrent' as evidence_label, 'estimated' as status, *
from (values ('warm', 0.3, 0.1, 0.5, 0.01, 0.02), ('cold', 0.0, -0.2, 0.2, 0.9, 0.9))
    as parts (component_scale_id, estimate, interval_low, interval_high, p_value, q_value);

create table published.pub_program_measures as select * from (values
    ('p1', 'mood_total', 'first_to_last', 40, 'shown', 12.5, 11.0, 'shown',
     11, 'shown', 0.275, 'shown'),
    ('p1', 'calm_total', 'first_to_last', 30, 'shown', 3.5, 3.0, 'shown', 0, 'shown', 0.0, 'shown'),
    ('p2', 'mood_total', 'first_to_last', 25, 'shown', 9.0, 8.0, 'shown', null, 'suppressed',
     null, 'suppressed'),
    ('p2', 'calm_total', 'first_to_last', null, 'suppressed', null, null, 'suppressed',
     null, 'suppressed', null, 'suppressed'),
    ('p3', 'calm_total', 'first_to_last', 0, 'shown', null, null, 'not_computable', 0, 'shown',
     null, 'not_computable')
) as measures (program_id, scale_id, interval_name, paired_count, paired_count_status,
    improvement_mean, improvement_mean_interval_low, improvement_mean_status,
    improved_count, improved_count_status, improved_proportion, improved_proportion_status);
create table published.pub_change_associations as select * from (values
    ('p1', 'kind_total', 'mood_total', 'first_to_last', 40, 'shown', -0.5, 'shown'),
    ('p1', 'kind_total', 'calm_total', 'first_to_last', 11, 'shown', 0.5, 'shown'),
    ('p2', 'kind_total', 'mood_total', 'first_to_last', null, 'suppressed', null, 'suppressed')
) as associations (program_id, process_scale_id, outcome_scale_id, interval_name, sample_size,
    sample_size_status, pearson_r, pearson_r_status);
create table published.pub_program_outcomes as select * from (values
    ('p1', 'f', 't', 'recovery', 20, 'shown', 40, 'shown', 0.5, 0.3, 'shown', null::bigint),
    ('p1', 'f', 't', 'at_caseness', 11, 'shown', 30, 'shown', 0.37, 0.2, 'shown', 3),
    ('p2', 'f', 't', 'recovery', null, 'suppressed', 40, 'shown', null, null, 'suppressed', null)
) as outcomes (program_id, population, threshold_set, metric_id, numerator_count,
    numerator_count_status, sample_size, sample_size_status, estimate, estimate_interval_low,
    estimate_status, kept_from_release);
create table published.pub_attrition as select * from (values
    ('p1', 1, 'referred', 40, 'shown', 40, 'shown', 40, 'shown', 1.0, 1.0, 'shown'),
    ('p1', 2, 'seen', 40, 'shown', 29, 'shown', 40, 'shown', 0.725, 0.6, 'shown'),
    ('p2', 1, 'referred', null, 'suppressed', null, 'suppressed', null, 'suppressed',
     null, null, 'suppressed')
) as attrition (program_id, step_number, step, referred_count, referred_count_status,
    episode_count, episode_count_status, previous_count, previous_count_status,
    previous_proportion, previous_proportion_interval_low, previous_proportion_status);
"""
