"""What changed in one episode on one scale, and does it count (Jacobson & Truax 1991)?

What belongs here: the reliable change index, the cut-offs and the classes, one person at a time
(metrics.md 2.2).
What does not: how a score came about, or the order of forms (``naive_order``).
"""

from collections.abc import Iterable, Mapping, Sequence
from math import sqrt
from typing import NamedTuple

from tests.oracle import Row, number
from tests.oracle.naive_order import Administration, Interval, in_order, intervals


class Cutoff(NamedTuple):
    """A score is on the clinical side when ``score operator value`` holds."""

    value: float
    operator: str


class Group(NamedTuple):
    """Mean and standard deviation (n - 1) of a group of people on one scale."""

    mean: float
    standard_deviation: float


class NaiveChange(NamedTuple):
    """One episode x scale x interval, with the names of ``fct_changes``."""

    interval_name: str
    baseline_key: int | None
    final_key: int | None
    baseline_score: float | None
    final_score: float | None
    baseline_day: float | None
    final_day: float | None
    change: float | None
    improvement: float | None
    reliable_change_index: float | None
    reliable_change_class: str
    outcome_class: str
    unknown_reason: str | None


def baseline_group(
    episodes: Mapping[str, Sequence[Administration]], minimum_baseline_count: int
) -> Group | None:
    """Mean and SD of the baselines of all episodes on one scale; None when they are too few."""
    values = []
    for administrations in episodes.values():
        ordered = in_order(administrations)
        if ordered and ordered[0].score is not None:
            values.append(ordered[0].score)
    if len(values) < max(minimum_baseline_count, 2):
        return None
    mean = sum(values) / len(values)
    variance = sum((value - mean) ** 2 for value in values) / (len(values) - 1)
    if max(values) == min(values):
        variance = 0.0  # all equal is exactly no spread, whatever the mean was rounded to
    return Group(mean, sqrt(variance))


def published_group(norms: Iterable[Row], norm_id: str | None) -> Group | None:
    """Mean and SD of a published group; None unless both are known."""
    for row in norms:
        if norm_id and row["norm_id"] == norm_id:
            mean, deviation = number(row, "mean"), number(row, "standard_deviation")
            if mean is not None and deviation is not None:
                return Group(mean, deviation)
    return None


def standard_deviation(rule: Row, clinic: Group | None, norms: Iterable[Row]) -> float | None:
    """The SD the reliable change index divides by."""
    if rule["sd_source"] == "clinic_baseline":
        return clinic.standard_deviation if clinic else None
    for row in norms:  # here the mean may be unknown
        if row["norm_id"] == rule.get("sd_norm_id"):
            return number(row, "standard_deviation")
    return None


def standard_error_of_difference(deviation: float, reliability: float) -> float:
    """S_diff = SD x sqrt(2 (1 - r)), in score units."""
    return deviation * sqrt(2 * (1 - reliability))


def cutoff_value(
    kind: str, direction: int, clinical: Group | None, functional: Group | None
) -> float | None:
    """Cut-off a, b or c of Jacobson & Truax; ``direction`` is +1 if higher is better, else -1."""
    if kind == "a" and clinical:
        return clinical.mean + direction * 2 * clinical.standard_deviation
    if kind == "b" and functional:
        return functional.mean - direction * 2 * functional.standard_deviation
    if kind == "c" and clinical and functional:
        spread = clinical.standard_deviation + functional.standard_deviation
        if spread > 0:
            return (
                clinical.standard_deviation * functional.mean
                + functional.standard_deviation * clinical.mean
            ) / spread
    return None


def cutoff(
    rule: Row, direction: int, clinic: Group | None, norms: Sequence[Row], thresholds: Sequence[Row]
) -> Cutoff | None:
    """Where the clinical side begins under ``rule``; None when there is no cut-off."""
    kind = rule.get("cutoff_kind") or "none"
    if kind == "threshold":
        for row in thresholds:
            if row["threshold_id"] == rule["cutoff_threshold_id"]:
                return Cutoff(float(row["value"]), row["operator"])
        return None
    clinical = clinic
    if rule.get("clinical_source") != "clinic_baseline":
        clinical = published_group(norms, rule.get("clinical_norm_id"))
    functional = published_group(norms, rule.get("functional_norm_id"))
    value = cutoff_value(kind, direction, clinical, functional)
    if value is None:
        return None
    return Cutoff(value, "<=" if direction > 0 else ">=")


