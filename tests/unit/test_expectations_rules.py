"""Every rule fails on data made to break it and passes on data that does not.

The judge is a counter-example written by hand beside each rule, with the number of failures it
must be given. A rule without one fails the test.
"""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from expectations.registry import SUITES, catalogue
from expectations.rules import Rule, RuleResult, TableSuite, Thresholds
from expectations.suites.published_pub_program_measures import AGGREGATES
from expectations.validate import validate
from tests.unit import estimates_counter_examples as estimates
from tests.unit import picture_counter_examples as pictures
from tests.unit import quality_counter_examples as quality
from tests.unit import trajectory_counter_examples as trajectories
from tests.unit.link_counter_examples import LINK_CASES

pytestmark = pytest.mark.slow  # hundreds of cases

THRESHOLDS = Thresholds(
    disclosure_threshold=11,
    refused_share=0.2,
    missing_share=0.2,
    volume_share=0.5,
    volume_arrivals=3,
    paired_share=0.9,
    paired_courses=20,
    stated_score_tolerance=0.01,
    today=date(2026, 6, 30),
)

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

RESPONSE = "update raw.item_responses set {} where record_key = 101"
SCORE = "update raw.stated_scores set {} where record_key = 201"
FORM = "update staging.int_administrations set {} where administration_key = 11"
SCORED = "update scoring.int_scores set {} where administration_key = 11"
CHANGED = "update change.int_changes set {} where client_id = 'c1' and scale_id = 'mood_total'"
MART_SCORE = "update marts.fct_scores set {} where administration_id = 'a1'"
MART_METHOD = "update marts.fct_change_methods set {} where method = 'hsu_linn_lord'"
MART_OUTCOME = "update marts.fct_episode_outcomes set {} where episode_id = 'e1'"
MART_NUMBER = "update marts.fct_program_outcomes set {} where metric_id = 'reliable_improvement'"
MART_DOSE = "update marts.fct_dose_response set {} where ending_kind = 'planned'"
MART_SURVIVAL = "update marts.fct_dose_response set {} where session_count = 4"
MART_FATE = "update marts.fct_follow_up set {} where metric_id = 'improvement_kept'"
MART_WAIT = "update marts.fct_waits set {} where limit_days = 42"
AGREEMENT = "update marts.fct_change_method_agreement set {} where sample_size = 20"
MEASURED = "update marts.fct_episode_measures set {} where improvement is not null"
BENCHMARK = "update marts.fct_benchmarks set {} where is_comparable"
DRIFT = "update marts.dq_score_drift set {} where reason = 'new_file'"
CURVE = "update marts.fct_expected_trajectories set {} where scale_id = 'mood_total'"
STATE = "update marts.fct_session_tracking set {} where administration_id = 'a2'"
FORETOLD = "update marts.fct_alert_performance set {} where metric_id = 'alert_sensitivity'"
LED = "update marts.fct_alert_performance set {} where metric_id = 'alert_lead_days'"
MART_CHANGE = "update marts.fct_changes set {} where client_id = 'c1' and scale_id = 'mood_total'"
MEASURES = "published.pub_program_measures"
ASSOCIATIONS = "published.pub_change_associations"
OUTCOMES = "published.pub_program_outcomes"
ATTRITION = "published.pub_attrition"
SHOWN = "update published.pub_program_measures set {} where program_id = 'p1'"
SHOWN_R = "update published.pub_change_associations set {} where program_id = 'p1'"
WITH_COUNT = """
    alter table published.pub_change_associations add column improved_count bigint;
    alter table published.pub_change_associations add column improved_count_status text;
    alter table published.pub_change_associations add column improved_proportion double;
    alter table published.pub_change_associations add column improved_proportion_status text;
"""

# Table: the rule about its key, its estimate, rows with one below -0.15, rows without one.
LINK_OVER_TIME = {
    "rel_within_person_models": "one_row_per_pair_direction_and_model",
    "rel_cross_lagged": "one_row_per_pair_model_and_direction",
    "rel_early_change": "one_row_per_pair_and_direction",
    "rel_mediation": "one_row_per_group_and_path",
}
LINK_ESTIMATES = {
    "rel_within_person_models": "within_slope",
    "rel_cross_lagged": "estimate",
    "rel_early_change": "estimate",
    "rel_mediation": "indirect",
}
LINK_ROWS = {
    "rel_within_person_models": 2,
    "rel_cross_lagged": 1,
    "rel_early_change": 1,
    "rel_mediation": 1,
}
LINK_EMPTY = {
    "rel_within_person_models": 1,
    "rel_cross_lagged": 2,
    "rel_early_change": 1,
    "rel_mediation": 1,
}

EMAIL = "no_value_looks_like_an_email_address"
SSN = "no_value_looks_like_a_social_security_number"
A_LOAD = "every_record_belongs_to_a_load"

