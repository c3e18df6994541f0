"""One release: which counts it shows, which rows wait, and what the next one needs to know of it.

What belongs here: the order in which the rules of this room are asked.
What does not: the rules, files, or the tables that dbt makes of the decision.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from orchestration.disclosure import (
    cells,
    history,
    merging,
    overlaps,
    release_changes,
    systems,
    told_before,
)
from orchestration.disclosure.history import History
from orchestration.disclosure.policies import DisclosurePolicy
from orchestration.disclosure.tables import TABLES


def _no_state() -> pd.DataFrame:
    return pd.DataFrame(columns=list(release_changes.STATE))


def _no_cells() -> pd.DataFrame:
    nothing = {name: pd.Series(dtype=object) for name in cells.COLUMNS}
    return pd.DataFrame(nothing).astype({"value": "Int64"})


@dataclass(frozen=True)
class Told:
    """What the releases before said; nothing before the first.

    Attributes:
        state: ``release_changes.STATE`` of the last release.
        cells: ``cells.COLUMNS`` as its readers see them.
        history: what it and those before it told.
    """

    state: pd.DataFrame = field(default_factory=_no_state)
    cells: pd.DataFrame = field(default_factory=_no_cells)
    history: History = field(default_factory=History)


@dataclass(frozen=True)
class Decision:
    """What was decided of a release.

    Attributes:
        made: frames by name: ``published_cells``, ``merged_bins``, ``kept_blocks``, and for the
            next release ``release_cells``, ``release_state``, ``release_births``, ``told_cells``
            and ``told_atoms``.
        decided: the same counts, with what the decision costs.
        changes: what becomes of each block: moves, waits, or is as it was.
    """

    made: Mapping[str, pd.DataFrame]
    decided: cells.Decided
    changes: pd.DataFrame

    @property
    def told(self) -> Told:
        """What the next release has to know."""
        made = self.made
        known = History(made["told_cells"], made["told_atoms"], made["release_births"])
        return Told(made["release_state"], made["release_cells"], known)


def decide_release(
    fine: pd.DataFrame,
    sizes: pd.DataFrame,
    last: Told,
    policy: DisclosurePolicy,
    number: int,
    *,
    is_same_policy: bool,
    is_complementary: bool = True,
) -> Decision:
    """Decide which counts a release shows.

    Args:
        fine: ``int_atom_counts``: how many episodes are counted in the same cells, pictures by
            their finest bins.
        sizes: ``int_unit_sizes``.
        last: what the releases before said.
        policy: the numbers to go by.
        number: of this release, from 1.
        is_same_policy: whether the last release went by the same policy; False before the first.
        is_complementary: see ``protection.protect``.
    """
    counts, bins = merging.merged(fine, systems.floors_of(sizes, policy))
    # Of the fine bins: which of them are put together is the policy's doing, not the people's.
    now = release_changes.state(fine, TABLES)
    compared = release_changes.with_linked(
        release_changes.compare(now, last.state, policy.smallest_count),
        release_changes.links(counts, TABLES),
    )
    merged = [name for name, table in TABLES.items() if table.is_merged]
    anew = () if is_same_policy else merged
    born = history.births(compared, last.history, number, anew)
    # Rows of the same people are shown anew by a new policy; where few changed they are held back,
    # for what the old policy showed may be too much for the new one.
    changes = compared if is_same_policy else release_changes.shown_anew(compared)
    known = history.of_strict_policies(last.history, policy.smallest_count)
    past = told_before.Past(known, born, TABLES)
    decided = overlaps.decide(
        counts, sizes, changes, last.cells, TABLES, policy, past,
        bins=bins, may_rest=is_same_policy, is_complementary=is_complementary,
    )  # fmt: skip
    changes = release_changes.shown_anew(
        release_changes.with_rested(changes, decided.rested), decided.anew
    )
    born = history.births(
        release_changes.with_rested(compared, decided.rested), known, number, anew
    )
    # What a laxer policy told too: a later release may go by that one again, and is laid beside it.
    told = history.remembered(
        last.history, born, decided.cells, counts, changes, policy, number, bins
    )
    is_kept = changes["change"].isin([release_changes.FEW, release_changes.UNCHANGED])
    made = {
        "published_cells": decided.cells,
        "merged_bins": bins,
        "kept_blocks": changes[is_kept & is_same_policy],
        "release_cells": (
            release_changes.carried(decided.cells, last.cells, changes)
            if is_same_policy
            else decided.cells
        ),
        "release_state": release_changes.carried(now, last.state, changes),
        "release_births": told.births,
        "told_cells": told.cells,
        "told_atoms": told.atoms,
    }
    return Decision(made, decided, changes)
