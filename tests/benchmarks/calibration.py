"""Do the intervals of the link over time cover what was planted, and how often cry wolf?

What belongs here: many imaginary clinics, every estimator on each, and the table of how they fared.
What does not: drawing the clinics (``calibration_clinics``) or the sums (``tests.oracle``).

    python -m tests.benchmarks.calibration --clinics 500 --out tests/benchmarks/calibration.md
"""

import argparse
import shlex
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from orchestration.statistics import cross_lagged, early_change, mediation, within_models
from orchestration.statistics.block_sums import groups, product_names, regression
from orchestration.statistics.intervals import t_interval
from tests.benchmarks import calibration_clinics as clinics
from tests.oracle.panel_mirror import early_sums, mediation_sums, panel_sums, wave_sums

FLOOR = 30
SEED = 20261125
REPLICATES = 1000
SUMMARY = """\
In short:

* The random-intercept cross-lagged panel, first differences and early change hold, also where
  only symptoms lead, visits are unbalanced, or people leave when they are worse. With straight
  courses of people's own the cross-lagged panel finds something in 8 of 100 clinics without it.
* Fixed effects hold with no effect at all, multilevel rows nearly (92 of 100). Where one scale
  leads, both find the reverse too (Nickell's bias: up to 27 and 33 of 100): read them beside the
  other two. `rel_within_person`, which leaves autoregression out, has the same failing.
* The plain cross-lagged panel takes lasting differences between people for paths and fails nearly
  everywhere. It is there for comparison with earlier studies.
* The indirect path holds where one path or both exist (the 92 of 100 for time is chance: another
  700 clinics gave 95); with neither it errs towards finding nothing, as every product of paths
  does.
"""
# What a row of the table is about: plan, estimator, direction.
Key = tuple[str, str, str]
Found = tuple[Key, float, float | None, float | None, float | None]


def panels(random: np.random.Generator) -> Iterator[Found]:
    """Each estimator of a lagged path on one clinic of each plan."""
    for plan in clinics.PANELS:
        x, y = clinics.draw_panel(random, plan)
        sums = panel_sums(x, y)
        models = within_models.estimate(sums, minimum_clients=20, minimum_clients_lagged=FLOOR)
        for row in models[models["direction"] != "concurrent"].itertuples():
            key = (plan.name, f"within person, {row.model}", row.direction)
            yield key, plan.truth[row.direction], *_numbers(row, "within_slope")
        for direction, limits in _without_autoregression(sums):
            key = (plan.name, "within person, no autoregression (rel_within_person)", direction)
            yield key, plan.truth[direction], *limits
        waves = cross_lagged.estimate(wave_sums(x, y), minimum_clients=FLOOR)
        for row in waves.itertuples():
            key = (plan.name, f"cross-lagged, {row.model}", row.direction)
            yield key, plan.truth[row.direction], *_numbers(row, "estimate")


def _without_autoregression(sums: pd.DataFrame) -> Iterator[tuple[str, tuple[float, ...]]]:
    """The lagged slope adjusted for time alone, as ``rel_within_person`` has it."""
    names = within_models.LAGGED
    wanted = ("lagged_occasion_count", *product_names("lagged", names))
    blocks = next(groups(sums[sums["part"] == "block"], ("stratum_id",), wanted))[1]
    matrices, rows = blocks.products("lagged", names), blocks.total("lagged_occasion_count")
    for direction, other, response in (
        ("process_to_outcome", "xb", "y"),
        ("outcome_to_process", "yb", "x"),
    ):
        at = [names.index(other), names.index("k")]
        left, right = matrices[:, at][:, :, at], matrices[:, at, names.index(response)]
        solved = regression(left, right, rows)
        assert solved is not None
        slope, error = solved.coefficients[:1], np.sqrt(solved.covariance[:1, 0])
        low, high = t_interval(slope, error, np.array([solved.freedom]))
        yield direction, (float(slope[0]), float(low[0]), float(high[0]))


def courses(random: np.random.Generator) -> Iterator[Found]:
    """Early change on one clinic of each plan; the reverse direction has no effect planted."""
    for plan in clinics.COURSES:
        x, y, day = clinics.draw_course(random, plan)
        sums = early_sums(x, y, day, clinics.EARLY_WINDOW)
        for row in early_change.estimate(sums, window="", minimum_clients=FLOOR).itertuples():
            truth = plan.early if row.direction == "process_to_outcome" else 0.0
            yield (plan.name, "early change", row.direction), truth, *_numbers(row, "estimate")