# (table, rule): what breaks it, and how many failures that makes.
COUNTER_EXAMPLES: dict[tuple[str, str], list[tuple[str, int]]] = {
    **LINK_CASES,
    ("raw.loads", "one_row_per_load"): [("update raw.loads set load_sequence = 1", 1)],
    ("raw.loads", "load_id_is_present"): [("update raw.loads set load_id = null", 9)],
    ("raw.loads", "load_statuses_are_known_words"): [
        ("update raw.loads set status = 'pending' where load_sequence = 1", 1)
    ],
    ("raw.loads", "rows_are_conserved"): [
        ("update raw.loads set rows_read = 11 where load_sequence = 1", 1),
        ("update raw.loads set rows_repeated = null where load_sequence = 1", 1),
        ("update raw.loads set status = null, rows_read = null where load_sequence = 1", 1),
        (
            "update raw.loads set rows_read = 3, rows_loaded = 0, rows_refused = 2, "
            "rows_repeated = 0 where load_sequence = 2",
            1,
        ),
    ],
    ("raw.loads", "file_hashes_are_sha256"): [
        ("update raw.loads set sha256 = repeat('a', 63) where load_sequence = 1", 1),
        ("update raw.loads set sha256 = repeat('g', 64) where load_sequence = 1", 1),
        ("update raw.loads set sha256 = null where load_sequence = 1", 1),
    ],
    ("raw.loads", "every_refused_load_says_why"): [
        ("update raw.loads set refusal = null", 1),
        ("update raw.loads set refusal = 'empty_file'", 8),
    ],
    ("raw.loads", "few_rows_of_a_load_are_refused"): [
        ("update raw.loads set rows_refused = 3, rows_loaded = 7 where load_sequence = 1", 1)
    ],
    ("raw.loads", "no_file_name_identifies_a_person"): [
        ("update raw.loads set file_name = 'jo@mail.example.csv' where load_sequence = 1", 1),
        ("update raw.loads set source = 'x 123-45-6789' where load_sequence = 1", 1),
    ],
    ("raw.item_responses", "client_id_is_present"): [(RESPONSE.format("client_id = null"), 1)],
    ("raw.item_responses", "instrument_id_is_present"): [
        (RESPONSE.format("instrument_id = null"), 1)
    ],
    ("raw.item_responses", "item_is_present"): [(RESPONSE.format("item = null"), 1)],
    ("raw.item_responses", "administration_key_is_present"): [
        (RESPONSE.format("administration_key = null"), 1)
    ],
    ("raw.item_responses", "record_key_is_present"): [(RESPONSE.format("record_key = null"), 1)],
    ("raw.item_responses", A_LOAD): [
        (RESPONSE.format("load_sequence = 9"), 1),
        (RESPONSE.format("load_sequence = 2"), 1),
        (RESPONSE.format("load_sequence = null"), 1),
    ],
    ("raw.item_responses", "every_record_has_a_time"): [
        (RESPONSE.format("occurred_on = null"), 1),
        (RESPONSE.format("occurred_on = ' '"), 1),
    ],
    ("raw.item_responses", "instruments_are_known_to_the_registry"): [
        (RESPONSE.format("instrument_id = 'mode'"), 1)
    ],
    ("raw.item_responses", "items_are_known_to_the_registry"): [
        (RESPONSE.format("item = '3'"), 1),
        (RESPONSE.format("item = 'one'"), 1),
    ],
    ("raw.item_responses", "responses_are_numbers"): [
        (RESPONSE.format("response = 'often'"), 1),
        (RESPONSE.format("response = '0x1'"), 1),
        (RESPONSE.format("response = '1_0'"), 1),
        (RESPONSE.format("response = ''"), 1),
    ],
    ("raw.item_responses", "responses_are_inside_the_instrument_range"): [
        (RESPONSE.format("response = '4'"), 1),
        (RESPONSE.format("response = '-1'"), 1),
        (RESPONSE.format("response = '0', response_shift = 1"), 1),
    ],
    ("raw.item_responses", EMAIL): [
        (RESPONSE.format("client_id = 'Jo.Do+1@mail.example'"), 1),
        (RESPONSE.format("response = 'ask jo@mail.example'"), 1),
    ],
    ("raw.item_responses", SSN): [
        (RESPONSE.format("client_id = '123-45-6789'"), 1),
        (RESPONSE.format("occasion = 'SSN:123-45-6789.'"), 1),
    ],
    ("raw.stated_scores", "client_id_is_present"): [(SCORE.format("client_id = null"), 1)],
    ("raw.stated_scores", "instrument_id_is_present"): [(SCORE.format("instrument_id = null"), 1)],
    ("raw.stated_scores", "scale_id_is_present"): [(SCORE.format("scale_id = null"), 1)],
    ("raw.stated_scores", "administration_key_is_present"): [
        (SCORE.format("administration_key = null"), 1)
    ],
    ("raw.stated_scores", "record_key_is_present"): [(SCORE.format("record_key = null"), 1)],
    ("raw.stated_scores", A_LOAD): [(SCORE.format("load_sequence = 9"), 1)],
    ("raw.stated_scores", "every_record_has_a_time"): [(SCORE.format("occurred_on = null"), 1)],
    ("raw.stated_scores", "scales_are_known_to_the_registry"): [
        (SCORE.format("scale_id = 'mood_half'"), 1),
        (SCORE.format("instrument_id = 'calm'"), 1),
    ],
    ("raw.stated_scores", "stated_scores_are_numbers"): [(SCORE.format("score = 'high'"), 1)],
    ("raw.stated_scores", "stated_scores_are_inside_the_scale_range"): [
        (SCORE.format("score = '6.5'"), 1),
        (SCORE.format("score = '-0.5'"), 1),
    ],
    ("raw.stated_scores", EMAIL): [(SCORE.format("score = 'jo@mail.example'"), 1)],
    ("raw.stated_scores", SSN): [(SCORE.format("episode_id = '123-45-6789'"), 1)],
    ("raw.clients", "client_id_is_present"): [("update raw.clients set client_id = null", 1)],
    ("raw.clients", "record_key_is_present"): [("update raw.clients set record_key = null", 1)],
    ("raw.clients", A_LOAD): [("update raw.clients set load_sequence = 9", 1)],
    ("raw.clients", EMAIL): [("update raw.clients set value = 'jo@mail.example'", 1)],
    ("raw.clients", SSN): [("update raw.clients set value = '123-45-6789'", 1)],
    ("raw.episodes", "client_id_is_present"): [("update raw.episodes set client_id = null", 1)],
    ("raw.episodes", "record_key_is_present"): [("update raw.episodes set record_key = null", 1)],
    ("raw.episodes", A_LOAD): [("update raw.episodes set load_sequence = 9", 1)],
    ("raw.episodes", EMAIL): [("update raw.episodes set client_id = 'jo@mail.example'", 1)],
    ("raw.episodes", SSN): [("update raw.episodes set client_id = '123-45-6789'", 1)],
    ("raw.sessions", "episode_id_is_present"): [("update raw.sessions set episode_id = null", 1)],
    ("raw.sessions", "session_number_is_present"): [
        ("update raw.sessions set session_number = null", 1)
    ],
    ("raw.sessions", "record_key_is_present"): [("update raw.sessions set record_key = null", 1)],
    ("raw.sessions", A_LOAD): [("update raw.sessions set load_sequence = 9", 1)],
    ("raw.sessions", EMAIL): [("update raw.sessions set episode_id = 'jo@mail.example'", 1)],
    ("raw.sessions", SSN): [("update raw.sessions set episode_id = '123-45-6789'", 1)],
    ("raw.practice", "client_id_is_present"): [("update raw.practice set client_id = null", 1)],
    ("raw.practice", "practice_id_is_present"): [("update raw.practice set practice_id = null", 1)],
    ("raw.practice", "record_key_is_present"): [("update raw.practice set record_key = null", 1)],
    ("raw.practice", A_LOAD): [("update raw.practice set load_sequence = 9", 1)],
    ("raw.practice", EMAIL): [("update raw.practice set client_id = 'jo@mail.example'", 1)],
    ("raw.practice", SSN): [("update raw.practice set client_id = '123-45-6789'", 1)],
    ("staging.int_administrations", "client_id_is_present"): [(FORM.format("client_id = null"), 1)],
    ("staging.int_administrations", "instrument_id_is_present"): [
        (FORM.format("instrument_id = null"), 1)
    ],
    ("staging.int_administrations", "program_id_is_present"): [
        (FORM.format("program_id = null"), 1)
    ],
    ("staging.int_administrations", "every_administration_has_a_place_in_time"): [
        (FORM.format("occurred_on = null, day = null"), 1)
    ],
    ("staging.int_administrations", "no_date_lies_in_the_future"): [
        (FORM.format("occurred_on = date '2026-07-02'"), 1)
    ],
    ("staging.int_administrations", "no_date_lies_before_1900"): [
        (FORM.format("occurred_on = date '1899-12-31'"), 1)
    ],
    ("staging.int_administrations", "no_administrations_are_in_conflict"): [
        (FORM.format("is_conflict = true"), 1)
    ],
    ("staging.int_administrations", "every_administration_is_placed_in_an_episode"): [
        (FORM.format("episode_id = null"), 1)
    ],
    ("staging.int_episodes", "episode_id_is_present"): [
        ("update staging.int_episodes set episode_id = null", 2)
    ],
    ("staging.int_episodes", "client_id_is_present"): [
        ("update staging.int_episodes set client_id = null where client_id = 'c1'", 1)
    ],
    ("staging.int_episodes", "program_id_is_present"): [
        ("update staging.int_episodes set program_id = null", 2)
    ],
    ("staging.int_episodes", "no_episode_ends_before_it_starts"): [
        ("update staging.int_episodes set ended_on = date '2026-01-04'", 2)
    ],
    ("staging.stg_raw__item_responses", "answers_are_conserved_from_raw"): [
        ("delete from staging.stg_raw__item_responses where response_value = 3", 2),
        ("delete from staging.stg_raw__item_responses", 6),
        (
            "insert into staging.stg_raw__item_responses "
            "select * from staging.stg_raw__item_responses where item = 1",
            3,
        ),
        ("insert into raw.superseded values ('item_responses', 1, 105, 3)", 1),
        ("update raw.loads set retired_by = 3 where load_sequence = 1", 6),
    ],
    ("staging.stg_raw__item_responses", "every_answer_belongs_to_an_administration"): [
        ("delete from staging.int_administrations where administration_key = 11", 2)
    ],
    ("staging.stg_raw__item_responses", "few_answers_are_missing"): [
        ("update staging.stg_raw__item_responses set response_value = null where item = 2", 3)
    ],
    ("scoring.int_scores", "administration_key_is_present"): [
        (SCORED.format("administration_key = null"), 1)
    ],
    ("scoring.int_scores", "every_scale_is_in_the_registry"): [
        (SCORED.format("scale_id = 'mood_half'"), 1),
        (SCORED.format("scale_id = null"), 1),
    ],
    ("scoring.int_scores", "valid_scores_are_inside_the_scale_range"): [
        (SCORED.format("score = 6.5"), 1),
        (SCORED.format("score = -0.5"), 1),
        (
            "alter table scoring.int_scores alter score type double; "
            + SCORED.format("score = 'nan'"),
            1,
        ),
    ],
    ("scoring.int_scores", "no_score_rests_on_too_few_answers"): [
        (SCORED.format("items_answered_count = 0"), 1),
        (SCORED.format("items_answered_count = null"), 1),
        (
            "update scoring.int_scores set score = 4 where administration_key = 13 "
            "and scale_id = 'calm_total'",
            1,
        ),
    ],
    ("scoring.int_scores", "a_score_exists_exactly_when_it_is_valid"): [
        (SCORED.format("score = null"), 1),
        (SCORED.format("is_valid = false"), 1),
        (SCORED.format("is_valid = null"), 1),
    ],
    ("scoring.int_scores", "score_origins_are_known_words"): [
        (SCORED.format("score_origin = 'guess'"), 1)
    ],
    ("scoring.int_scores", "stated_totals_agree_with_scored_ones"): [
        (SCORED.format("stated_score = 5.02"), 1)
    ],
    ("change.int_changes", "client_id_is_present"): [(CHANGED.format("client_id = null"), 1)],
    ("change.int_changes", "episode_id_is_present"): [(CHANGED.format("episode_id = null"), 1)],
    ("change.int_changes", "scale_id_is_present"): [(CHANGED.format("scale_id = null"), 1)],
    ("change.int_changes", "interval_name_is_present"): [
        (CHANGED.format("interval_name = null"), 1)
    ],
    ("change.int_changes", "reliable_change_classes_are_known_words"): [
        (CHANGED.format("reliable_change_class = 'better'"), 1)
    ],
    ("change.int_changes", "outcome_classes_are_known_words"): [
        (CHANGED.format("outcome_class = 'better'"), 1)
    ],
    ("change.int_changes", "change_is_final_minus_baseline"): [
        (CHANGED.format("change = 2.0"), 1),
        (CHANGED.format("change = null"), 1),
        (CHANGED.format("final_score = null"), 1),
    ],
    ("change.int_changes", "improvement_is_signed_by_the_scale"): [
        (CHANGED.format("improvement = -2.0"), 1),
        (CHANGED.format("improvement = null"), 1),
        ("update change.int_changes set improvement = -2.0 where scale_id = 'calm_total'", 2),
    ],
    ("change.int_changes", "final_is_not_before_baseline"): [
        (CHANGED.format("final_day = -1.0"), 1)
    ],
    ("change.int_changes", "class_is_unknown_exactly_when_there_is_no_index"): [
        (CHANGED.format("reliable_change_class = 'unknown'"), 1),
        (CHANGED.format("reliable_change_index = null"), 1),
        (CHANGED.format("reliable_change_class = null"), 1),
    ],
    ("change.int_changes", "outcome_classes_agree_with_reliable_change"): [
        (CHANGED.format("reliable_change_class = 'unchanged'"), 1),
        (CHANGED.format("outcome_class = 'deteriorated'"), 1),
        (
            "update change.int_changes set outcome_class = 'unchanged' "
            "where reliable_change_class = 'unknown'",
            1,
        ),
    ],
    ("change.int_changes", "outcome_classes_sum_to_the_episodes"): [
        (CHANGED.format("outcome_class = null"), 1),
        ("update change.int_changes set episode_id = 'e1'", 2),
    ],
    ("marts.fct_scores", "one_row_per_administration_and_scale"): [
        ("update marts.fct_scores set administration_id = 'a1'", 1)
    ],
    **{
        ("marts.fct_scores", f"{column}_is_present"): [(MART_SCORE.format(f"{column} = null"), 1)]
        for column in (
            "administration_id",
            "client_id",
            "instrument_id",
            "scale_id",
            "scoring_variant",
            "score_origin",
            "is_valid",
        )
    },
    ("marts.dq_administration_loads", "one_row_per_form_and_file"): [
        ("update marts.dq_administration_loads set load_id = 'load-1'", 1)
    ],
    ("marts.dq_administration_loads", "every_scored_form_stands_in_a_file"): [
        ("delete from marts.dq_administration_loads where administration_id = 'a1'", 1)
    ],
    ("marts.dq_administration_loads", "lines_are_lines_of_a_file"): [
        ("update marts.dq_administration_loads set first_line = 0 where load_id = 'load-2'", 1),
        ("update marts.dq_administration_loads set last_line = 2 where load_id = 'load-2'", 1),
        ("update marts.dq_administration_loads set record_count = 0 where load_id = 'load-2'", 1),
    ],
    ("marts.dq_key_guards", "no_guard_speaks_against_a_key"): [
        ("update marts.dq_key_guards set status = 'warning'", 1)
    ],
    ("marts.fct_changes", "one_row_per_episode_scale_and_interval"): [
        ("update marts.fct_changes set episode_id = 'e1'", 2)
    ],
    **{
        ("marts.fct_changes", f"{column}_is_present"): [(MART_CHANGE.format(f"{column} = null"), 1)]
        for column in (
            "client_id",
            "episode_id",
            "instrument_id",
            "scale_id",
            "interval_name",
            "reliable_change_class",
            "outcome_class",
        )
    },
    ("marts.fct_change_methods", "one_row_per_episode_scale_interval_and_method"): [
        (MART_METHOD.format("method = 'jacobson_truax'"), 1)
    ],
    **{
        ("marts.fct_change_methods", f"{column}_is_present"): [
            (MART_METHOD.format(f"{column} = null"), 1)
        ]
        for column in ("method", "reliable_change_class")
    },
    ("marts.fct_change_methods", "every_method_has_the_same_episodes"): [
        (
            "insert into marts.fct_change_methods select 'e2', * exclude (episode_id) "
            "from marts.fct_change_methods where is_default",
            1,
        )
    ],
    ("marts.fct_change_methods", "no_default_compares_a_person_with_the_others"): [
        (MART_METHOD.format("is_default = true"), 1)
    ],
    ("marts.fct_episode_outcomes", "one_row_per_episode"): [
        ("update marts.fct_episode_outcomes set episode_id = 'e1'", 1)
    ],
    **{
        ("marts.fct_episode_outcomes", f"{column}_is_present"): [
            (MART_OUTCOME.format(f"{column} = null"), 1)
        ]
        for column in ("client_id", "program_id", "is_counted", "outcome_status")
    },
    ("marts.fct_episode_outcomes", "every_episode_has_an_outcome_row"): [
        ("insert into marts.dim_episodes values ('e3')", 1)
    ],
    ("marts.fct_episode_outcomes", "changes_are_known_words"): [
        (MART_OUTCOME.format("reliable_change_class = 'better'"), 1)
    ],
    ("marts.fct_episode_outcomes", "recoveries_are_known_words"): [
        ("update marts.fct_episode_outcomes set recovery_class = 'lost' where episode_id = 'e2'", 1)
    ],
    ("marts.fct_episode_outcomes", "recovery_says_the_same_in_word_and_flag"): [
        (MART_OUTCOME.format("is_recovered = null"), 1),
        ("update marts.fct_episode_outcomes set recovery_class = 'not_recovered'", 2),
    ],
    ("marts.fct_episode_outcomes", "reliable_recovery_is_recovery_and_reliable_improvement"): [
        (MART_OUTCOME.format("is_reliably_improved = null"), 1),
        (MART_OUTCOME.format("is_recovered = false"), 1),
    ],
    ("marts.fct_episode_outcomes", "nobody_counts_who_came_once"): [
        (MART_OUTCOME.format("contact_count = 1"), 1)
    ],
    ("marts.fct_program_outcomes", "one_row_per_group_and_metric"): [
        ("insert into marts.fct_program_outcomes from marts.fct_program_outcomes limit 2", 2)
    ],
    ("marts.fct_program_outcomes", "change_classes_sum_to_their_denominator"): [
        (MART_NUMBER.format("numerator_count = 7"), 1),
        ("delete from marts.fct_program_outcomes where metric_id = 'no_reliable_change'", 1),
    ],
    ("marts.fct_program_outcomes", "zero_is_a_number_and_nothing_is_none"): [
        (MART_NUMBER.format("estimate = null"), 1),
        (MART_NUMBER.format("numerator_count = 7"), 1),
        (
            "update marts.fct_program_outcomes set estimate = 0.0 where metric_id = 'recovery'",
            1,
        ),
    ],
    ("marts.fct_program_outcomes", "a_rate_lies_within_its_limits"): [
        (MART_NUMBER.format("interval_low = 0.5"), 1),
        (MART_NUMBER.format("bound_high = 0.3"), 1),
        (MART_NUMBER.format("estimate = 1.2, interval_high = 2.0"), 1),
        (
            "update marts.fct_program_outcomes set interval_high = -1.8 "
            "where metric_id = 'effect_size_change_sd'",
            1,
        ),
    ],
    ("marts.fct_program_outcomes", "statuses_are_known_words"): [
        (MART_NUMBER.format("status = 'fine'"), 1)
    ],
    ("marts.fct_funnel_limits", "one_row_per_unit_and_rate"): [
        ("update marts.fct_funnel_limits set unit_id = 'a'", 2)
    ],
    ("marts.fct_funnel_limits", "expected_sums_to_observed"): [
        ("update marts.fct_funnel_limits set expected_count = 5.5 where unit_id = 'a'", 1)
    ],
    ("marts.fct_funnel_limits", "both_adjustments_are_of_the_same_courses"): [
        ("delete from marts.fct_funnel_limits where unit_id = 'a' and adjustment = 'none'", 1),
        (
            "update marts.fct_funnel_limits set sample_size = 7 where expected_count = 3.5",
            1,
        ),
        (
            "update marts.fct_funnel_limits set numerator_count = 3 where expected_count = 2.5",
            1,
        ),
    ],
    ("marts.fct_funnel_limits", "limits_enclose_the_common_rate"): [
        ("update marts.fct_funnel_limits set target = 0.2", 2),
        ("update marts.fct_funnel_limits set limit_998_high = 0.5", 2),
    ],
    ("marts.fct_funnel_limits", "over_dispersion_only_widens_the_limits"): [
        ("update marts.fct_funnel_limits set overdispersed_limit_95_low = 0.45", 2)
    ],
    ("marts.fct_severity_adjusted", "one_row_per_episode_and_scale"): [
        ("update marts.fct_severity_adjusted set episode_id = 'e1' where episode_id = 'e2'", 1)
    ],
    ("marts.fct_severity_adjusted", "the_two_forms_differ_by_the_constant"): [
        ("update marts.fct_severity_adjusted set acorn_effect_size = 1.4", 3),
        ("update marts.fct_severity_adjusted set status = 'estimated'", 1),
    ],
    ("marts.fct_severity_adjusted", "the_reference_is_as_expected"): [
        (
            "update marts.fct_severity_adjusted set openfit_effect_size = 0.4, "
            "acorn_effect_size = 1.4 where episode_id = 'e1'",
            1,
        )
    ],
    ("marts.fct_dose_response", "one_row_per_group_and_number_of_sessions"): [
        ("insert into marts.fct_dose_response from marts.fct_dose_response limit 1", 1)
    ],
    ("marts.fct_dose_response", "known_missing_and_left_out_sum_to_the_courses"): [
        (MART_DOSE.format("missing_count = 2"), 1),
        (MART_DOSE.format("numerator_count = 5"), 1),
    ],
    ("marts.fct_dose_response", "the_endings_sum_to_all_endings"): [
        ("delete from marts.fct_dose_response where ending_kind = 'unknown'", 1)
    ],
    ("marts.fct_dose_response", "whoever_improves_or_leaves_is_at_risk_no_more"): [
        (MART_SURVIVAL.format("sample_size = 8"), 1)
    ],
    ("marts.fct_dose_response", "a_number_lies_within_its_limits"): [
        (MART_SURVIVAL.format("interval_low = 0.6"), 1),
        (MART_DOSE.format("estimate = null"), 1),
        (MART_SURVIVAL.format("estimate = 1.1, interval_high = 1.2"), 1),
        (MART_SURVIVAL.format("estimate = -0.1, interval_low = -0.2"), 1),
    ],
    ("marts.fct_follow_up", "one_row_per_group_and_fate"): [
        ("insert into marts.fct_follow_up from marts.fct_follow_up limit 1", 1)
    ],
    ("marts.fct_follow_up", "a_share_of_the_known_is_its_numerator_over_its_denominator"): [
        (MART_FATE.format("estimate = 0.7"), 1),
        (MART_FATE.format("interval_low = 0.8"), 1),
        (MART_FATE.format("missing_count = -1"), 1),
        ("update marts.fct_follow_up set estimate = 0 where sample_size = 0", 2),
    ],
    ("marts.fct_follow_up", "the_fates_sum_to_their_denominator"): [
        (MART_FATE.format("numerator_count = 5, estimate = 0.625"), 1),
        ("delete from marts.fct_follow_up where metric_id = 'improvement_new'", 1),
    ],
    ("marts.fct_waits", "one_row_per_group_and_wait"): [
        ("insert into marts.fct_waits from marts.fct_waits limit 1", 1)
    ],
    ("marts.fct_waits", "a_share_of_the_known_is_its_numerator_over_its_denominator"): [
        (MART_WAIT.format("numerator_count = 11"), 1),
        (MART_WAIT.format("status = 'not_computable'"), 1),
    ],
    ("marts.fct_waits", "quartiles_are_in_order_and_not_negative"): [
        (MART_WAIT.format("median_days = 70"), 1),
        (MART_WAIT.format("lower_quartile_days = -2"), 1),
    ],
    ("marts.fct_waits", "a_longer_limit_holds_no_fewer"): [
        (
            "update marts.fct_waits set numerator_count = 4, estimate = 0.4 where limit_days = 126",
            1,
        )
    ],
    ("marts.fct_attrition", "one_row_per_group_and_step"): [
        ("update marts.fct_attrition set step_number = 1 where step_number = 2", 1)
    ],
    ("marts.fct_attrition", "each_step_starts_from_the_one_before"): [
        ("update marts.fct_attrition set previous_count = 6 where step_number = 3", 1)
    ],
    ("marts.fct_attrition", "nobody_joins_on_the_way"): [
        ("update marts.fct_attrition set lost_count = 3 where step_number = 2", 1),
        ("update marts.fct_attrition set episode_count = 6 where step_number = 3", 1),
    ],
    ("marts.fct_change_method_agreement", "one_row_per_scale_interval_and_method"): [
        ("update marts.fct_change_method_agreement set interval_name = 'first_to_last'", 1)
    ],
    ("marts.fct_change_method_agreement", "agreement_is_a_part_of_those_judged"): [
        (AGREEMENT.format("same_count = 16, agreement_proportion = 0.8"), 1),
        (AGREEMENT.format("agreement_proportion = 0.7"), 1),
        (AGREEMENT.format("newly_improved_count = -1"), 1),
    ],
    ("marts.fct_change_method_agreement", "kappa_stands_exactly_where_it_was_estimated"): [
        (AGREEMENT.format("kappa = null"), 1),
        (AGREEMENT.format("kappa = -1.5"), 1),
        (AGREEMENT.format("kappa = 0.8"), 1),
        ("update marts.fct_change_method_agreement set kappa = 0.1 where status = 'too_few'", 1),
    ],
    ("marts.fct_change_method_agreement", "statuses_are_known_words"): [
        (AGREEMENT.format("status = 'good'"), 1)
    ],
    ("marts.fct_episode_measures", "one_row_per_episode_and_domain"): [
        ("update marts.fct_episode_measures set domain = 'depression'", 1)
    ],
    ("marts.fct_episode_measures", "every_measured_episode_has_an_outcome"): [
        ("delete from marts.fct_episode_outcomes where episode_id = 'e1'", 2)
    ],
    ("marts.fct_episode_measures", "nothing_is_judged_without_its_scores"): [
        (MEASURED.format("improvement = null"), 1),
        (MEASURED.format("first_score = null"), 1),
        ("update marts.fct_episode_measures set is_case = true where last_score is null", 2),
        (
            "update marts.fct_episode_measures set reliable_change_class = 'unchanged' "
            "where improvement is null",
            2,
        ),
    ],
    ("marts.fct_episode_measures", "an_unknown_class_says_why"): [
        ("update marts.fct_episode_measures set unknown_reason = null", 2)
    ],
    ("marts.fct_episode_measures", "classes_are_known_words"): [
        (MEASURED.format("reliable_change_class = 'better'"), 1)
    ],
    ("marts.fct_benchmarks", "one_row_per_published_number_and_group"): [
        ("insert into marts.fct_benchmarks from marts.fct_benchmarks", 3)
    ],
    ("marts.fct_benchmarks", "nothing_is_compared_across_designs_or_statistics"): [
        (BENCHMARK.format("comparison = 'controls'"), 1),
        (BENCHMARK.format("comparison = null"), 1),
        (BENCHMARK.format("local_metric_id = 'another'"), 1),
        (BENCHMARK.format("local_metric_id = null"), 1),
        (BENCHMARK.format("estimate = null"), 1),
    ],
    ("marts.fct_benchmarks", "a_difference_stands_exactly_where_two_numbers_may_be_compared"): [
        (BENCHMARK.format("difference = null"), 1),
        (BENCHMARK.format("difference = 0.1"), 1),
        (BENCHMARK.format("not_comparable_reason = 'too_few'"), 1),
        (BENCHMARK.format("is_published_inside_interval = null"), 1),
        ("update marts.fct_benchmarks set difference = 0.4 where published_estimate = 0.5", 1),
        ("update marts.fct_benchmarks set not_comparable_reason = null", 2),
    ],
    ("marts.fct_benchmarks", "a_local_number_lies_within_its_limits"): [
        (BENCHMARK.format("interval_low = 0.95"), 1),
        (BENCHMARK.format("status = 'too_few'"), 1),
        ("update marts.fct_benchmarks set sample_size = -1", 3),
    ],
    ("marts.fct_benchmarks", "statuses_are_known_words"): [
        (BENCHMARK.format("status = 'guessed'"), 1)
    ],
    **{
        ("marts.fct_benchmarks", f"{column}_is_present"): [
            (f"update marts.fct_benchmarks set {column} = null", 3)
        ]
        for column in ("published_estimate", "citation")
    },
    ("marts.dq_score_drift", "scores_of_unchanged_files_stay_what_they_were"): [
        (DRIFT.format("reason = 'rule'"), 1),
        (DRIFT.format("reason = 'unexplained'"), 1),
    ],
    ("marts.dq_score_drift", "whatever_moved_has_a_cause"): [
        (DRIFT.format("reason = 'unexplained'"), 1)
    ],
    ("marts.dq_score_drift", "one_row_per_subject_place_and_reason"): [
        (DRIFT.format("reason = 'corrected_file'"), 1)
    ],
    ("marts.dq_score_drift", "every_row_tells_of_something_that_moved"): [
        (DRIFT.format("added_count = 0"), 1),
        (DRIFT.format("removed_count = -1"), 1),
        (DRIFT.format("moved_class_count = 1"), 1),
        (DRIFT.format("largest_difference = 1"), 1),
    ],
    ("marts.dq_score_drift", "reasons_are_known_words"): [(DRIFT.format("reason = 'fate'"), 1)],
    **{
        (f"marts.{table}", rule): examples
        for table, key in LINK_OVER_TIME.items()
        for rule, examples in {
            key: [(f"insert into marts.{table} from marts.{table} limit 1", 1)],
            "statuses_are_known_words": [
                (f"update marts.{table} set status = 'fine' where status = 'too_few'", 1)
            ]
            if table != "rel_cross_lagged"
            else [
                (
                    f"update marts.{table} set status = 'fine', reason = null "
                    "where model = 'plain'",
                    2,
                )
            ],
            "evidence_labels_are_known_words": [
                (
                    f"update marts.{table} set evidence_label = 'causal' "
                    "where status = 'estimated' and "
                    f"{LINK_ESTIMATES[table]} < -0.15",
                    LINK_ROWS[table],
                ),
            ],
            "only_estimated_rows_carry_numbers": [
                (
                    f"update marts.{table} set interval_low = null "
                    f"where {LINK_ESTIMATES[table]} < -0.15",
                    LINK_ROWS[table],
                ),
                (
                    f"update marts.{table} set interval_high = 0.9 "
                    f"where {LINK_ESTIMATES[table]} is null",
                    LINK_EMPTY[table],
                ),
            ],
        }.items()
    },
    **{
        (f"marts.{table}", "an_estimate_lies_within_its_limits"): [
            (
                f"update marts.{table} set interval_low = 0.5 "
                f"where {LINK_ESTIMATES[table]} < -0.15",
                LINK_ROWS[table],
            ),
            (
                f"update marts.{table} set standard_error = -0.1 "
                f"where {LINK_ESTIMATES[table]} < -0.15",
                LINK_ROWS[table],
            ),
        ]
        for table in LINK_OVER_TIME
        if table != "rel_mediation"
    },
    **{
        (f"marts.{table}", "both_directions_stand_side_by_side"): [
            (f"delete from marts.{table} where direction = 'outcome_to_process'", count)
        ]
        for table, count in (
            ("rel_within_person_models", 1),
            ("rel_cross_lagged", 2),
            ("rel_early_change", 1),
        )
    },
    ("marts.rel_cross_lagged", "a_random_intercept_has_three_waves"): [
        ("update marts.rel_cross_lagged set wave_count = 2", 2),
        ("update marts.rel_cross_lagged set wave_count = null", 2),
    ],
    ("marts.rel_cross_lagged", "what_cannot_be_computed_says_why"): [
        ("update marts.rel_cross_lagged set reason = null", 2)
    ],
    ("marts.rel_mediation", "the_indirect_path_is_the_product_of_its_parts"): [
        ("update marts.rel_mediation set a = 0.6", 1),
    ],
    ("marts.rel_mediation", "nothing_is_controlled_without_a_comparison_arm"): [
        ("update marts.rel_mediation set evidence_label = 'controlled'", 1)
    ],
    ("marts.fct_expected_trajectories", "one_row_per_program_and_scale"): [
        ("update marts.fct_expected_trajectories set scale_id = 'mood_total'", 1)
    ],
    ("marts.fct_expected_trajectories", "statuses_are_known_words"): [
        (CURVE.format("status = 'fine'"), 1)
    ],
    ("marts.fct_expected_trajectories", "a_curve_is_whole_or_absent"): [
        (CURVE.format("variance_minimum = null"), 1),
        (CURVE.format("status = 'too_few'"), 1),
    ],
    ("marts.fct_expected_trajectories", "the_band_holds_about_the_share_it_is_meant_to"): [
        (CURVE.format("held_proportion = 0.65"), 1)
    ],
    ("marts.fct_session_tracking", "one_row_per_form_and_scale"): [
        ("update marts.fct_session_tracking set administration_id = 'a1'", 1)
    ],
    ("marts.fct_session_tracking", "states_are_known_words"): [
        (STATE.format("tracking_state = 'fine'"), 1)
    ],
    ("marts.fct_session_tracking", "an_unknown_state_says_why"): [
        (STATE.format("tracking_state = 'unknown'"), 1),
        (STATE.format("unknown_reason = 'first_score'"), 1),
    ],
    ("marts.fct_session_tracking", "nobody_is_on_or_off_track_without_a_band"): [
        (STATE.format("band_high = null"), 1),
        (STATE.format("expected_score = 9"), 1),
    ],
    ("marts.fct_session_tracking", "off_track_is_outside_the_band"): [
        (STATE.format("tracking_state = 'off_track'"), 1)
    ],
    ("marts.fct_alerts", "one_row_per_episode_and_kind"): [
        ("update marts.fct_alerts set alert_kind = 'not_seen'", 2)
    ],
    ("marts.fct_alerts", "every_episode_has_every_kind_of_alert"): [
        ("delete from marts.fct_alerts where alert_status = 'not_raised'", 1),
        ("insert into marts.dim_episodes values ('e3')", 2),
    ],
    ("marts.fct_alerts", "alert_statuses_are_known_words"): [
        ("update marts.fct_alerts set alert_status = 'fine' where alert_status = 'not_raised'", 1)
    ],
    ("marts.fct_alerts", "an_unknown_alert_says_why"): [
        ("update marts.fct_alerts set unknown_reason = null", 1),
        ("update marts.fct_alerts set unknown_reason = 'no_rule'", 3),
    ],
    ("marts.fct_alerts", "an_alert_shows_what_it_rests_on"): [
        ("update marts.fct_alerts set limit_value = null", 2),
        ("update marts.fct_alerts set observed_value = 1", 2),
    ],
    ("marts.fct_alerts", "only_an_alert_in_time_has_a_lead"): [
        ("update marts.fct_alerts set is_in_time = true where alert_kind = 'not_seen'", 2),
        ("update marts.fct_alerts set lead_occasions = 0 where lead_occasions = 2", 1),
        ("update marts.fct_alerts set lead_days = 7", 3),
    ],
    ("marts.fct_alert_performance", "one_row_per_alert_outcome_and_number"): [
        (FORETOLD.format("metric_id = 'alert_lead_days'"), 1)
    ],
    ("marts.fct_alert_performance", "judged_and_unknown_courses_sum_to_all"): [
        (FORETOLD.format("sample_size = 5"), 1),
        ("update marts.fct_alert_performance set unknown_alert_count = 2", 1),
    ],
    ("marts.fct_alert_performance", "zero_is_a_number_and_nobody_is_none"): [
        (FORETOLD.format("estimate = null"), 1),
        (FORETOLD.format("numerator_count = 3"), 1),
        ("update marts.fct_alert_performance set status = 'estimated'", 1),
    ],
    ("marts.fct_alert_performance", "a_number_lies_within_its_limits"): [
        (FORETOLD.format("interval_low = 0.6"), 1),
        (LED.format("quartile_low = 15"), 1),
    ],
    (MEASURES, "one_row_per_key"): [
        ("update published.pub_program_measures set program_id = 'p1'", 2)
    ],
    (ASSOCIATIONS, "one_row_per_key"): [
        ("update published.pub_change_associations set program_id = 'p1'", 1)
    ],
    **{
        (table, "no_column_points_at_a_person"): [
            ("alter table " + table + " add column client_id text", 1),
            ("create table published.pub_other (Episode_ID text, administration_id text)", 2),
            ("create table main.left_behind (client_id text)", 1),
        ]
        for table in (MEASURES, ASSOCIATIONS)
    },
    **{
        (table, "every_table_of_aggregates_is_guarded"): [
            ("create table published.pub_other (program_id text)", 1)
        ]
        for table in (MEASURES, ASSOCIATIONS)
    },
    **{
        (table, "every_number_has_a_status"): [
            (f"alter table {table} add column session_count bigint", 1),
            (f"alter table {table} add column mean_change decimal(9, 2)", 1),
            (f"alter table {table} add column slope_interval_low double", 1),
        ]
        for table in (MEASURES, ASSOCIATIONS)
    },
    (MEASURES, "statuses_are_one_of_the_three_words"): [
        (SHOWN.format("improvement_mean_status = 'hidden'"), 2),
        (SHOWN.format("paired_count_status = null"), 2),
    ],
    (ASSOCIATIONS, "statuses_are_one_of_the_three_words"): [
        (SHOWN_R.format("pearson_r_status = 'hidden'"), 2)
    ],
    (MEASURES, "what_is_not_shown_is_null"): [
        (SHOWN.format("improvement_mean_status = 'suppressed'"), 2),
        (SHOWN.format("improvement_mean_status = 'not_computable'"), 2),
        (SHOWN.format("improvement_mean_status = null"), 2),
        ("update published.pub_program_measures set improved_count = 0", 2),
        (
            "update published.pub_program_measures set improvement_mean_interval_low = 1 "
            "where program_id = 'p2'",
            1,
        ),
    ],
    (ASSOCIATIONS, "what_is_not_shown_is_null"): [
        ("update published.pub_change_associations set pearson_r = 0", 1)
    ],
    (MEASURES, "what_is_shown_is_there"): [(SHOWN.format("improvement_mean = null"), 2)],
    (ASSOCIATIONS, "what_is_shown_is_there"): [(SHOWN_R.format("pearson_r = null"), 2)],
    (MEASURES, "no_shown_count_is_below_the_disclosure_threshold"): [
        (SHOWN.format("improved_count = 10"), 2),
        (SHOWN.format("improved_count = 1"), 2),
        (SHOWN.format("paired_count = 10"), 2),
    ],
    (ASSOCIATIONS, "no_shown_count_is_below_the_disclosure_threshold"): [
        (SHOWN_R.format("sample_size = 10"), 2)
    ],
    (MEASURES, "no_value_is_shown_for_too_few_clients"): [
        (SHOWN.format("paired_count = 10"), 2),
        (SHOWN.format("paired_count = null"), 2),
    ],
    (ASSOCIATIONS, "no_value_is_shown_for_too_few_clients"): [
        (SHOWN_R.format("sample_size = 10"), 2),
        (SHOWN_R.format("sample_size = null"), 2),
    ],
    (MEASURES, "no_proportion_is_shown_without_its_count"): [
        (SHOWN.format("improved_count = null"), 2)
    ],
    (ASSOCIATIONS, "no_proportion_is_shown_without_its_count"): [
        (WITH_COUNT + SHOWN_R.format("improved_proportion = 0.5"), 2)
    ],
    (MEASURES, "no_shown_count_gives_away_a_small_remainder"): [
        (SHOWN.format("improved_count = paired_count - 2"), 2)
    ],
    (ASSOCIATIONS, "no_shown_count_gives_away_a_small_remainder"): [
        (WITH_COUNT + SHOWN_R.format("improved_count = sample_size - 2"), 2)
    ],
    **trajectories.COUNTER_EXAMPLES,
    **pictures.COUNTER_EXAMPLES,
    **estimates.COUNTER_EXAMPLES,
    **quality.COUNTER_EXAMPLES,
}


