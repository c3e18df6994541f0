"""Rules across the rows that say what scores and changes mean.

What belongs here: bands edge to edge, one default each, cut-offs and norms that fit their scale.
What does not: how scores are made (``structure``).
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from itertools import pairwise

from orchestration.landing.registry.entries import (
    Entries,
    RowType,
    grouped,
    items_by_scale,
    rows_of,
)
from orchestration.landing.registry.questionnaires import Scale
from orchestration.landing.registry.reading import Entry, Problems
from orchestration.landing.registry.rows import Row
from orchestration.landing.registry.yardsticks import (
    ChangeRule,
    MissingRule,
    Norm,
    OutcomeMeasure,
    SeverityBand,
    Threshold,
)


def check_yardsticks(entries: Entries, problems: Problems) -> None:
    """Bands cover their scale, defaults are single, rules fit their scale.

    Call it only when every row is well formed and every reference resolves.
    """
    scales = {row.scale_id: row for _, row in rows_of(entries, "scales", Scale)}
    sizes = {k: len({row.item for _, row in v}) for k, v in items_by_scale(entries).items()}
    _check_bands(entries, scales, sizes, problems)
    _check_thresholds(entries, scales, problems)
    _check_change_rules(entries, problems)
    _check_missing_rules(entries, sizes, problems)
    _check_outcome_measures(entries, problems)


def _check_outcome_measures(entries: Entries, problems: Problems) -> None:
    """One order per set, and no two sets in one place: else which set judges would be chance."""
    order_of: dict[str, int] = {}
    set_at: dict[int, str] = {}
    for entry, row in rows_of(entries, "outcome_measures", OutcomeMeasure):
        order = order_of.setdefault(row.threshold_set, row.set_order)
        if order != row.set_order:
            what = f"the other rows of this set say {order}; write the same number in all of them"
            problems.at(entry, "set_order", what)
        elif set_at.setdefault(order, row.threshold_set) != row.threshold_set:
            what = f"{set_at[order]} has this place; a lower number comes before it, a higher after"
            problems.at(entry, "set_order", what)


def _check_bands(
    entries: Entries, scales: Mapping[str, Scale], sizes: Mapping[str, int], problems: Problems
) -> None:
    rows = rows_of(entries, "severity_bands", SeverityBand)
    for (scale_id, _), bands in grouped(rows, lambda row: (row.scale_id, row.band_set)).items():
        if len({entry.origin for entry, _ in bands}) > 1:
            what = "a set of bands that comes with Scout cannot be changed; name a set of your own"
            problems.at(bands[-1][0], "band_set", what)
            continue
        scale = scales[scale_id]
        # Between two neighbours no score can fall: sums move by the multiplier, means by 1/n.
        step = scale.multiplier
        if "mean" in scale.scoring_rule:
            step = scale.multiplier / sizes[scale_id]
        ordered = sorted(bands, key=lambda pair: pair[1].band_order)
        if [row.band_order for _, row in ordered] != list(range(1, len(ordered) + 1)):
            what = "the bands of a set are numbered 1, 2, 3 ... from the lowest score; renumber"
            problems.at(ordered[-1][0], "band_order", what)
        if len({row.is_default for _, row in ordered}) > 1:
            what = "all bands of one set are default or none is; write the same in each"
            problems.at(ordered[-1][0], "is_default", what)
        if ordered[0][1].score_minimum != scale.score_minimum:
            what = "the lowest band must start at the lowest score of the scale"
            problems.at(ordered[0][0], "score_minimum", what)
        if ordered[-1][1].score_maximum != scale.score_maximum:
            what = "the highest band must end at the highest score of the scale"
            problems.at(ordered[-1][0], "score_maximum", what)
        for (_, below), (entry, above) in pairwise(ordered):
            gap = above.score_minimum - below.score_maximum
            if not 0 < gap <= step:
                what = "the band must start at the next possible score after the band below"
                problems.at(entry, "score_minimum", what)
    defaults = {(row.scale_id, row.band_set): (entry, row) for entry, row in rows if row.is_default}
    _check_single_default(defaults.values(), lambda row: row.scale_id, "set of bands", problems)


def _check_single_default(
    rows: Iterable[tuple[Entry, RowType]],
    key: Callable[[RowType], object],
    noun: str,
    problems: Problems,
) -> None:
    # A clinic's own default takes the place of the shipped one (registry.frames).
    earlier: dict[tuple[str, object], list[tuple[Entry, RowType]]] = {}
    for entry, row in rows:
        same = earlier.setdefault((entry.origin, key(row)), [])
        for other, held in same:
            if _are_valid_together(held, row):
                what = f"the scale already has a default {noun}, row {other.line} of {other.place}"
                remedy = "write false, or dates of validity that do not overlap where it has dates"
                problems.at(entry, "is_default", f"{what}; {remedy}")
                break
        same.append((entry, row))


def _are_valid_together(one: Row, other: Row) -> bool:
    """Whether there is a day on which both hold; rows without dates hold always."""
    starts = [getattr(row, "valid_from", None) or date.min for row in (one, other)]
    ends = [getattr(row, "valid_to", None) or date.max for row in (one, other)]
    return max(starts) <= min(ends)


def _check_thresholds(entries: Entries, scales: Mapping[str, Scale], problems: Problems) -> None:
    rows = rows_of(entries, "thresholds", Threshold)
    for entry, row in rows:
        scale = scales[row.scale_id]
        if not row.is_of_change:
            if not scale.score_minimum <= row.value <= scale.score_maximum:
                what = "a cut-off must lie inside the score range of its scale; check the metric"
                problems.at(entry, "value", what)
            points_up = row.operator in (">=", ">")
            side = "worse" if row.threshold_kind == "caseness" else "better"
            if points_up == (scale.is_higher_better == (side == "worse")):
                what = f"the operator must point to the {side} scores of this scale; turn it round"
                problems.at(entry, "operator", what)
        elif row.value > scale.score_maximum - scale.score_minimum:
            what = "a change cannot be larger than the score range; check the metric"
            problems.at(entry, "value", what)
    defaults = [(entry, row) for entry, row in rows if row.is_default]
    _check_single_default(
        defaults, lambda row: (row.scale_id, row.threshold_kind), "threshold of this kind", problems
    )


def _check_change_rules(entries: Entries, problems: Problems) -> None:
    norms = {row.norm_id: row for _, row in rows_of(entries, "norms", Norm)}
    thresholds = {row.threshold_id: row for _, row in rows_of(entries, "thresholds", Threshold)}
    rows = rows_of(entries, "change_rules", ChangeRule)
    for entry, row in rows:
        for column, norm_id, needs_mean in (
            ("sd_norm_id", row.sd_norm_id, False),
            ("clinical_norm_id", row.clinical_norm_id, True),
            ("functional_norm_id", row.functional_norm_id, True),
        ):
            norm = norms.get(norm_id or "")
            if norm is None:
                continue
            if norm.scale_id != row.scale_id:
                problems.at(entry, column, "that norm is of another scale; choose one of this one")
            if norm.standard_deviation is None or (needs_mean and norm.mean is None):
                what = "that norm lacks the mean or standard deviation this rule needs; choose one"
                problems.at(entry, column, f"{what} that has it")
            if row.is_default and norm.status == "unconfirmed":
                problems.at(entry, column, "a default rule may not rest on an unconfirmed norm")
        cutoff = thresholds.get(row.cutoff_threshold_id or "")
        if cutoff is None:
            continue
        if cutoff.scale_id != row.scale_id or cutoff.threshold_kind != "caseness":
            what = "it must be a caseness threshold of the same scale; choose one"
            problems.at(entry, "cutoff_threshold_id", what)
        if row.is_default and cutoff.status == "unconfirmed":
            what = "a default rule may not rest on an unconfirmed threshold"
            problems.at(entry, "cutoff_threshold_id", what)
    defaults = [(entry, row) for entry, row in rows if row.is_default]
    _check_single_default(defaults, lambda row: row.scale_id, "change rule", problems)


def _check_missing_rules(entries: Entries, sizes: Mapping[str, int], problems: Problems) -> None:
    rows = rows_of(entries, "missing_rules", MissingRule)
    defaults = [(entry, row) for entry, row in rows if row.is_default]
    _check_single_default(defaults, lambda row: row.scale_id, "missing rule", problems)
    for entry, row in rows:
        if (row.minimum_items_answered or 0) > sizes.get(row.scale_id, 0):
            what = f"the scale has only {sizes.get(row.scale_id, 0)} items; write at most that"
            problems.at(entry, "minimum_items_answered", what)
