"""Moments from the SQL, estimated by the statistics room, equal what loops over people give.

What belongs here: change-change associations and within-person slopes of random clinics in every
stratum, interval and direction, adjusted for time and not.
What does not: scores and classes (``test_scores_and_changes_agree``), other people's estimators
(``test_relations_third_judge``).
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import atanh, sqrt, tanh
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, event, given, settings

from orchestration.statistics import associations, within_person
from tests.oracle.naive_order import Administration, intervals, with_moments
from tests.oracle.naive_relations import (
    Pair,
    change_moments,
    panel_rows,
    partial_correlation,
    residualised_correlation,
    slots,
    within_moments,
)
from tests.oracle.random_clinics import Clinic, placed, raw, strata
from tests.oracle.random_trials import trials
from tests.sql_harness import SqlScout, sql_scout

pytestmark = pytest.mark.slow  # hundreds of cases

CLOSE = {"rel": 1e-6, "abs": 1e-9}
DIRECTIONS = ("concurrent", "process_to_outcome", "outcome_to_process")
# What the registry's roles mean: process -> mechanism and outcome, mechanism -> outcome.
PAIRS = (
    ("process_total", "outcome_total"),
    ("process_total", "mechanism_total"),
    ("process_half", "outcome_total"),
    ("process_half", "mechanism_total"),
    ("mechanism_total", "outcome_total"),
)
FEWEST = 4
WHOLE = "first_to_last"

Episodes = dict[str, dict[str, list[Administration]]]
Found = dict[tuple[Any, ...], dict[str, Any]]


# ---------------------------------------------------------------- the naive side


class Naive:
    """One clinic as the naive engine sees it: exact scores, one clock per episode."""

    def __init__(self, clinic: Clinic) -> None:
        self.clinic = clinic
        self.scores: dict[str, Episodes] = {}
        self.program: dict[str, str] = {}
        self.client: dict[str, str] = {}
        self.is_on_days: dict[str, bool] = {}
        for each in placed(clinic):
            assert each.episode_id is not None
            self.program[each.episode_id] = each.form.program_id
            self.client[each.episode_id] = each.form.client_id
            self.is_on_days[each.episode_id] = each.is_on_days
            for scale_id, value in each.form.stated.items():
                if value is not None:
                    score = Fraction(value).limit_denominator(100)
                    mine = self.scores.setdefault(scale_id, {}).setdefault(each.episode_id, [])
                    mine.append(each.administration(score))
        self.scores = with_moments(self.scores)

    def groups(self) -> Iterator[tuple[tuple[str, str], list[str]]]:
        """Each stratum with its episodes."""
        members: dict[tuple[str, str], list[str]] = {}
        for episode_id, program in self.program.items():
            for stratum in strata(episode_id, program, self.clinic):
                members.setdefault(stratum, []).append(episode_id)
        yield from members.items()

    def counted(self, members: list[str]) -> list[str]:
        """One episode per client: the first in which a process, else anything, was taken twice."""
        ranks = dict.fromkeys(members, 0)
        for scale_id, by_episode in self.scores.items():
            for episode_id in ranks.keys() & by_episode.keys():
                whole = [e for e in intervals(by_episode[episode_id]) if e.interval_name == WHOLE]
                if whole and whole[0].baseline and whole[0].final:
                    rank = 2 if scale_id.startswith("process") else 1
                    ranks[episode_id] = max(ranks[episode_id], rank)
        chosen: dict[str, str] = {}
        for episode_id in sorted(members, key=lambda each: (-ranks[each], each)):
            chosen.setdefault(self.client[episode_id], episode_id)
        return sorted(chosen.values())

    def pairs(self, process: str, outcome: str) -> dict[str, dict[str, Pair]]:
        """Interval -> episode -> both changes."""
        found: dict[str, dict[str, Pair]] = {}
        for episode_id in self.program:
            ends = []
            for scale in (process, outcome):
                forms = self.scores.get(scale, {}).get(episode_id, [])
                ends.append({each.interval_name: each for each in intervals(forms)})
            for name in ends[0].keys() & ends[1].keys():
                here, there = ends[0][name], ends[1][name]
                scores = [
                    end.score if end else None
                    for end in (here.baseline, here.final, there.baseline, there.final)
                ]
                if None not in scores:
                    found.setdefault(name, {})[episode_id] = Pair(*scores)
        return found

    def panels(
        self, members: list[str], process: str, outcome: str, *, in_days: bool
    ) -> dict[tuple[str, str], Any]:
        """(client, episode) -> its slots."""
        found = {}
        for episode_id in members:
            sides = [
                [
                    # Where the episode counts occasions, its days tell nothing.
                    each if each.is_on_days else each._replace(day=None)
                    for each in self.scores.get(scale, {}).get(episode_id, [])
                ]
                for scale in (process, outcome)
            ]
            panel = slots(*sides, is_time_in_days=in_days and self.is_on_days[episode_id])
            found[self.client[episode_id], episode_id] = panel
        return found

    def slopes(self, members: list[str], process: str, outcome: str) -> Iterator[Any]:
        """Direction, adjustment, unit of time and moments of one pair in one group."""
        for direction in DIRECTIONS:
            rows = panel_rows(self.panels(members, process, outcome, in_days=False), direction)
            used = {row.episode_id for row in rows}
            in_days = all(self.is_on_days[episode_id] for episode_id in used)
            panels = self.panels(sorted(used), process, outcome, in_days=in_days)
            for is_adjusted in (True, False):
                if used:
                    unit = "day" if in_days else "position"
                    moments = within_moments(panels, direction, is_adjusted=is_adjusted)
                    yield direction, is_adjusted, unit, moments


def is_number(value: Any) -> bool:
    return value is not None and value is not pd.NA and value == value


def assert_same(found: Found, expected: Found) -> None:
    """The same rows; a number that does not exist is NULL or NaN on either side."""
    assert set(found) == set(expected)
    for key, row in expected.items():
        for column, value in row.items():
            mine = found[key][column]
            if isinstance(value, float | Fraction) and is_number(value):
                assert is_number(mine), (key, column)
                assert mine == pytest.approx(float(value), **CLOSE), (key, column)
            elif value is None:
                assert not is_number(mine), (key, column)
            else:
                assert mine == value, (key, column)


def keyed(frame: pd.DataFrame, keys: tuple[str, ...]) -> Found:
    return {tuple(row[key] for key in keys): row for row in frame.to_dict("records")}


# ---------------------------------------------------------------- random clinics


def expected_associations(naive: Naive) -> Found:
    """The estimates of change-change association, by loops and by Fisher's formula."""
    higher = _directions(naive.clinic)
    rows: Found = {}
    for process, outcome in PAIRS:
        by_interval = naive.pairs(process, outcome)
        sign = 1 if higher[process] == higher[outcome] else -1
        for stratum, members in naive.groups():
            counted = naive.counted(members)
            for name, by_episode in by_interval.items():
                pairs = [by_episode[each] for each in counted if each in by_episode]
                if not pairs:
                    continue
                moments = change_moments(pairs)
                count, r = len(pairs), moments["pearson_r"]
                row: dict[str, Any] = {"sample_size": count}
                row["status"] = "too_few" if count < FEWEST else "estimated"
                if count >= FEWEST and r is None:
                    row["status"] = "not_computable"
                known = row["status"] == "estimated"
                low, high = fisher(r, count) if known and abs(r) < 1 - 1e-9 else (None, None)
                row |= {
                    "pearson_r": r if known else None,
                    "spearman_rho": moments["spearman_rho"] if known else None,
                    "slope": moments["slope"] if known else None,
                    "improvement_r": sign * r if known else None,
                }
                if low is not None or not known:
                    row |= {"interval_low": low, "interval_high": high}
                if not known:
                    row |= {"partial_r": None, "residualised_r": None}
                elif count > FEWEST:  # 4 pairs and 2 baselines always leave one straight line
                    row["partial_r"] = partial_correlation(pairs)
                    row["residualised_r"] = residualised_correlation(pairs)
                rows[(*stratum, process, outcome, name)] = row
    return rows