def of_rates(
    table: str, base: str, count: str, share: str, shared_key: str
) -> dict[tuple[str, str], list[tuple[str, int]]]:
    """Counter-examples of a table whose two rows of p1 show a count and its share of a base."""
    shown = f"update {table} set {{}} where program_id = 'p1'"
    return {
        (table, rule): [(statement, number)]
        for rule, statement, number in (
            ("one_row_per_key", f"update {table} set {shared_key}", 1),
            ("no_column_points_at_a_person", f"alter table {table} add client_id text", 1),
            (
                "every_table_of_aggregates_is_guarded",
                "create table published.pub_other (program_id text)",
                1,
            ),
            ("every_number_has_a_status", f"alter table {table} add column mean_change double", 1),
            (
                "statuses_are_one_of_the_three_words",
                shown.format(f"{share}_status = 'hidden'"),
                2,
            ),
            ("what_is_not_shown_is_null", shown.format(f"{share}_status = 'suppressed'"), 2),
            ("what_is_shown_is_there", shown.format(f"{share} = null"), 2),
            (
                "no_shown_count_is_below_the_disclosure_threshold",
                shown.format(f"{count} = 10"),
                2,
            ),
            ("no_value_is_shown_for_too_few_clients", shown.format(f"{base} = null"), 2),
            ("no_proportion_is_shown_without_its_count", shown.format(f"{count} = null"), 2),
            (
                "no_shown_count_gives_away_a_small_remainder",
                shown.format(f"{count} = {base} - 2"),
                2,
            ),
        )
    }


