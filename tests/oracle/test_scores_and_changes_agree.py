"""The SQL scores and judges change as a person with a pencil would, whatever a clinic hands in.

What belongs here: scores, intervals, change and classes of random clinics, SQL beside naive code.
What does not: relations (``test_relations_agree``), numbers from books (``tests/golden``).
"""

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, event, given, settings

from orchestration.settings import Settings
from tests.oracle import Row, number
from tests.oracle.naive_change import (
    Cutoff,
    baseline_group,
    changes,
    default_rule,
    is_clinical,
    standard_deviation,
)
from tests.oracle.naive_methods import CRITICAL, Reference, indices, reliable_class
from tests.oracle.naive_order import Administration, intervals, with_moments
from tests.oracle.naive_scorer import score as score_form
from tests.oracle.random_clinics import Clinic, Placed, clinics, make_clinic, placed, raw
from tests.sql_harness import STAGES, models, sql_scout

pytestmark = pytest.mark.slow  # hundreds of cases

POLICY = Settings.from_environment().policy
CLOSE = {"rel": 1e-9, "abs": 1e-9}

INTERVALS_WITH_A_MEANING = (
    "first_to_last",
    "baseline_to_mid",
    "baseline_to_end",
    "baseline_to_follow_up",
)

Found = dict[tuple[Any, ...], dict[str, Any]]


def exactly(score: float | None) -> Fraction | None:
    """The score without rounding: it is a fraction of small whole numbers."""
    return None if score is None else Fraction(score).limit_denominator(10_000)


def plain(value: Any) -> Any:
    """A value as it is compared: floats to nine places, the rest as they are."""
    if isinstance(value, float | Fraction):
        return pytest.approx(float(value), **CLOSE)
    return value


def assert_same(found: Found, expected: Found) -> None:
    """The same rows with the same values."""
    assert set(found) == set(expected)
    for key, row in expected.items():
        for column, value in row.items():
            assert found[key][column] == plain(value), (key, column)


def naive_scores(clinic: Clinic, forms: list[Placed]) -> Found:
    """Every form on every scale it has something to say about, from items or as stated."""
    local = clinic.local
    overrides = {row["scale_id"]: row for row in local.get("missing_rules", [])}
    labels = Counter(label(each) for each in forms)
    rows: Found = {}
    for each in forms:
        form = each.form
        has_answers = any(value is not None for value in form.answers.values())
        for scale in local["scales"]:
            scale_id = scale["scale_id"]
            has_items = any(row["scale_id"] == scale_id for row in local.get("scale_items", []))
            stated = form.stated.get(scale_id)
            belongs = scale["instrument_id"] == form.instrument_id
            # Scales stand in the order of the registry: what is looked up comes after its source.
            source = rows.get((form.key, scale.get("converted_from", "")))
            is_there = (has_answers and has_items) or stated is not None or source is not None
            if not belongs or not is_there:
                continue
            of_items = score_form(
                form.answers,
                scale | overrides.get(scale_id, {}),
                local.get("scale_items", []),
                local.get("items", []),
            )
            by_items = of_items.items_answered_count > 0
            result = exactly(of_items.score if by_items else stated)
            made = {
                "score": result,
                "score_origin": "items" if by_items else None if stated is None else "stated",
                "items_answered_count": of_items.items_answered_count,
                "item_count": of_items.item_count,
                "is_prorated": of_items.is_prorated,
            }
            if source is not None:
                made = looked_up(local, scale_id, source, stated)
                result = made["score"]
            rows[form.key, scale_id] = made | {
                "episode_id": each.episode_id,
                "stated_score": stated,
                "is_valid": result is not None,
                "is_case": None if result is None else is_clinical(result, caseness(local, scale)),
                "severity_band": severity_band(local, scale_id, result),
                "is_unplaced": each.episode_id is None,
                "is_conflict": labels[label(each)] > 1,
            }
            if each.episode_id is not None:
                rows[form.key, scale_id] |= {
                    "day": each.day,
                    "occasion_order": each.order,
                    "time_position": each.position,
                    "is_ordered_by_day": each.is_on_days,
                    "is_unordered": each.position is None,
                    "timepoint": each.timepoint,
                }
    return rows


def looked_up(
    local: Mapping[str, list[Row]], scale_id: str, source: dict[str, Any], stated: float | None
) -> dict[str, Any]:
    """What the table says of the source's score; a stated score counts where no item was given."""
    copied = ("score_origin", "items_answered_count", "item_count", "is_prorated")
    made = {column: source[column] for column in copied}
    table = {
        exactly(float(row["raw_score"])): exactly(float(row["converted_score"]))
        for row in local.get("score_conversions", [])
        if row["scale_id"] == scale_id
    }
    if source["score_origin"] == "items" or stated is None:
        return made | {"score": table.get(source["score"])}
    return made | {"score": exactly(stated), "score_origin": "stated"}