def paths(random: np.random.Generator) -> Iterator[Found]:
    """The indirect path on one clinic of each plan."""
    for plan in clinics.PATHS:
        mediator, outcome, cause = clinics.draw_path(random, plan)
        sums = mediation_sums(
            mediator, outcome, kind=plan.kind, window="middle_then_last", cause=cause
        )
        found = mediation.estimate(sums, minimum_clients=20, replicates=REPLICATES, seed=1)
        for row in found.itertuples():
            key = (plan.name, f"mediation, cause: {plan.kind}", "indirect")
            yield key, plan.a * plan.b, *_numbers(row, "indirect")


def _numbers(row: object, name: str) -> tuple[float | None, float | None, float | None]:
    values = (getattr(row, name), getattr(row, "interval_low"), getattr(row, "interval_high"))  # noqa: B009 - untyped row
    if getattr(row, "status") != "estimated":  # noqa: B009 - untyped row
        return None, None, None
    return float(values[0]), float(values[1]), float(values[2])


def run(count: int, seed: int) -> pd.DataFrame:
    """One row per plan, estimator and direction, over ``count`` clinics of each plan."""
    results: dict[Key, list[tuple[float, float | None, float | None, float | None]]]
    results = defaultdict(list)
    for number in range(count):
        random = np.random.default_rng([seed, number])
        for makers in (panels, courses, paths):
            for key, truth, *limits in makers(random):
                results[key].append((truth, *limits))
    rows = []
    for (plan, estimator, direction), found in results.items():
        table = np.array(found, dtype=np.float64)
        told = table[np.isfinite(table[:, 1])]
        truth, estimate, low, high = told.T
        rows.append(
            {
                "estimator": estimator,
                "direction": direction,
                "plan": plan,
                "truth": table[0, 0],
                "estimated": len(told),
                "mean": estimate.mean() if len(told) else np.nan,
                "covered": ((low <= truth) & (truth <= high)).mean() if len(told) else np.nan,
                "told": ((low > 0) | (high < 0)).mean() if len(told) else np.nan,
            }
        )
    return pd.DataFrame(rows).sort_values(["estimator", "plan", "direction"], ignore_index=True)


def verdict(row: "pd.Series[float]", count: int) -> str:
    """Whether coverage lies in 93-97 %, allowing for the chance of so many clinics (3 sd)."""
    chance = 3 * np.sqrt(0.95 * 0.05 / max(row["estimated"], 1))
    if row["estimated"] < 0.9 * count:
        return "often not computable"
    if 0.93 <= row["covered"] <= 0.97:
        return "holds"
    return "within chance" if abs(row["covered"] - 0.95) <= chance else "**fails**"


def written(table: pd.DataFrame, count: int, command: str) -> str:
    """The report."""
    lines = [
        "# Calibration of the link over time",
        "",
        f"{count} imaginary clinics per plan, seed {SEED}. Made by `{command}`.",
        "",
        "*Covered*: share of the 95 % intervals that hold the planted value (93-97 % is right).",
        "*Told*: share of intervals without zero: false positives where the truth is 0 (4-6 % is",
        "right), power elsewhere. *Estimated*: clinics in which there was a number at all.",
        "",
    ]
    lines += [*SUMMARY.splitlines(), ""]
    for estimator, rows in table.groupby("estimator"):
        lines += [
            f"## {estimator}",
            "",
            "| plan | direction | truth | mean estimate | covered | told | estimated | |",
            "| --- | --- | ---: | ---: | ---: | ---: | ---: | --- |",
        ]
        for _, row in rows.iterrows():
            lines.append(
                f"| {row['plan']} | {row['direction']} | {row['truth']:.3f} | {row['mean']:.3f} "
                f"| {row['covered']:.1%} | {row['told']:.1%} | {row['estimated']} "
                f"| {verdict(row, count)} |"
            )
        lines.append("")
    return "\n".join(lines)


def main() -> None:
    """Run and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clinics", type=int, default=500)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    table = run(arguments.clinics, SEED)
    command = "python -m tests.benchmarks.calibration " + shlex.join(sys.argv[1:])
    report = written(table, arguments.clinics, command)
    if arguments.out:
        arguments.out.write_text(report, encoding="utf-8")
    sys.stdout.write(report)


if __name__ == "__main__":
    main()