COUNTER_EXAMPLES |= of_rates(
    OUTCOMES, "sample_size", "numerator_count", "estimate", "metric_id = 'recovery'"
) | of_rates(ATTRITION, "referred_count", "episode_count", "previous_proportion", "step_number = 1")
COUNTER_EXAMPLES |= of_rates(
    quality.COMPLETENESS,
    "episode_count",
    "measured_count",
    "measured_proportion",
    "instrument_id = 'mood'",
)

RULES = {
    (f"{suite.schema}.{suite.table}", rule.rule_id): (suite, rule)
    for suites in SUITES.values()
    for suite in suites
    for rule in suite.rules
}
STATUS_OF_BASE = {
    MEASURES: "paired_count_status",
    ASSOCIATIONS: "sample_size_status",
    OUTCOMES: "sample_size_status",
    ATTRITION: "referred_count_status",
    **pictures.STATUS_OF_BASE,
    **dict.fromkeys(estimates.NAMES, "sample_size_status"),
    quality.COMPLETENESS: "episode_count_status",
}
ALL_SUITES = [suite for suites in SUITES.values() for suite in suites]
EVERY_COUNTER_EXAMPLE = pytest.mark.parametrize(
    ("key", "breaking", "count"),
    [(key, *case) for key, cases in COUNTER_EXAMPLES.items() for case in cases],
    ids=[
        f"{' '.join(key)} {number}"
        for key, cases in COUNTER_EXAMPLES.items()
        for number, _ in enumerate(cases, 1)
    ],
)


