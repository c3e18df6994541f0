"""Who can be told by laying two groupings of the same people beside each other.

What belongs here: judging shown units of ``pub_comparisons`` and groups of ``pub_strata`` by who is
in them, which an attacker who knows the place roughly knows too.
What does not: what the published counts alone tell (``facts``, ``bounds``), or how units are held
back.

The files do not say that a condition is a program's clients but two; people who work there know.
So here, and only here, the auditor is told who is in which unit.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import chain, combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

TABLE, FOREST = "pub_comparisons", "pub_strata"
# One row per counted course and unit it is in.
MEMBERS = (
    "client_id",
    "episode_id",
    "unit_kind",
    "unit_id",
    "population",
    "threshold_set",
    "is_asked",
)
# Of a process and an outcome: one row per episode with both changes and unit it is in, with the
# first four of these.
Paired = Callable[[str, str], pd.DataFrame]
_ROW = ["unit_kind", "unit_id", "population", "threshold_set"]
_OVER_ASKED = ("recovery", "reliable_recovery")
# Sums of so many units are tried where units share people.
_MOST = 6
# Per course 1 where it is in a unit.
Membership = NDArray[np.int64]


def told_apart(
    candidate: Mapping[str, pd.DataFrame],
    earlier: Sequence[Mapping[str, pd.DataFrame]],
    members: pd.DataFrame,
    smallest: int,
) -> int:
    """How many shown units differ from shown units of one kind, added up, by few people.

    Args:
        candidate: the tables of the release.
        earlier: those of earlier ones: what one of them showed already tells nothing new.
        members: ``MEMBERS`` of the people of now.
        smallest: the fewest people that may be told apart.
    """
    rows = _shown(candidate[TABLE])
    known = {row for frames in earlier for row in _shown(frames[TABLE])}
    found = 0
    for is_asked in (False, True):
        for (population, thresholds), own in members.groupby(["population", "threshold_set"]):
            told = {
                row[:2]: row in known
                for row in rows
                if row[2:5] == (population, thresholds, is_asked)
            }
            found += _found(own[own["is_asked"]] if is_asked else own, told, smallest)
    return found


def groups_told_apart(
    candidate: Mapping[str, pd.DataFrame],
    earlier: Sequence[Mapping[str, pd.DataFrame]],
    paired: Paired,
    smallest: int,
) -> int:
    """How many shown groups of a forest differ from others, added up, by few people.

    Args:
        candidate: the tables of the release.
        earlier: those of earlier ones: what one of them showed already tells nothing new.
        paired: who is in a pair of scales now, and in which program and conditions.
        smallest: the fewest people that may be told apart.
    """
    rows = _shown_groups(candidate[FOREST])
    known = {row for frames in earlier for row in _shown_groups(frames[FOREST])}
    found = 0
    for process, outcome in sorted({row[2:4] for row in rows if row[0] == "condition"}):
        told = {row[:2]: row in known for row in rows if row[2:4] == (process, outcome)}
        found += _found(paired(process, outcome), told, smallest)
    return found


def _shown_groups(frame: pd.DataFrame) -> set[tuple[str, str, str, str, int]]:
    """Groups whose number of people is told, of its own time."""
    is_told = frame["sample_size_status"].eq("shown") & frame["kept_from_release"].isna()
    columns = ["stratum_kind", "stratum_id", "process_scale_id", "outcome_scale_id"]
    return {
        (str(kind), str(unit), str(process), str(outcome), int(count))
        for kind, unit, process, outcome, count in frame.loc[
            is_told & frame["row_kind"].eq("stratum"), [*columns, "sample_size"]
        ].itertuples(index=False)
    }


def _shown(frame: pd.DataFrame) -> set[tuple[str, str, str, str, bool, int]]:
    """Units whose number of people is told, of its own time, and over whom the rate is taken."""
    told = frame[(frame["sample_size_status"] == "shown") & frame["kept_from_release"].isna()]
    return {
        (str(kind), str(unit), str(population), str(thresholds), metric in _OVER_ASKED, int(count))
        for kind, unit, population, thresholds, metric, count in told[
            [*_ROW, "metric_id", "sample_size"]
        ].itertuples(index=False)
    }


def _found(members: pd.DataFrame, told: Mapping[tuple[str, str], bool], smallest: int) -> int:
    """Pairs of a unit and a kind beside which it tells of few; ``told``: whether it was before."""
    courses = members.drop_duplicates("episode_id").set_index("episode_id")["client_id"]
    people = courses.to_numpy()
    kinds: dict[str, dict[str, Membership]] = {}
    for (kind, unit), rows in members.groupby(["unit_kind", "unit_id"]):
        if (kind, unit) in told:
            own = courses.index.isin(rows["episode_id"]).astype(np.int64)
            kinds.setdefault(str(kind), {})[str(unit)] = own
    return sum(
        _tells_few(inside, [own for other, own in units.items() if (beside, other) != (kind, unit)],
                   people, smallest)
        for kind, judged in kinds.items()
        for unit, inside in judged.items()
        for beside, units in kinds.items()
        # Programs share nobody, and what was told before is told.
        if not (kind == beside == "program")
        and not (told[kind, unit] and all(told[beside, other] for other in units))
    )  # fmt: skip


def _tells_few(
    inside: Membership, others: Sequence[Membership], people: NDArray[np.object_], smallest: int
) -> bool:
    """Whether some of the others, added up, are the unit but for few people."""
    # Only what lies more within than without comes nearer.
    near = [own for own in others if 2 * (own * inside).sum() > own.sum()]
    near.sort(key=lambda own: -int((own * inside).sum()))
    share_nobody = not near or int(np.sum(near, axis=0).max()) <= 1
    tried = near[:_MOST]
    sums = (
        [near]
        if share_nobody
        else chain.from_iterable(combinations(tried, size) for size in range(1, len(tried) + 1))
    )
    return any(
        0 < _fewest(people[np.sum(chosen, axis=0) != inside], smallest) < smallest
        for chosen in sums
        if len(chosen)
    )


def _fewest(people: NDArray[np.object_], smallest: int) -> int:
    """How many different people, or ``smallest`` where there are at least so many."""
    seen: set[object] = set()
    for one in people:
        seen.add(one)
        if len(seen) >= smallest:
            break
    return len(seen)
