"""What may move from one release to the next: a row moves when enough clients behind it changed.

What belongs here: comparing what stood behind a row when it was last published with now.
What does not: the rows themselves (``assets.disclosure`` puts the kept ones back).

Two releases of an exact count and mean tell a single newcomer's score, by subtraction
(reliability.md 0.8). So a block keeps what was last published of it until nobody, or at least
``smallest`` clients, were gained, lost or changed in each count that means and rates are taken
over. Clients are told apart by 256 buckets: as many clients changed at least as buckets did.
"""

import hashlib
from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from orchestration.disclosure.tables import PublishedTable

# One row per block, base and bucket: how many episodes, and two numbers that tell any change: of
# the sums behind means, and of the counts that an episode is counted in. A clinic's own spread
# moves with each newcomer and may reclass many: that must not look like many who came.
STATE = ("table_name", "block_id", "base", "bucket", "episode_count", "amounts", "classes")
_SUMS = [f"sum_{number}" for number in range(1, 8)]
BLOCK = ["table_name", "block_id"]

NEW, UNCHANGED, FEW, MANY = "new", "unchanged", "few", "many"

# In place of a bucket: somebody who withdrew was here, and nothing else of them is left.
LEFT = ""


def state(counts: pd.DataFrame, tables: Mapping[str, PublishedTable]) -> pd.DataFrame:
    """What stands behind every base of every block now.

    Args:
        counts: ``int_atom_counts``: unit_id, total_id, cells, bucket, episode_count, sum_1 to
            sum_7.
        tables: the published tables, by name.

    Returns:
        ``STATE``.
    """
    texts = counts["cells"].unique()
    number_of = {text: _number(text) for text in texts}
    classes = counts["cells"].map(number_of).to_numpy(np.int64)
    # Added up, so that the order does not matter; what overflows wraps around.
    numbers = counts.assign(classes=classes * counts["episode_count"].to_numpy(np.int64))
    placed = numbers.merge(_bases(counts["cells"], tables), on="cells")
    own = placed.assign(block_id=_joined(placed["unit_id"], placed["row"]))
    whole = placed[placed["total_id"].notna()]
    whole = whole.assign(block_id=_joined(whole["total_id"], whole["row"]))
    both = pd.concat([own, whole], ignore_index=True)
    grouped = both.groupby([*BLOCK, "base", "bucket"], as_index=False, sort=True)
    found = grouped[["episode_count", *_SUMS, "classes"]].sum()
    # Six digits: the order of parallel sums moves the last ones.
    sums = found[["episode_count", *_SUMS]].round(6)
    found["amounts"] = [_number(repr(row)) for row in sums.itertuples(index=False, name=None)]
    return found[list(STATE)]


def _number(text: str) -> int:
    """56 bits that tell a text."""
    return int(hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()[:14], 16)


def compare(now: pd.DataFrame, last: pd.DataFrame, smallest: int) -> pd.DataFrame:
    """How much changed behind each block since it was last published.

    Args:
        now: ``STATE`` of this run.
        last: ``STATE`` as the last release kept it.
        smallest: the fewest clients that must have changed.

    Returns:
        One row per block of ``now``: table_name, block_id and change: new (not published before),
        unchanged, few (1 to ``smallest`` - 1 clients were gained, changed their scores or changed
        their class in at least one base) or many.
    """
    keys = [*BLOCK, "base", "bucket"]
    both = now.merge(last, on=keys, how="outer", suffixes=("", "_last"))
    both["left"] = both["bucket"].eq(LEFT)
    for kind in ("amounts", "classes"):
        both[kind] = both[kind].ne(both[f"{kind}_last"]) & ~both["left"]
    both["gained"] = both["episode_count"].fillna(0) - both["episode_count_last"].fillna(0)
    told = ["amounts", "classes", "gained", "left"]
    bases = both.groupby([*BLOCK, "base"], as_index=False)[told].sum()
    bases["changed"] = bases["amounts"] + bases["classes"] + bases["left"]
    bases["is_few"] = (
        bases[["amounts", "classes", "gained"]].abs().lt(smallest)
        & bases[["amounts", "classes", "gained"]].ne(0)
    ).any(axis=1) | (bases["left"].gt(0) & bases["amounts"].lt(smallest))
    blocks = bases.groupby(BLOCK, as_index=False).agg(
        changed=("changed", "sum"), is_few=("is_few", "any")
    )
    found = now[BLOCK].drop_duplicates().merge(blocks, on=BLOCK, how="left")
    known = pd.MultiIndex.from_frame(last[BLOCK].drop_duplicates())
    is_known = pd.MultiIndex.from_frame(found[BLOCK]).isin(known)
    found["change"] = np.select(
        [~is_known, found["changed"] == 0, found["is_few"].astype(bool)],
        [NEW, UNCHANGED, FEW],
        MANY,
    )
    return found[[*BLOCK, "change"]]


