"""500 sequences of releases under attack, and what holding back costs, per policy.

What belongs here: the long run behind ``disclosure.md``. What does not: claims of the suite
(``tests/unit/test_disclosure_*``), which try a few of the same.

Run it with ``python -m tests.benchmarks.disclosure [sequences]``. Every release is protected as a
run protects it and judged three ways: by the auditor on what ``pub_program_measures`` would show,
by an attack that tries every table of whole numbers (at a threshold of 3, where that can be done),
and by one who knows who is in each release and sees which rows moved.
"""

import sys
import time
from collections import Counter
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd

from orchestration.auditing.audit import audit
from orchestration.disclosure.policies import POLICIES, DisclosurePolicy
from tests.oracle.random_releases import (
    Course,
    Release,
    given_away,
    make_courses,
    newcomers_given_away,
    publish,
)
from tests.oracle.release_tables import as_tables

THREE = DisclosurePolicy("three", 3, 1, 3, 1, 3, "small enough for every table to be tried")
PROGRAMS = ("a", "b", "c")
STEPS = 4


def main() -> None:
    """Run, and write the table beside this file."""
    sequences = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    lines = [
        "# What an attacker gets, and what that costs",
        "",
        f"{sequences} sequences of {STEPS} releases of imaginary clinics with three programs, to "
        "each of which as often as not nobody comes in between; every policy has its share. Made "
        "by `python -m tests.benchmarks.disclosure`. A release is attacked by the auditor, with "
        "all releases before it, and by one who knows who is in it. Policies of the same numbers "
        "show the same. The last row tries every table of whole numbers instead.",
        "",
        "| policy | releases | counts attacked | given away | newcomers given away | "
        "given away with small cells held back alone | counts shown | small | "
        "to protect others | rows that waited | of these because newcomers were few in a class |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    share = sequences // (len(POLICIES) + 1)
    started = time.perf_counter()
    numbers = {name: (one.smallest_count, one.rounding) for name, one in POLICIES.items()}
    policies = {numbers[name]: one for name, one in POLICIES.items()}
    with ProcessPoolExecutor(max_workers=2) as pool:
        runs = {
            key: [pool.submit(_one_sequence, policy, seed) for seed in range(share)]
            for key, policy in policies.items()
        }
        tried = [pool.submit(_one_exhaustive, seed) for seed in range(share)]
        done = {key: _sum(futures) for key, futures in runs.items()}
        lines += [_line(name, done[numbers[name]]) for name in POLICIES]
        lines.append(_line("every table, threshold 3", _sum(tried)))
    minutes = (time.perf_counter() - started) / 60
    lines += ["", f"{minutes:.0f} minutes on two shared cores."]
    Path(__file__).with_suffix(".md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _sum(futures: list[Future[Counter[str]]]) -> Counter[str]:
    found = Counter[str]()
    for future in futures:
        found += future.result()
    return found


def _one_sequence(policy: DisclosurePolicy, seed: int) -> Counter[str]:
    random = np.random.default_rng([seed, policy.smallest_count, policy.rounding])
    found = Counter[str]()
    courses: list[Course] = []
    last: Release | None = None
    tables: list[dict[str, pd.DataFrame]] = []
    shown: dict[str, list[Course]] = {}
    for step in range(STEPS):
        mean = 25 if step == 0 else 12
        sizes = {name: int(random.poisson(mean)) for name in PROGRAMS}
        if step > 0:
            # A program that gains nobody is the same people in both releases.
            sizes = {name: size * int(random.integers(2)) for name, size in sizes.items()}
        courses = [*courses, *make_courses(random, sizes, 1000 * step)]
        release = publish(courses, last, policy)
        seen = as_tables(release)
        verdict = audit(seen, tables, smallest=policy.smallest_count, rounding=policy.rounding)
        found += _told(release)
        found["attacked"] += verdict.attacked
        for kind in (verdict.recovered, verdict.narrowed, verdict.undecided, verdict.differenced):
            found["given away"] += sum(kind.values())
        if not verdict.is_clean:
            print(policy.name, seed, step, *verdict.sentences(), flush=True)  # noqa: T201
        bare = publish(courses, None, policy, is_complementary=False)
        leaks = audit(as_tables(bare), [], smallest=policy.smallest_count,
                      rounding=policy.rounding)  # fmt: skip
        found["bare"] += sum(leaks.recovered.values()) + sum(leaks.narrowed.values())
        for name in PROGRAMS:
            own = [course for course in courses if course.program == name]
            if last is not None:
                found["newcomers"] += newcomers_given_away(
                    shown.get(name, []), own, last, release, policy.smallest_count
                )
            changes = release.changes.set_index("block_id")["change"]
            if changes.get(f"{name}|mood") in ("new", "many"):
                shown[name] = own
        tables = [seen, *tables][:3]
        last = release
    return found


def _one_exhaustive(seed: int) -> Counter[str]:
    random = np.random.default_rng([seed, 3])
    courses = make_courses(random, {"a": int(random.integers(3, 20))})
    release = publish(courses, None, THREE)
    found = _told(release)
    found["given away"] = given_away(courses, release.seen, 3, room=4)
    bare = publish(courses, None, THREE, is_complementary=False)
    found["bare"] = given_away(courses, bare.seen, 3, room=4)
    return found


def _told(release: Release) -> Counter[str]:
    decided = release.decided
    blocks = release.seen[["table_name", "block_id"]].itertuples(index=False, name=None)
    is_rested = np.array([block in decided.rested for block in blocks])
    return Counter(
        {
            "releases": 1,
            "cells": len(release.seen),
            "shown": int((release.seen["status"] == "shown").sum()),
            "small": decided.small,
            "complementary": decided.complementary,
            "kept": decided.kept,
            "rested": int(is_rested.sum()),
        }
    )


def _line(name: str, found: Counter[str]) -> str:
    def share(kind: str) -> str:
        return f"{found[kind] / found['cells']:.0%}" if found["cells"] else "-"

    numbers = [found["releases"], found["attacked"], found["given away"], found["newcomers"],
               found["bare"]]  # fmt: skip
    shares = [share(kind) for kind in ("shown", "small", "complementary", "kept", "rested")]
    return f"| {name} | {' | '.join(f'{n:,}' for n in numbers)} | {' | '.join(shares)} |"


if __name__ == "__main__":
    main()