def label(each: Placed) -> tuple[Any, ...]:
    """What two forms must not share; a form without label and day shares nothing."""
    name = each.form.occasion
    if name is None:
        name = f"key {each.form.key}" if each.day is None else f"day {each.day}"
    return each.form.client_id, each.episode_id, each.form.instrument_id, name


def caseness(local: Mapping[str, list[Row]], scale: Row) -> Cutoff:
    """The scale's default threshold."""
    (row,) = [
        row
        for row in local["thresholds"]
        if row["scale_id"] == scale["scale_id"] and row["is_default"] == "true"
    ]
    return Cutoff(float(row["value"]), row["operator"])


def severity_band(
    local: Mapping[str, list[Row]], scale_id: str, score: Fraction | None
) -> str | None:
    """The highest band that begins at or below the score."""
    begun = [
        (number(row, "score_minimum"), row["label"])
        for row in local["severity_bands"]
        if row["scale_id"] == scale_id
        and score is not None
        and (number(row, "score_minimum") or 0) <= score
    ]
    return max(begun)[1] if begun else None


def sequences(scores: Found, forms: list[Placed]) -> dict[str, dict[str, list[Administration]]]:
    """Scale -> episode -> its forms; what fits no episode is left out."""
    by_key = {each.form.key: each for each in forms}
    found: dict[str, dict[str, list[Administration]]] = {}
    for (key, scale_id), row in scores.items():
        if row["episode_id"] is not None:
            mine = found.setdefault(scale_id, {}).setdefault(row["episode_id"], [])
            mine.append(by_key[key].administration(row["score"]))
    return with_moments(found)


def naive_changes(clinic: Clinic, scales: dict[str, dict[str, list[Administration]]]) -> Found:
    """Every change of every scale, judged by its default rule."""
    higher = {row["scale_id"]: row["is_higher_better"] == "true" for row in clinic.local["scales"]}
    rows: Found = {}
    for scale_id, episodes in scales.items():
        judged = changes(
            episodes,
            is_higher_better=higher[scale_id],
            rule=default_rule(clinic.local.get("change_rules", []), scale_id),
            norms=clinic.local["norms"],
            thresholds=clinic.local["thresholds"],
            minimum_baseline_count=POLICY.minimum_baseline_count,
            z=POLICY.reliable_change_z,
        )
        for episode_id, found in judged.items():
            for each in found:
                row = each._asdict()
                name = row.pop("interval_name")
                del row["baseline_key"], row["final_key"]
                rows[episode_id, scale_id, name] = row
    return rows


def naive_methods(
    clinic: Clinic, scales: dict[str, dict[str, list[Administration]]], judged: Found
) -> Found:
    """The changes that end at a moment with a meaning, by each method with a closed form."""
    rows: Found = {}
    for scale in clinic.local["scales"]:
        scale_id, direction = scale["scale_id"], 1 if scale["is_higher_better"] == "true" else -1
        rule = default_rule(clinic.local.get("change_rules", []), scale_id)
        if rule is None or scale_id not in scales:
            continue
        norms = clinic.local["norms"]
        own = baseline_group(scales[scale_id], POLICY.minimum_baseline_count)
        (published,) = [row for row in norms if row["norm_id"] == rule.get("sd_norm_id")] or [{}]
        reference = Reference(
            (own.mean if own else None)
            if rule["sd_source"] == "clinic_baseline"
            else number(published, "mean"),
            standard_deviation(rule, own, norms),
        )
        for interval in INTERVALS_WITH_A_MEANING:
            mine = {key: row for key, row in judged.items() if key[1:] == (scale_id, interval)}
            pairs = [
                (row["baseline_score"], row["final_score"])
                for row in mine.values()
                if row["change"] is not None
            ]
            for key, row in mine.items():
                found: dict[str, float | None] = dict.fromkeys(CRITICAL)
                if row["change"] is not None:
                    found = indices(
                        float(row["baseline_score"]),
                        float(row["final_score"]),
                        reference,
                        float(rule["reliability"]),
                        [(float(before), float(after)) for before, after in pairs],
                        POLICY.minimum_baseline_count,
                    )
                for method, index in found.items():
                    rows[(*key, method)] = {
                        "reliable_change_index": index,
                        "reliable_change_class": reliable_class(method, index, direction),
                        "default_class": row["reliable_change_class"],
                    }
    return rows