def is_clinical(score: float, limit: Cutoff) -> bool:
    """Is ``score`` on the clinical side of ``limit``?"""
    return {
        ">=": score >= limit.value,
        ">": score > limit.value,
        "<=": score <= limit.value,
        "<": score < limit.value,
    }[limit.operator]


def reliable_change_class(index: float | None, direction: int, z: float) -> str:
    """Strictly beyond z counts: the change has to exceed the index, not just equal it."""
    if index is None:
        return "unknown"
    if direction * index > z:
        return "improved"
    if direction * index < -z:
        return "deteriorated"
    return "unchanged"


def outcome_class(change_class: str, baseline: float, final: float, limit: Cutoff | None) -> str:
    """Reliable change and the side of the cut-off, together."""
    if change_class == "unknown" or limit is None:
        return "unknown"  # without a cut-off nobody could be told to have recovered
    if change_class == "unchanged":
        return change_class
    before, after = is_clinical(baseline, limit), is_clinical(final, limit)
    if change_class == "improved" and before and not after:
        return "recovered"
    if change_class == "deteriorated" and after and not before:
        return "harmed"
    return change_class


def default_rule(change_rules: Iterable[Row], scale_id: str) -> Row | None:
    """The rule a scale is judged by unless somebody chooses another."""
    for row in change_rules:
        if row["scale_id"] == scale_id and row["is_default"].lower() == "true":
            return row
    return None


def changes(
    episodes: Mapping[str, Sequence[Administration]],
    *,
    is_higher_better: bool,
    rule: Row | None,
    norms: Sequence[Row] = (),
    thresholds: Sequence[Row] = (),
    minimum_baseline_count: int = 2,
    z: float = 1.96,
) -> dict[str, list[NaiveChange]]:
    """Every change of every episode on one scale.

    ``episodes`` maps an episode to its administrations of this scale, scored or not, in any order;
    the clinic's own mean and SD are taken over all of them.
    """
    direction = 1 if is_higher_better else -1
    clinic = baseline_group(episodes, minimum_baseline_count)
    deviation = standard_deviation(rule, clinic, norms) if rule else None
    limit = cutoff(rule, direction, clinic, norms, thresholds) if rule else None
    error = None
    if rule and deviation:  # an SD of 0 says nothing about anybody's change
        error = standard_error_of_difference(deviation, float(rule["reliability"]))
    return {
        episode: [
            _judged(interval, direction, rule is not None, error, limit, z)
            for interval in intervals(administrations)
        ]
        for episode, administrations in episodes.items()
    }


def _judged(
    interval: Interval,
    direction: int,
    has_rule: bool,
    error: float | None,
    limit: Cutoff | None,
    z: float,
) -> NaiveChange:
    name, baseline, final = interval
    before = baseline.score if baseline else None
    after = final.score if final else None
    change = index = None
    change_class = judgement = "unknown"
    missing = {
        "no_score": before,
        "no_second_score": after,
        "no_rule": has_rule or None,
        "no_standard_deviation": error,
        "no_cutoff": limit,
    }
    if before is not None and after is not None:
        change = after - before
        index = change / error if error else None
        change_class = reliable_change_class(index, direction, z)
        judgement = outcome_class(change_class, before, after, limit)
    return NaiveChange(
        interval_name=name,
        baseline_key=baseline.administration_key if baseline else None,
        final_key=final.administration_key if final else None,
        baseline_score=before,
        final_score=after,
        baseline_day=baseline.day if baseline else None,
        final_day=final.day if final else None,
        change=change,
        improvement=None if change is None else direction * change,
        reliable_change_index=index,
        reliable_change_class=change_class,
        outcome_class=judgement,
        unknown_reason=next((reason for reason, have in missing.items() if have is None), None),
    )
