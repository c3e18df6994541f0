"""What earlier releases told of people who are counted in this one too.

What belongs here: what a release remembers for the next ones.
What does not: laying it beside the counts of now (``told_before``), or whether a row may move
(``release_changes``).

Nobody need be remembered: what was shown of each cell, and which patterns of cells there were, not
how many people had each.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import pandas as pd

from orchestration.disclosure.policies import DisclosurePolicy
from orchestration.disclosure.release_changes import (
    BLOCK,
    FEW,
    MANY,
    NEW,
    UNCHANGED,
    block_of,
    cell_parts,
)

# How many releases of a policy are remembered in which a set of counts that hang together moved.
REMEMBERED = 3
TOLD_CELLS = ("release_number", *BLOCK, "born", "cell", "low", "high", "smallest_count", "bins")
TOLD_ATOMS = ("release_number", "system", "unit_id", "total_id", "cells")
BIRTHS = (*BLOCK, "born")

# table, block, cell
Name = tuple[str, str, str]
# table, block
Block = tuple[str, str]
# One set of counts that hang together: system, unit (or None), total (or None).
Whole = tuple[str, str | None, str | None]


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    """The types that a file keeps, whether there are rows or not."""
    numbers = dict.fromkeys(("release_number", "born", "smallest_count"), "int64")
    numbers |= dict.fromkeys(("low", "high"), "Int64")
    typed = frame.astype({name: numbers.get(name, "object") for name in frame.columns})
    texts = [name for name in frame.columns if name not in numbers]
    # One word for what is missing, or a file would hold another.
    return typed.assign(**{name: typed[name].where(typed[name].notna(), None) for name in texts})


def _empty(columns: tuple[str, ...]) -> pd.DataFrame:
    return _typed(pd.DataFrame({name: pd.Series(dtype=object) for name in columns}))


@dataclass(frozen=True)
class History:
    """What a release keeps for the next ones.

    Attributes:
        cells: ``TOLD_CELLS``: per cell the least and most people it can have had, by what was shown
            (both missing where it was held back), in which release its block last moved, the
            smallest count that the policy of then showed, and of a picture's bin the fine bins that
            it was made of.
        atoms: ``TOLD_ATOMS``: the patterns of cells that people had, without how many.
        births: ``BIRTHS``: in which release each block, as it is shown now, last moved.
    """

    cells: pd.DataFrame = field(default_factory=lambda: _empty(TOLD_CELLS))
    atoms: pd.DataFrame = field(default_factory=lambda: _empty(TOLD_ATOMS))
    births: pd.DataFrame = field(default_factory=lambda: _empty(BIRTHS))


def of_strict_policies(history: History, smallest: int) -> History:
    """What was told under policies that showed nothing below ``smallest``.

    What a laxer one told is told: to hold everything around it back would undo nothing.
    """
    is_lax = history.cells["smallest_count"].lt(smallest)
    lax = set(history.cells.loc[is_lax, "release_number"])
    return History(
        history.cells[~history.cells["release_number"].isin(lax)],
        history.atoms[~history.atoms["release_number"].isin(lax)],
        history.births,
    )


def births(
    changes: pd.DataFrame, last: History, number: int, other_cells: Collection[str] = ()
) -> pd.DataFrame:
    """In which release each block last moved.

    Args:
        changes: what became of each block, as of the same people (not ``shown_anew``).
        last: what the last release kept.
        number: this release's.
        other_cells: tables whose cells are other sets of people than they were, by another policy:
            what the same names told then says nothing of these.
    """
    born = changes.merge(last.births, on=BLOCK, how="left")
    is_old = born["change"].isin([FEW, UNCHANGED]) & born["born"].notna()
    is_old &= ~born["table_name"].isin(other_cells)
    born["born"] = born["born"].where(is_old, number).astype("int64")
    return born[list(BIRTHS)]


def remembered(
    last: History,
    born: pd.DataFrame,
    decided: pd.DataFrame,
    counts: pd.DataFrame,
    changes: pd.DataFrame,
    policy: DisclosurePolicy,
    number: int,
    bins: pd.DataFrame | None = None,
) -> History:
    """``last`` and what this release tells of what moved.

    Of sets of counts of which none waits the patterns too: of others no sum holds.

    Args:
        last: what the last release kept.
        born: ``births`` of this release.
        decided: ``cells.COLUMNS`` of this release's own counts.
        counts: ``int_atom_counts``.
        changes: what became of each block, anew or not.
        policy: by which these are shown.
        number: this release's.
        bins: ``merging.COLUMNS`` of this release.
    """
    atoms = counts[["system", "unit_id", "total_id", "cells"]].drop_duplicates()
    words = {
        (table, block): word for table, block, word in changes[[*BLOCK, "change"]].values.tolist()
    }
    told: set[Block] = set()
    moved = []
    known = {whole for whole, _ in wholes(last.atoms)}
    for whole, frame in wholes(atoms):
        blocks = _blocks(frame)
        states = {words.get(block) for block in blocks}
        # Or did not move, and nothing is known of when it did.
        if FEW not in states and (states & {NEW, MANY} or whole not in known):
            told |= blocks
            moved.append(frame)
    told |= {block for block, word in words.items() if word in (NEW, MANY)}
    if not told:
        return History(last.cells, last.atoms, born)
    rows = decided.merge(born, on=BLOCK)
    rows = rows[pd.MultiIndex.from_frame(rows[BLOCK].astype(object)).isin(told)]
    made_of = {} if bins is None else fine_bins(bins)
    limits = [
        policy.possible(int(value)) if status == "shown" else (None, None)
        for value, status in rows[["value", "status"]].itertuples(index=False)
    ]
    rows = rows.assign(
        release_number=number,
        low=pd.array([low for low, _ in limits], dtype="Int64"),
        high=pd.array([high for _, high in limits], dtype="Int64"),
        smallest_count=policy.smallest_count,
        bins=[made_of.get(tuple(name)) for name in rows[[*BLOCK, "cell"]].values.tolist()],
    )[list(TOLD_CELLS)]
    now = pd.concat([last.atoms.iloc[:0], *moved]).assign(release_number=number)[list(TOLD_ATOMS)]
    return _pruned(
        History(
            pd.concat([last.cells.astype(object), rows.astype(object)], ignore_index=True),
            pd.concat([last.atoms.astype(object), now.astype(object)], ignore_index=True),
            born,
        )
    )


def fine_bins(bins: pd.DataFrame) -> dict[Name, str]:
    """First and last fine bin on each axis, as text, of the cells that are bins."""
    return {
        (table, block, cell): "-".join(str(int(edge)) for edge in edges if not pd.isna(edge))
        for table, block, cell, _, *edges in bins.values.tolist()
    }


def _pruned(history: History) -> History:
    """Of each set of counts, and of each block, the newest few releases in which it moved.

    Of each policy as many: a release is laid beside those that went by its own.
    """
    policy_of: dict[int, int] = {
        int(number): int(smallest)
        for number, smallest in history.cells[["release_number", "smallest_count"]]
        .drop_duplicates()
        .values.tolist()
    }
    keep: set[tuple[int, Block]] = set()
    atoms = [history.atoms.iloc[:0]]
    for _, frame in wholes(history.atoms):
        numbers = _newest(map(int, frame["release_number"].unique()), policy_of)
        own = frame[frame["release_number"].isin(numbers)]
        atoms.append(own)
        for number, part in own.groupby("release_number"):
            keep |= {(int(str(number)), block) for block in _blocks(part)}
    told: dict[Block, set[int]] = {}
    rows = history.cells[["release_number", *BLOCK]].values.tolist()
    for number, table, block in rows:
        told.setdefault((table, block), set()).add(int(number))
    for name, all_numbers in told.items():
        keep |= {(number, name) for number in _newest(all_numbers, policy_of)}
    is_kept = [(int(number), (table, block)) in keep for number, table, block in rows]
    return History(_typed(history.cells[is_kept]), _typed(pd.concat(atoms)), history.births)


def _newest(numbers: Iterable[int], policy_of: Mapping[int, int]) -> list[int]:
    """Of each policy the newest few of these releases."""
    of_policy: dict[int | None, list[int]] = {}
    for number in sorted(numbers):
        of_policy.setdefault(policy_of.get(number), []).append(number)
    return [number for own in of_policy.values() for number in own[-REMEMBERED:]]


def wholes(atoms: pd.DataFrame) -> list[tuple[Whole, pd.DataFrame]]:
    """Atoms by the set of counts that they hang together in."""
    alone, together = atoms[atoms["total_id"].isna()], atoms[atoms["total_id"].notna()]
    found: list[tuple[Whole, pd.DataFrame]] = [
        ((str(system), str(unit), None), frame)
        for (system, unit), frame in alone.groupby(["system", "unit_id"])
    ]
    found += [
        ((str(system), None, str(total)), frame)
        for (system, total), frame in together.groupby(["system", "total_id"])
    ]
    return found


def names(unit: str, total: str | None, text: str) -> list[Name]:
    """Every cell that an atom is counted in."""
    wholes = [unit] if total is None or pd.isna(total) else [unit, total]
    return [
        (table, block_of(whole, row), cell)
        for table, row, cell in _parsed(text)
        for whole in wholes
    ]


@lru_cache(maxsize=100_000)
def _parsed(text: str) -> list[Name]:
    return [cell_parts(cell) for cell in text.split(",")]


def _blocks(atoms: pd.DataFrame) -> set[Block]:
    columns = (atoms[name].tolist() for name in ("unit_id", "total_id", "cells"))
    return {name[:2] for row in zip(*columns, strict=True) for name in names(*row)}
