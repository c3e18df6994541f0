"""Bins are put together until none is small, and which ones were tells nothing of a small set.

What belongs here: small cases checked by eye, made-up bins, and an attacker who knows how bins are
made. What does not: what is held back (``test_disclosure_protection``).
"""

from collections import Counter
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.auditing.bounds import Knowledge, attack
from orchestration.disclosure import cells, merging, release_changes, systems
from orchestration.disclosure.merging import Span, merged, together, within_classes
from orchestration.disclosure.policies import named
from orchestration.disclosure.tables import TABLES

CMS = named("cms11")
K = CMS.smallest_count
CLASSES = ("deteriorated", "unchanged", "improved")
# The class of each of the ten fine bins of a change.
CLASS_OF_BIN = [*["deteriorated"] * 2, *["unchanged"] * 4, *["improved"] * 4]

counts_of_bins = st.lists(st.integers(0, 25), min_size=1, max_size=12)


def sums(counts: list[int], spans: list[Span]) -> list[int]:
    return [sum(counts[first - 1 : last]) for first, last in spans]


def test_neighbours_are_put_together_until_there_are_enough() -> None:
    assert together([[0, 4, 8, 30, 5, 6, 2]], 11) == [(1, 3), (4, 4), (5, 7)]
    assert sums([0, 4, 8, 30, 5, 6, 2], [(1, 3), (4, 4), (5, 7)]) == [12, 30, 13]


def test_of_two_moments_a_bin_needs_enough_in_each() -> None:
    assert together([[20, 20, 20], [5, 5, 50]], 11) == [(1, 3)]
    assert together([[20, 20, 20], [11, 5, 44]], 11) == [(1, 1), (2, 3)]


def test_a_group_of_too_few_is_one_bin_and_so_is_nobody() -> None:
    assert together([[3, 3, 3]], 11) == [(1, 3)]
    assert together([[0, 0]], 11) == [(1, 2)]


def test_a_line_between_classes_is_kept_where_both_sides_have_enough() -> None:
    assert together([[6, 6, 6, 6, 6]], 11) == [(1, 2), (3, 5)]
    assert within_classes(np.array([6, 6, 6, 6, 6]), 11, [3]) == [(1, 3), (4, 5)]
    # Three on the left are too few for a side of their own.
    assert within_classes(np.array([3, 9, 6, 9]), 11, [1]) == [(1, 2), (3, 4)]


@settings(max_examples=200, deadline=None, database=None)
@given(counts_of_bins, counts_of_bins, st.integers(2, 15))
def test_bins_lie_end_to_end_and_none_is_small(first: list[int], last: list[int], k: int) -> None:
    size = min(len(first), len(last))
    rows = [first[:size], last[:size]]
    spans = together(rows, k)
    assert [spans[0][0], spans[-1][1]] == [1, size]
    assert all(before[1] + 1 == after[0] for before, after in pairwise(spans))
    if len(spans) > 1:
        assert min(min(sums(row, spans)) for row in rows) >= k


@settings(max_examples=200, deadline=None, database=None)
@given(st.lists(st.lists(st.integers(0, 25), min_size=6, max_size=6), min_size=1, max_size=2))
def test_a_clinic_in_which_no_set_is_small_looks_exactly_alike(rows: list[list[int]]) -> None:
    """So nobody can tell of any set of fine bins that it has some people, but few."""
    spans = together(rows, K)
    alike = [[0] * 6 for _ in rows]
    for number, row in enumerate(rows):
        for (_, last), people in zip(spans, sums(row, spans), strict=True):
            alike[number][last - 1] = people
    assert together(alike, K) == spans
    assert [sums(row, spans) for row in alike] == [sums(row, spans) for row in rows]
    if len(spans) > 1:
        assert all(count == 0 or count >= K for row in alike for count in row)


# --- pictures of changes beside the counts of classes ---------------------------------------------


def people(random: np.random.Generator, count: int) -> list[tuple[int, int]]:
    """Fine bins of process and outcome change of imaginary clients; the changes go together."""
    process = random.normal(random.uniform(0, 1.5), 1, count)
    outcome = 0.5 * process + random.normal(random.uniform(0, 1), 0.8, count)
    edges = np.array([-2, -1, -0.5, 0, 0.5, 1, 1.5, 2, 3])
    found = np.stack([np.searchsorted(edges, side) + 1 for side in (process, outcome)])
    return [(int(x), int(y)) for x, y in found.T]


