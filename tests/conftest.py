"""What tests share: homes built once per session, and how pytest leaves.

What belongs here: session fixtures and pytest's own hooks. What does not: claims, or helpers that
are plain functions (``helpers``).
"""

import atexit
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from orchestration.settings import Settings
from tests.helpers import (
    Built,
    furnish_imaginary,
    land_real_source,
    merge_instruments,
    run_to_a_release,
)
from tests.oracle import shared_data
from tests.sharing import made_once, session_folder, share_in

# A test that asks for one of these needs a built warehouse: `make test-fast` leaves it out.
BUILT_WAREHOUSES = frozenset({"imaginary_home", "small_home", "real_home"})
# Whose tests land whole files, have dbt compile the models, run commands or open a browser: it
# leaves them out, too, or it would take more than a minute.
SLOW_FOLDERS = frozenset({"browser", "dbt", "faults", "golden", "integration", "oracle"})
REAL_SOURCES = ("pospsy", "beat_the_blues", "suddengains", "keng", "jacobson_truax_1991")


# The longest files, longest first, so that none of them is begun last; two that need the same home
# do not stand side by side, or one process would wait for the other to build it.
FIRST = (
    "faults/test_kill.py",
    "integration/test_disclosure_policies.py",
    "integration/test_whole_job.py",
    "integration/test_as_of.py",
    "browser/test_in_chromium.py",
    "unit/test_expectations_rules.py",
    "privacy/test_no_trace.py",
    "browser/test_filters.py",
    "privacy/test_forget.py",
    "privacy/test_identifier_refusal.py",
    "integration/test_real_input.py",
    "privacy/test_forget_releases.py",
    "integration/test_hard_day.py",
    "integration/test_desk_tutorial.py",
    "dbt/test_unit_tests_pass.py",
    "faults/test_bad_home.py",
)
TESTS = Path(__file__).resolve().parent


@pytest.fixture(scope="session", autouse=True)
def shared_by_processes(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Where the processes of this session put what they make for each other."""
    share_in(session_folder(tmp_path_factory.getbasetemp()))


@pytest.fixture(scope="session")
def imaginary_home() -> Built:
    """The imaginary clinic of 120 clients, run once. Copy it before you change it."""

    def build(home: Path) -> Built:
        return run_to_a_release(Settings(home=furnish_imaginary(home, clients=120, seed=7)))

    return made_once("imaginary", build)


@pytest.fixture(scope="session")
def small_home() -> Built:
    """An imaginary clinic of 40 clients, run once without interruption. Copy before changing."""

    def build(home: Path) -> Built:
        return run_to_a_release(Settings(home=furnish_imaginary(home, clients=40, seed=3)))

    return made_once("small", build)


@pytest.fixture(scope="session")
def real_home() -> Built:
    """Five public data sets in one home, each with its own mapping and local definitions.

    The sources number their people from 1, so all but the first get a prefix: person 1 of one
    trial is not person 1 of another. Both files of ``suddengains`` come as sources of their own.
    """
    if shared_data() is None:
        pytest.skip("the public data sets are absent (set SCOUT_SHARED_DATA to their folder)")
    return made_once("real", _build_real_home)


def _build_real_home(home: Path) -> Built:
    home.mkdir(mode=0o700)
    merge_instruments(home, REAL_SOURCES)
    land_real_source(home, "pospsy", data=["posPsy_AHI_CESD_original.csv"])
    land_real_source(
        home, "beat_the_blues", data=["BtheB.csv"], changes={"client_id_prefix": "btheb-"}
    )
    land_real_source(home, "keng", data=["depress.csv"], changes={"client_id_prefix": "keng-"})
    land_real_source(
        home,
        "jacobson_truax_1991",
        data=["sample_data.csv"],
        changes={"client_id_prefix": "couple-"},
    )
    land_real_source(
        home, "suddengains", data=["sgdata.csv"], changes={"client_id_prefix": "clean-"}
    )
    land_real_source(
        home,
        "suddengains",
        data=["sgdata_bad.csv"],
        mapping="source_bad.yml",
        source="suddengains_bad",
        changes={"client_id_prefix": "bad-", "program_id": "suddengains_bad"},
    )
    return run_to_a_release(Settings(home=home))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is slow by its fixtures or its folder need not say so; long files first."""
    places = {TESTS / name: place for place, name in enumerate(FIRST)}
    items.sort(key=lambda item: places.get(item.path, len(FIRST)))
    for item in items:
        if BUILT_WAREHOUSES & set(getattr(item, "fixturenames", ())) or SLOW_FOLDERS & set(
            item.path.relative_to(TESTS).parts[:1]
        ):
            item.add_marker(pytest.mark.slow)


_SESSIONS: list[pytest.Session] = []


def pytest_sessionstart(session: pytest.Session) -> None:
    """Keep the session: only it knows, at the very end, how the tests went."""
    _SESSIONS.append(session)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave before the interpreter is taken down, once everything else has been done.

    One connection that anything still holds at that moment is enough for DuckDB 2.0's Python client
    to report all its types and functions as leaked: pages of it, harmless, and below the summary
    line that people and machines look for. Collecting garbage first does not help. `scout` itself
    leaves the same way (cli.py); exit functions still run, so that coverage, say, keeps its data.
    """
    if not _SESSIONS or "duckdb" not in sys.modules:
        return
    if hasattr(config, "workerinput"):  # a process of pytest-xdist, which has yet to sign off
        atexit.register(_leave, 0)
        return
    code = int(_SESSIONS[-1].exitstatus)
    reporter: Any = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None:
        reporter.flush()
    _leave(code)


def _leave(code: int) -> None:
    atexit.unregister(_leave)  # or the next line would call it again
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