@settings(
    deadline=None,
    derandomize=True,
    phases=[Phase.generate, Phase.shrink],
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(clinic=clinics())
def test_scores_intervals_and_changes_of_a_random_clinic_are_those_of_the_naive_engine(
    clinic: Clinic,
) -> None:
    scout = sql_scout().build(raw(clinic), clinic.local, until="change")
    forms = placed(clinic)

    expected_scores = naive_scores(clinic, forms)
    assert_same(
        {
            (row["administration_key"], row["scale_id"]): row
            for row in scout.rows("scoring.int_scores")
        },
        expected_scores,
    )

    scales = sequences(expected_scores, forms)
    assert_same(
        {
            (row["episode_id"], row["scale_id"], row["interval_name"]): row
            for row in scout.rows("change.int_intervals")
        },
        {
            (episode_id, scale_id, each.interval_name): {
                "baseline_administration_key": each.baseline and each.baseline.administration_key,
                "final_administration_key": each.final and each.final.administration_key,
            }
            for scale_id, episodes in scales.items()
            for episode_id, administrations in episodes.items()
            for each in intervals(administrations)
        },
    )

    expected_changes = naive_changes(clinic, scales)
    assert_same(
        {
            (row["episode_id"], row["scale_id"], row["interval_name"]): row
            for row in scout.rows("change.int_changes")
        },
        expected_changes,
    )
    expected_methods = naive_methods(clinic, scales, expected_changes)
    assert_same(
        {
            (row["episode_id"], row["scale_id"], row["interval_name"], row["method"]): row
            for row in scout.rows("change.int_change_methods")
        },
        expected_methods,
    )
    for (*_, method), row in expected_methods.items():
        event(f"{method}: {row['reliable_change_class']}")
    for row in expected_changes.values():
        event(f"outcome class: {row['outcome_class']}")


def test_random_clinics_hold_every_case_that_can_be_judged() -> None:
    # Agreement on clinics in which nothing happens would prove nothing.
    seen: set[tuple[str, object]] = set()
    for seed in range(30):
        clinic = make_clinic(seed, episode_count=28, instrument_count=2, forms_at_most=5)
        forms = placed(clinic)
        scores = naive_scores(clinic, forms)
        for scale in clinic.local["scales"]:
            seen.add(("scoring_rule", scale["scoring_rule"]))
        for row in scores.values():
            seen |= {(column, row.get(column)) for column in CASES}
        scales = sequences(scores, forms)
        judged = naive_changes(clinic, scales)
        for each in judged.values():
            seen |= {(column, each[column]) for column in JUDGED}
        for (*_, method), each in naive_methods(clinic, scales, judged).items():
            seen.add((method, each["reliable_change_class"]))
        places = Counter(
            (each.episode_id, each.form.instrument_id, each.position) for each in forms
        )
        seen.add(("is_tie", max(places.values()) > 1))
    by_method = dict.fromkeys(CRITICAL, JUDGED["reliable_change_class"])
    wanted = CASES | JUDGED | by_method | {"is_tie": {True}, "scoring_rule": RULES}
    for column, values in wanted.items():
        assert {(column, value) for value in values} <= seen, column


RULES = {"sum", "mean", "mean_of_component_means", "sum_of_component_means", "stated_only"}
CASES: dict[str, set[object]] = {
    "score_origin": {"items", "stated", None},
    "is_prorated": {True, False},
    "is_valid": {True, False},
    "is_conflict": {True, False},
    "is_unplaced": {True, False},
    "is_unordered": {True, False},
    "is_ordered_by_day": {True, False},
}
JUDGED: dict[str, set[object]] = {
    "reliable_change_class": {"improved", "unchanged", "deteriorated", "unknown"},
    "outcome_class": {
        *("recovered", "improved", "unchanged", "deteriorated", "harmed", "unknown"),
    },
    "unknown_reason": {
        *("no_score", "no_second_score", "no_rule", "no_standard_deviation", "no_cutoff", None),
    },
}


def test_every_model_can_be_made_of_a_random_clinic() -> None:
    """Elsewhere those alone are made that a test looks at."""
    for seed in range(3):
        clinic = make_clinic(seed, episode_count=28, instrument_count=2, forms_at_most=5)
        sql_scout().build(raw(clinic), clinic.local).make_all()


def test_a_clinic_without_one_form_has_every_table_and_not_one_row() -> None:
    scout = sql_scout().build()
    about_scales = (
        "stg_registry__",
        "int_scale_",
        "int_item_groups",
        "int_bands",
        "int_change_criteria",
    )
    for model in models():
        if model.schema in STAGES and not model.name.startswith(about_scales):
            assert scout.rows(f"{model.schema}.{model.name}") == [], model.name
    criteria = scout.rows("change.int_change_criteria")
    assert {row["baseline_count"] for row in criteria} == {0}
    own = [row for row in criteria if row["sd_source"] == "clinic_baseline"]
    assert {row["standard_error_of_difference"] for row in own} == {None}