def published(clients: list[tuple[int, int]]) -> tuple[dict[str, int | None], pd.DataFrame]:
    """What is shown of a program's picture and of both scales' classes, as a run decides it."""
    rows: list[tuple[str, str, str, int]] = []
    for (x, y), count in Counter(clients).items():
        process, outcome = CLASS_OF_BIN[x - 1], CLASS_OF_BIN[y - 1]
        bins = "pub_change_bins||"
        names = ["pub_change_associations||sample_size", f"{bins}sample_size"]
        names += [f"{bins}process_{process}", f"{bins}outcome_{outcome}", f"{bins}fine_{x}_{y}"]
        rows.append(("pairs", "p|care|mood", ",".join(names), count))
        for scale, name in (("care", process), ("mood", outcome)):
            measures = ["episode_count", "paired_count", "judged_count", f"{name}_count"]
            text = ",".join(f"pub_program_measures||{cell}" for cell in measures)
            rows.append(("changes", f"p|{scale}", text, count))
    counts = pd.DataFrame(rows, columns=["system", "unit_id", "cells", "episode_count"])
    counts = counts.assign(total_id=None, bucket="00", **{f"sum_{n}": 0.0 for n in range(1, 8)})
    sizes = (
        counts.groupby(["system", "unit_id"], as_index=False)["episode_count"]
        .sum()
        .assign(client_count=len(clients), most_per_client=1)
    )
    new, bins = merged(counts, systems.floors_of(sizes, CMS))
    now = release_changes.state(new, TABLES)
    changes = release_changes.compare(now, now.iloc[:0], K)
    nothing = pd.DataFrame(columns=list(cells.COLUMNS))
    decided = cells.decide(new, sizes, changes, nothing, TABLES, CMS).cells
    told = {
        f"{block}|{cell}": None if status != "shown" else int(value)
        for _, block, cell, value, status in decided.itertuples(index=False)
    }
    return told, bins[bins["table_name"] == "pub_change_bins"]


def is_drawn(told: dict[str, int | None]) -> bool:
    """As pub_change_bins has it: no class that is shown may be one the picture rests on hiding."""
    return told["p|care|mood|sample_size"] is not None and not any(
        told[f"p|{scale}|{name}_count"] is not None and told[f"p|care|mood|{side}_{name}"] is None
        for side, scale in (("process", "care"), ("outcome", "mood"))
        for name in CLASSES
    )


def given_away(told: dict[str, int | None], bins: pd.DataFrame) -> tuple[int, int]:
    """Classes known to be small by one who knows where the lines between classes lie."""
    knowledge = Knowledge()
    everybody = told["p|care|mood|sample_size"]
    assert everybody is not None
    inside: dict[tuple[str, str], list[object]] = {}
    for row in bins.itertuples(index=False):
        parts = [
            (row.cell, process, outcome)
            for process in {CLASS_OF_BIN[x - 1] for x in range(row.first_bin, row.last_bin + 1)}
            for outcome in {
                CLASS_OF_BIN[y - 1] for y in range(row.outcome_first_bin, row.outcome_last_bin + 1)
            }
        ]
        shown = told[f"p|care|mood|{row.cell}"]
        low, high = (shown, shown) if shown is not None else (K, everybody)
        knowledge.state(dict.fromkeys(parts, 1.0), low, high)
        for part in parts:
            inside.setdefault(("care", part[1]), []).append(part)
            inside.setdefault(("mood", part[2]), []).append(part)
    hidden = []
    for scale in ("care", "mood"):
        for name in CLASSES:
            shown = told[f"p|{scale}|{name}_count"]
            terms: dict[object, float] = dict.fromkeys(inside.get((scale, name), []), 1.0)
            if shown is None:
                # Of a group that is shown none would be shown as none.
                hidden.append((scale, name))
                knowledge.learn((scale, name), 1, everybody)
                knowledge.state(terms | {(scale, name): -1.0}, 0, 0)
            else:
                knowledge.state(terms, shown, shown)
    found = attack(knowledge, hidden, K).values()
    assert not any(one.is_contradicted for one in found)
    return sum(one.is_recovered(K) or one.is_narrowed(K) for one in found), len(hidden)


@pytest.mark.slow
def test_a_picture_gives_no_class_away_that_is_held_back() -> None:
    random = np.random.default_rng(5)
    drawn = attacked = 0
    for _ in range(30):
        told, bins = published(people(random, int(random.integers(30, 400))))
        if not is_drawn(told):
            continue
        drawn += 1
        found, hidden = given_away(told, bins)
        attacked += hidden
        assert found == 0
    assert drawn > 15, "pictures that are never drawn prove nothing"
    assert attacked > 25


@pytest.mark.slow
def test_edges_at_every_line_between_classes_would_give_some_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(merging, "_lines", lambda _classes, _smallest: ([2, 6], []))
    random = np.random.default_rng(5)
    clinics = [published(people(random, int(random.integers(30, 400)))) for _ in range(12)]
    assert sum(given_away(told, bins)[0] for told, bins in clinics) > 0