@pytest.fixture(scope="session")
def good_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small warehouse and release in one file, in which every rule holds."""
    path = tmp_path_factory.mktemp("expectations") / "good.duckdb"
    with duckdb.connect(str(path)) as connection:
        more = (trajectories, pictures, estimates, quality)
        connection.execute(GOOD + "".join(module.GOOD for module in more))
    return path


@pytest.fixture
def database(good_database: Path, tmp_path: Path) -> Path:
    """A copy of it to break."""
    return Path(shutil.copy(good_database, tmp_path / "copy.duckdb"))


def change(path: Path, sql: str, *values: str) -> None:
    """Run ``sql`` on the file."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(sql, values or None)


def judge(path: Path, suite: TableSuite, rule: Rule) -> RuleResult:
    """The result of one rule alone."""
    (result,) = validate(path, [replace(suite, rules=(rule,))], THRESHOLDS)
    return result


def test_every_rule_has_a_counter_example() -> None:
    """A rule nobody has seen failing may be a rule that cannot fail."""
    assert set(COUNTER_EXAMPLES) == set(RULES)


def test_every_rule_holds_on_good_data(good_database: Path) -> None:
    """Data made to keep the rules keep them, at the edges of each range and tolerance too."""
    results = validate(good_database, ALL_SUITES, THRESHOLDS)
    assert {
        (f"{r.schema_name}.{r.table_name}", r.rule): r.status for r in results if r.status != "pass"
    } == {
        # One of six answers is missing, which is tolerated and told.
        ("staging.stg_raw__item_responses", "few_answers_are_missing"): "pass_with_failures"
    }
    assert len(results) == len(RULES)


