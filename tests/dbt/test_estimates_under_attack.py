"""What published estimates tell of imaginary clinics, release after release, under attack.

What belongs here: made-up people and who of them is behind which estimate, the real SQL of the
published tables, and the attacker of ``auditing``, who knows nothing of either.
What does not: the numbers themselves: every estimate here is 0.5.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest

from orchestration.auditing.audit import Frames, audit
from orchestration.auditing.shapes import SHAPES
from orchestration.disclosure import deciding, policies, release_changes
from orchestration.disclosure.tables import TABLES
from tests.dbt.running import Dbt

CMS = policies.named("cms11")
SCALES = ("care", "shame", "mood")
LINKS = (("care", "mood"), ("care", "shame"), ("shame", "mood"))
WINDOWS = ("first_to_last", "middle_then_last")
CONTENT = {"p": "explicit", "q": "explicit", "r": "none"}
# In the order in which they read each other.
PUBLISHED = ("pub_change_associations", "pub_lead_lag", "pub_strata", "pub_mediation")
MEASURES = "pub_program_measures"
BETWEEN = {"interval_low": 0.3, "interval_high": 0.7, "status": "estimated", "method": "m"}


@dataclass(frozen=True)
class Person:
    """Somebody of a program: which scales changed, at how many moments they were seen together."""

    name: str
    program: str
    condition: str
    changed: frozenset[str]
    moments: int
    has_middle: bool

    def pairs(self, *scales: str) -> bool:
        return self.changed >= set(scales)


def newcomers(random: np.random.Generator, sizes: dict[str, int], start: int) -> list[Person]:
    """People who mostly answer everything: few are missing here and there."""
    kept = random.choice([0.7, 0.95, 0.98, 1.0], size=5)
    return [
        Person(
            f"c{start}-{program}-{number}",
            program,
            str(random.choice(["worry", "low", "eating"], p=[0.5, 0.4, 0.1])),
            frozenset(s for s, share in zip(SCALES, kept, strict=False) if random.random() < share),
            int(random.integers(3, 6)) if random.random() < kept[3] else int(random.integers(3)),
            bool(random.random() < kept[4]),
        )
        for program, size in sizes.items()
        for number in range(size)
    ]


def atoms(people: list[Person]) -> Iterator[tuple[str, str, str | None, str, str]]:
    """System, unit, total, client and cells, said anew and not as the SQL says it."""
    for one in people:
        for scale in SCALES:
            told = [f"{MEASURES}||episode_count"]
            told += [f"{MEASURES}||paired_count"] if one.pairs(scale) else []
            yield "changes", f"{one.program}|{scale}", None, one.name, ",".join(told)
        for pair in LINKS:
            if one.pairs(*pair):
                unit = "|".join((one.program, *pair))
                yield "pairs", unit, None, one.name, "pub_change_associations||sample_size"
        if one.moments >= 2 and one.pairs("care", "mood"):
            told = [f"pub_lead_lag||{name}" for name in ("sample_size", "lagged_size")]
            yield (
                "lead_lag", f"{one.program}|care|mood", "all|care|mood", one.name,
                ",".join(told if one.moments >= 3 else told[:1]),
            )  # fmt: skip
        for window in WINDOWS if one.pairs(*SCALES) else ():
            if window == "first_to_last" or one.has_middle:
                unit = f"care|shame|mood|{window}"
                told = ["pub_mediation||sample_size"]
                yield "mediation", f"{one.program}|{unit}", f"all|{unit}", one.name, told[0]
        if one.pairs("care", "mood"):
            told = [
                f"pub_strata|{kind}|{name}|sample_size"
                for kind, own in groups(one)
                for name in (own, "all")
            ]
            yield "strata", "care|mood", None, one.name, ",".join(told)


def groups(one: Person) -> list[tuple[str, str]]:
    return [
        ("condition", one.condition),
        ("program", one.program),
        ("self_compassion_content", CONTENT[one.program]),
    ]


def counted(people: list[Person]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """``int_atom_counts`` and ``int_unit_sizes``."""
    found = pd.DataFrame(atoms(people), columns=["system", "unit_id", "total_id", "who", "cells"])
    found["bucket"] = [
        hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()[:2] for name in found["who"]
    ]
    keys = ["system", "unit_id", "total_id", "cells", "bucket"]
    counts = found.groupby(keys, dropna=False, as_index=False).agg(episode_count=("who", "size"))
    counts = counts.assign(**{f"sum_{number}": counts["episode_count"] for number in range(1, 8)})
    wholes = found[found["total_id"].notna()].assign(unit_id=found["total_id"])
    sizes = (
        pd.concat([found, wholes])
        .groupby(["system", "unit_id"], as_index=False)
        .agg(episode_count=("who", "size"), client_count=("who", "nunique"))
    )
    return counts, sizes.assign(most_per_client=1)


def size(people: list[Person], system: str, unit: str, cell: str) -> int:
    return sum(
        system == own and unit in (one, whole) and cell in told.split(",")
        for own, one, whole, _, told in atoms(people)
    )


def marts(people: list[Person]) -> dict[str, list[dict[str, Any]]]:
    """The marts that the SQL reads: how many are behind each estimate."""
    pair = {"process_scale_id": "care", "outcome_scale_id": "mood"}
    both = ("process_to_outcome", "outcome_to_process")
    scopes = [("all", "all"), *(("program", program) for program in CONTENT)]
    found: dict[str, list[dict[str, Any]]] = {
        "dim_scales": [
            {"scale_id": scale, "role": role, "is_primary": True, "scale_kind": "total"}
            for scale, role in zip(SCALES, ("process", "mechanism", "outcome"), strict=True)
        ]
    }
    strata = sorted({group for one in people for group in groups(one)})
    found["rel_change_associations"] = [
        {
            "stratum_kind": kind, "stratum_id": name, "process_scale_id": process,
            "outcome_scale_id": outcome, "interval_name": "first_to_last", "pearson_r": 0.5,
            "improvement_r": 0.5, **BETWEEN, "evidence_label": "concurrent",
            "sample_size": sum(one.pairs(process, outcome) and (kind, name) in groups(one)
                               for one in people),
        }
        for kind, name in strata
        for process, outcome in LINKS
    ]  # fmt: skip
    found["rel_pooled"] = [
        {
            "pooled_over": kind, **pair, "interval_name": "first_to_last", "strata_count": 3,
            "sample_size": sum(one.pairs("care", "mood") for one in people), "estimate": 0.5,
            "prediction_low": 0.1, "prediction_high": 0.9, "i_squared": 0.0, **BETWEEN,
            "evidence_label": "concurrent",
        }
        for kind in ("program", "condition", "self_compassion_content")
    ]  # fmt: skip
    for table, name, column, cell in (
        ("rel_cross_lagged", "random_intercept", "estimate", "sample_size"),
        ("rel_within_person_models", "multilevel", "within_slope", "lagged_size"),
    ):
        found[table] = [
            {
                "stratum_kind": kind, "stratum_id": scope, **pair, "model": name,
                "direction": direction, column: 0.5, "wave_count": 4, **BETWEEN,
                "evidence_label": "temporally ordered",
                "client_count": size(people, "lead_lag", f"{scope}|care|mood",
                                     f"pub_lead_lag||{cell}"),
            }
            for kind, scope in scopes
            for direction in both
        ]  # fmt: skip
    found["rel_mediation"] = [
        {
            "stratum_kind": kind, "stratum_id": scope, "cause_kind": "scale", "cause_id": "care",
            "mediator_scale_id": "shame", "outcome_scale_id": "mood", "window_name": window,
            **dict.fromkeys(("a", "b", "direct", "indirect", "swapped_indirect"), 0.5),
            "swapped_interval_low": 0.3, "swapped_interval_high": 0.7, **BETWEEN,
            "evidence_label": "concurrent",
            "sample_size": size(people, "mediation", f"{scope}|care|shame|mood|{window}",
                                "pub_mediation||sample_size"),
        }
        for kind, scope in scopes
        for window in WINDOWS
    ]  # fmt: skip
    return found


@dataclass
class Release:
    """What a release shows, and what the next one needs to know of it."""

    frames: dict[str, pd.DataFrame]
    told: deciding.Told


def publish(people: list[Person], releases: list[Release], sql: dict[str, str]) -> Release:
    """What a run does between counting and showing."""
    last = releases[-1] if releases else None
    told = deciding.Told() if last is None else last.told
    number = len(releases) + 1
    decision = deciding.decide_release(
        *counted(people), told, CMS, number, is_same_policy=last is not None
    )
    frames = shown(people, decision.made["published_cells"], sql)
    if last is not None:
        kept = decision.made["kept_blocks"]
        frames = {name: put_back(name, own, last.frames[name], kept) for name, own in
                  frames.items()}  # fmt: skip
    return Release(frames, decision.told)


def shown(
    people: list[Person], decided: pd.DataFrame, sql: dict[str, str]
) -> dict[str, pd.DataFrame]:
    """The published tables that the real SQL makes of these people."""
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as warehouse; use warehouse")
        for schema in ("marts", "published", "disclosure"):
            connection.execute(f"create schema {schema}")
        policy = pd.DataFrame([policies.as_row(CMS)])
        tables = {name: pd.DataFrame(rows) for name, rows in marts(people).items()}
        tables = {f"marts.{name}": frame for name, frame in tables.items()}
        tables |= {
            "disclosure.published_cells": decided,
            "disclosure.disclosure_policy": policy,
            f"published.{MEASURES}": measures(decided),
        }
        for name, frame in tables.items():
            connection.register("made", frame)
            connection.execute(f"create table {name} as select * from made")
        for name in PUBLISHED:
            connection.execute(f"create table published.{name} as {sql[name]}")
        made = {
            name: connection.table(f"published.{name}").df().astype(object)
            for name in (MEASURES, *PUBLISHED)
        }
    return {name: frame.where(frame.notna(), None) for name, frame in made.items()}


def measures(decided: pd.DataFrame) -> pd.DataFrame:
    """pub_program_measures of people whose change nobody judges."""
    own = decided[decided["table_name"] == MEASURES]
    rows = []
    for block, frame in own.groupby("block_id"):
        program, scale = str(block).split("|")
        told = frame.set_index("cell")
        row: dict[str, Any] = {
            "program_id": program, "scale_id": scale, "interval_name": "first_to_last",
            "kept_from_release": None,
        }  # fmt: skip
        for cell in TABLES[MEASURES].cells:
            is_counted = cell in ("episode_count", "paired_count")
            row[cell] = told.at[cell, "value"] if is_counted else None
            row[f"{cell}_status"] = told.at[cell, "status"] if is_counted else "not_computable"
        for mean in ("baseline_mean", "final_mean", "improvement_mean", "improved_proportion"):
            row[mean], row[f"{mean}_status"] = None, "not_computable"
        rows.append(row)
    return pd.DataFrame(rows).astype({"episode_count": "Int64", "paired_count": "Int64"})


def put_back(
    name: str, now: pd.DataFrame, last: pd.DataFrame, changes: pd.DataFrame
) -> pd.DataFrame:
    """Rows of now, but those of the last release where few changed (and the same where none)."""
    word = changes[changes["table_name"] == name].set_index("block_id")["change"]
    kept = set(word.index[word.isin([release_changes.FEW, release_changes.UNCHANGED])])
    few = set(word.index[word == release_changes.FEW])

    def blocks(frame: pd.DataFrame) -> pd.Series:
        keys = frame[list(TABLES[name].key)].itertuples(index=False)
        return pd.Series(["|".join(map(str, key)) for key in keys], index=frame.index, dtype=object)

    old = last[blocks(last).isin(kept)]
    old = old.assign(kept_from_release=[1 if block in few else None for block in blocks(old)])
    fresh = now[~blocks(now).isin(set(blocks(old)))]
    return pd.concat([fresh, old.astype(object)], ignore_index=True).astype(object)


def as_frames(release: Release) -> Frames:
    """All tables the attacker knows, most of them empty."""
    found = {}
    for table, shape in SHAPES.items():
        columns = [*shape.key, *shape.counts, *shape.shares, "kept_from_release"]
        found[table] = release.frames.get(table, pd.DataFrame(columns=columns, dtype=object))
    return found


@pytest.fixture(scope="module")
def sql(dbt: Dbt, manifest: dict[str, Any]) -> dict[str, str]:
    """The statements of the published tables as dbt compiles them."""
    assert manifest
    dbt.run("compile", "--select", *PUBLISHED)
    folder = dbt.folder / "target" / "compiled" / "scout" / "models" / "published"
    return {name: (folder / f"{name}.sql").read_text() for name in PUBLISHED}


@pytest.mark.slow
def test_nothing_is_given_away_by_estimates_in_any_of_three_releases(sql: dict[str, str]) -> None:
    told = dict.fromkeys(PUBLISHED[1:], 0)
    for seed in range(5):
        random = np.random.default_rng(seed)
        people: list[Person] = []
        releases: list[Release] = []
        for number in range(3):
            sizes = {
                program: int(random.integers(10, 90) if number == 0 else random.integers(0, 25))
                for program in CONTENT
            }
            people += newcomers(random, sizes, number)
            releases.append(publish(people, releases, sql))
            earlier = [as_frames(one) for one in reversed(releases[:-1])]
            verdict = audit(as_frames(releases[-1]), earlier, smallest=CMS.smallest_count)
            assert verdict.is_clean, (seed, number, verdict)
            for name in told:
                told[name] += int((releases[-1].frames[name]["estimate_status"] == "shown").sum())
    # An empty table gives nothing away either.
    assert min(told.values()) >= 25, told