def fisher(r: float, count: int) -> tuple[float, float]:
    half = 1.959963984540054 / sqrt(count - 3)
    return tanh(atanh(r) - half), tanh(atanh(r) + half)


def expected_slopes(naive: Naive) -> Found:
    """The within-person estimates, with the cluster-robust error spelt out."""
    rows: Found = {}
    for process, outcome in PAIRS:
        for stratum, members in naive.groups():
            for direction, is_adjusted, unit, moments in naive.slopes(members, process, outcome):
                clients, count = moments["client_count"], moments["occasion_count"]
                floor = clients if direction == "concurrent" else moments["long_client_count"]
                slope, meat = moments["within_slope"], moments["cluster_score_sum_squares"]
                freedom = count - (2 if is_adjusted else 1)
                status = "estimated"
                if floor < 2 or clients < 2:
                    status = "too_few"
                elif slope is None or freedom <= 0:
                    status = "not_computable"
                known = status == "estimated"
                error = None
                if known:
                    small_sample = clients / (clients - 1) * (count - 1) / freedom
                    error = sqrt(meat * small_sample) / moments["regressor_sum_squares"]
                method = "person_mean_centred_cluster_robust"
                rows[(*stratum, process, outcome, direction, is_adjusted)] = {
                    "client_count": clients,
                    "occasion_count": count,
                    "status": status,
                    "within_slope": slope if known else None,
                    "between_slope": moments["between_slope"] if known else None,
                    "standard_error": error,
                    "method": f"{method}_adjusted_for_{unit}" if is_adjusted else method,
                }
    return rows


def _directions(clinic: Clinic) -> Mapping[str, bool]:
    return {row["scale_id"]: row["is_higher_better"] == "true" for row in clinic.local["scales"]}


def estimated(scout: SqlScout) -> tuple[Found, Found]:
    """Both tables of estimates, from the moments in the warehouse."""
    changes = associations.estimate(
        scout.frame("relations.int_change_association_moments"), minimum_pairs=FEWEST
    )
    slopes = within_person.estimate(
        scout.frame("relations.int_within_person_moments"),
        minimum_clients=2,
        minimum_clients_lagged=2,
    )
    return keyed(changes, associations.KEYS), keyed(slopes, within_person.KEYS)


@settings(
    deadline=None,
    derandomize=True,
    phases=[Phase.generate, Phase.shrink],
    max_examples=30,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(clinic=trials())
def test_relations_of_a_random_clinic_are_those_of_the_naive_engine(clinic: Clinic) -> None:
    changes, slopes = estimated(sql_scout().build(raw(clinic), clinic.local))
    naive = Naive(clinic)
    assert_same(changes, expected_associations(naive))
    assert_same(slopes, expected_slopes(naive))
    for row in (*changes.values(), *slopes.values()):
        event(f"status: {row['status']}")