@EVERY_COUNTER_EXAMPLE
def test_a_rule_fails_on_data_made_to_break_it(
    database: Path, key: tuple[str, str], breaking: str, count: int
) -> None:
    """And counts the failures a reader counts by eye."""
    change(database, breaking)
    result = judge(database, *RULES[key])
    assert (result.status, result.unexpected_count) == ("fail", count)


def test_a_rule_reads_no_other_columns_than_it_names(database: Path) -> None:
    """The catalogue says what a table must have; a rule that reads more would break later."""
    alone, copies = [], []
    for number, (suite, rule) in enumerate(RULES.values()):
        if rule.columns:
            # A disclosure rule reads status columns too, whichever there are.
            status = STATUS_OF_BASE.get(f"{suite.schema}.{suite.table}")
            columns = [*rule.columns, *([status] if status else [])]
            wanted = f"{suite.schema}.only_{number} as from {suite.schema}.{suite.table}"
            copies.append(f"create table {wanted} select {', '.join(columns)}")
            alone.append(replace(suite, table=f"only_{number}", rules=(rule,)))
    change(database, "; ".join(copies))
    results = validate(database, alone, THRESHOLDS)
    assert len(results) > 90
    assert [r for r in results if r.status not in ("pass", "pass_with_failures")] == []