def without(
    last: pd.DataFrame, now: pd.DataFrame, client: str, blocks: set[tuple[str, str]]
) -> pd.DataFrame:
    """``last`` from which a client who withdrew is taken out; only that somebody left stays.

    The client's bucket goes wherever it may have held the client: then the next release finds few
    changed there and keeps its rows, until enough others have changed too.

    Args:
        last: ``STATE`` of the last release.
        now: ``STATE`` of the warehouse that still holds the client; empty where there is none.
        client: the client's id.
        blocks: table_name and block_id of the blocks in which the client is counted now.
    """
    bucket = hashlib.md5(client.encode(), usedforsecurity=False).hexdigest()[:2]
    columns = list(STATE)
    rows = last[columns].astype(object)
    is_as_now = pd.MultiIndex.from_frame(rows).isin(
        pd.MultiIndex.from_frame(now[columns].astype(object))
    )
    is_counted = pd.MultiIndex.from_frame(rows[BLOCK]).isin(list(blocks))
    is_gone = rows["bucket"].eq(bucket).to_numpy() & (~is_as_now | is_counted)
    if not is_gone.any():
        return last
    gone = rows[is_gone].assign(bucket=LEFT, amounts=0, classes=0)
    both = pd.concat([rows[~is_gone], gone], ignore_index=True).astype(last.dtypes)
    keys = [*BLOCK, "base", "bucket", "amounts", "classes"]
    return both.groupby(keys, as_index=False)[["episode_count"]].sum()[columns]


def shown_anew(
    changes: pd.DataFrame, blocks: Collection[tuple[str, str]] | None = None
) -> pd.DataFrame:
    """``changes`` as they are where nothing that was shown need stay as it was shown.

    Args:
        changes: as ``compare`` returns it.
        blocks: those of which this is so; all where none are given.
    """
    names = changes[BLOCK].itertuples(index=False, name=None)
    is_asked = np.array([blocks is None or name in blocks for name in names], dtype=bool)
    return changes.assign(
        change=changes["change"].mask(changes["change"].eq(UNCHANGED) & is_asked, NEW)
    )


def with_linked(changes: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """A block that shares people with one in which few changed does not move either.

    A total minus its other parts would tell the part that was kept, and so the few; and a table
    that is new in this version of Scout would tell of now what stays as it was beside it.

    Args:
        changes: as ``compare`` returns it.
        links: table_name, block_id and group: blocks of one group share people.
    """
    placed = links.merge(changes, on=BLOCK)
    touched = placed.loc[placed["change"] == FEW, "group"].unique()
    linked = placed.loc[placed["group"].isin(touched), BLOCK].drop_duplicates()
    is_linked = pd.MultiIndex.from_frame(changes[BLOCK]).isin(pd.MultiIndex.from_frame(linked))
    change = changes["change"].mask(changes["change"].isin([MANY, NEW]) & is_linked, FEW)
    return changes.assign(change=change)


def with_rested(changes: pd.DataFrame, rested: Collection[tuple[str, str]]) -> pd.DataFrame:
    """``changes`` where some blocks keep what the last release said, for reasons of their own."""
    names = changes[BLOCK].itertuples(index=False, name=None)
    is_rested = np.array([name in rested for name in names], dtype=bool)
    return changes.assign(change=changes["change"].mask(is_rested, FEW))


def links(counts: pd.DataFrame, tables: Mapping[str, PublishedTable]) -> pd.DataFrame:
    """Which blocks share people: those that one atom is counted in.

    Returns:
        table_name, block_id, group: one row per block and set of blocks that share people.
    """
    found = []
    distinct = counts[["unit_id", "total_id", "cells"]].drop_duplicates()
    for group, (unit, total, text) in enumerate(distinct.itertuples(index=False)):
        rows = {cell_parts(cell)[:2] for cell in text.split(",")}
        wholes = [unit] if pd.isna(total) else [unit, total]
        found += [(table, block_of(whole, row), group) for table, row in rows for whole in wholes]
    return pd.DataFrame(found, columns=[*BLOCK, "group"])


def carried(now: pd.DataFrame, last: pd.DataFrame, changes: pd.DataFrame) -> pd.DataFrame:
    """Rows of now, but those of ``last`` for blocks that keep what was published."""
    kept = pd.MultiIndex.from_frame(
        changes.loc[changes["change"].isin([FEW, UNCHANGED]), BLOCK].astype(object)
    )
    if not len(kept):
        return now
    is_kept = pd.MultiIndex.from_frame(now[BLOCK].astype(object)).isin(kept)
    was_kept = pd.MultiIndex.from_frame(last[BLOCK].astype(object)).isin(kept)
    return pd.concat([now[~is_kept], last[was_kept].astype(now.dtypes)], ignore_index=True)


def _bases(cells: pd.Series, tables: Mapping[str, PublishedTable]) -> pd.DataFrame:
    """For each distinct text of cells the bases in it: cells, table_name, row, base."""
    found = []
    for text in cells.unique():
        for cell in text.split(","):
            table, row, name = cell_parts(cell)
            if name in tables[table].bases:
                found.append((text, table, row, name))
    return pd.DataFrame(found, columns=["cells", "table_name", "row", "base"])


def cell_parts(cell: str) -> tuple[str, str, str]:
    """``table|row|cell``, where the row may be empty or have ``|`` of its own."""
    table, _, rest = cell.partition("|")
    row, _, name = rest.rpartition("|")
    return table, row, name


def block_of(unit: str, row: str) -> str:
    """The id of the block that one row of a table makes of a unit."""
    return f"{unit}|{row}" if row else unit


def _joined(unit: pd.Series, row: pd.Series) -> pd.Series:
    return unit.where(row == "", unit + "|" + row)