def test_a_rule_whose_column_is_gone_is_an_error_and_not_bad_data(database: Path) -> None:
    """A model that lost a column must not look like a clinic that made a mistake."""
    tables = {table for table, _ in RULES}
    change(
        database,
        "; ".join(f"create or replace table {table} as select 1 as elsewhere" for table in tables),
    )
    results = validate(database, ALL_SUITES, THRESHOLDS)
    assert {
        (f"{r.schema_name}.{r.table_name}", r.rule): (r.status, r.error)
        for r in results
        if RULES[f"{r.schema_name}.{r.table_name}", r.rule][1].columns
    } == {key: ("error", "ColumnMissing") for key, (_, rule) in RULES.items() if rule.columns}


def test_a_rule_whose_other_table_is_gone_is_an_error_and_not_bad_data(database: Path) -> None:
    """The registry missing says nothing about the answers."""
    others = {table for _, rule in RULES.values() for table in rule.tables}
    judged = [
        replace(suite, rules=tuple(rule for rule in suite.rules if rule.tables))
        for suite in ALL_SUITES
        if f"{suite.schema}.{suite.table}" not in others
    ]
    change(database, "; ".join(f"drop table {table}" for table in others))
    results = validate(database, judged, THRESHOLDS)
    assert len(results) > 10
    assert {(r.status, r.error) for r in results} == {("error", "TableMissing")}


def test_rules_are_worded_for_people() -> None:
    """Ids are sentences, sentences end in a full stop, and each says why and how to mend."""
    for row in catalogue():
        assert row["rule"].replace("_", "").isalnum()
        assert row["rule"] == row["rule"].lower()
        for field in ("sentence", "why", "when_it_fails"):
            assert row[field].endswith("."), (row["rule"], field)
        assert row["severity"] in ("critical", "warning")


def test_rule_ids_are_unique_within_a_table() -> None:
    """A check's name leads to one rule."""
    keys = [(row["schema_name"], row["table_name"], row["rule"]) for row in catalogue()]
    assert len(keys) == len(set(keys)) == len(RULES)


def test_the_share_of_refused_rows_may_reach_its_threshold(database: Path) -> None:
    """A fifth is tolerated: the good load has two of ten refused. A stricter clinic can say so."""
    suite, rule = RULES["raw.loads", "few_rows_of_a_load_are_refused"]
    strict = replace(THRESHOLDS, refused_share=0.19)
    (result,) = validate(database, [replace(suite, rules=(rule,))], strict)
    assert (result.status, result.unexpected_count) == ("fail", 1)


@pytest.mark.parametrize(("threshold", "count"), [(11, 0), (12, 1), (26, 2), (41, 3)])
def test_the_disclosure_threshold_is_the_callers(
    good_database: Path, threshold: int, count: int
) -> None:
    """The rows with 11; with 11 and 25; and with 11, 25 and 30 clients fall below it."""
    suite, rule = RULES[MEASURES, "no_shown_count_is_below_the_disclosure_threshold"]
    thresholds = Thresholds(disclosure_threshold=threshold)
    (result,) = validate(good_database, [replace(suite, rules=(rule,))], thresholds)
    assert result.unexpected_count == count


def test_without_a_disclosure_threshold_nothing_counts_as_safe(good_database: Path) -> None:
    """The gate fails closed."""
    results = [
        r
        for r in validate(good_database, SUITES["published"], Thresholds())
        if r.rule == "no_shown_count_is_below_the_disclosure_threshold"
    ]
    assert len(results) == len(AGGREGATES)
    assert {(r.status, r.error) for r in results} == {("error", "MissingThresholdError")}
    assert all(r.is_blocking for r in results)


@pytest.mark.parametrize(
    "innocent",
    ["2024-01-05 10:00:00", "a-1234-56-7890", "1123-45-6789", "user@ward", "@home", "12-345-6789"],
)
def test_ordinary_text_is_not_taken_for_an_identifier(database: Path, innocent: str) -> None:
    """Dates, codes and stray signs do not hold a release."""
    change(database, "update raw.clients set value = ?", innocent)
    (suite,) = (s for s in SUITES["raw"] if s.table == "clients")
    assert {r.status for r in validate(database, [suite], THRESHOLDS)} == {"pass"}
