"""The page and the list of instruments tell a clinician what the rows say, and what is not sure.

What belongs here: ``seeds/INSTRUMENTS.md``, its words, the list in a terminal.
What does not: whether the rows are right (``test_registry``, ``test_registry_against_reference``).
"""

import io
from pathlib import Path

import pytest
from rich.console import Console

from orchestration.instrument_list import print_page, show
from orchestration.instrument_page import instrument_page
from orchestration.landing.registry import Registry
from orchestration.settings import Settings
from tests.landing_home import registry_with, seeds
from tests.unit.test_registry import SEEDS, seed_rows
from tests.unit.test_registry_local import LOCAL, write

COMMITTED = SEEDS / "INSTRUMENTS.md"


@pytest.fixture(scope="module")
def registry() -> Registry:
    return seeds()


@pytest.fixture(scope="module")
def page(registry: Registry) -> str:
    return instrument_page(registry)


def entry(page: str, instrument_id: str) -> str:
    return page.partition(f'<a id="{instrument_id}"></a>')[2].partition("<a id=")[0]


def test_the_committed_page_is_the_current_one(page: str) -> None:
    is_current = COMMITTED.read_text(encoding="utf-8") == page
    assert is_current, "run: scout instruments --page > seeds/INSTRUMENTS.md"


@pytest.mark.parametrize("row", seed_rows("instruments"), ids=lambda row: row["instrument_id"])
def test_an_instrument_has_one_entry_with_scales_citation_and_licence(
    page: str, row: dict[str, str]
) -> None:
    assert page.count(f'<a id="{row["instrument_id"]}"></a>') == 1
    mine = entry(page, row["instrument_id"])
    assert row["citation"].rstrip(".") in mine
    assert f"Licence: {row['licence']}" in mine
    for scale in seed_rows("scales"):
        if scale["instrument_id"] == row["instrument_id"]:
            assert f"`{scale['scale_id']}` |" in mine


def test_every_unconfirmed_row_is_marked_and_is_no_default(page: str) -> None:
    expected = sum(
        row["status"] == "unconfirmed"
        for name in ("thresholds", "missing_rules", "change_rules", "instruments")
        for row in seed_rows(name)
    )
    bands = {
        (row["scale_id"], row["band_set"])
        for row in seed_rows("severity_bands")
        if row["status"] == "unconfirmed"
    }
    marked = [line for line in page.splitlines() if line.endswith("**unconfirmed**")]
    assert len(marked) == expected + len(bands) > 10
    assert not [line for line in marked if "(default)" in line]


@pytest.mark.parametrize(
    ("instrument_id", "words"),
    [
        ("phq9", "sum of items 1-9 | 0 to 27 | lower | mean of the answers if at least 7 of 9"),
        ("phq9", "* Case (default): 10 or more; adults in psychological therapy services"),
        ("phq9", "* Remission (default): less than 5;"),
        ("phq9", "minimal 0-4, mild 5-9, moderate 10-14, moderately severe 15-19, severe 20-27"),
        ("cesd", "sum of items 1-20; reversed: 4, 8, 12, 16 |"),
        ("dass21", "sum of items 3, 5, 10, 13, 16-17, 21, times 2 | 0 to 42"),
        ("core_om", "mean of items 1-34, times 10; reversed: 3-4, 7, 12, 19, 21, 31-32 |"),
        ("ede_q", "mean of the means of 4 groups of items | 0 to 6 | lower |"),
        ("eiss", "shame (external) | taken as stated, not scored from items |"),
        ("srs", "4 items answered 0-10 or between"),
        ("wai_sr", "| higher | none may be missing | confirmed |"),
        ("pcl5", "[Weathers 2013] until 2021-12-31"),
        ("gad7", "Smallest change that matters (default): 4 or more"),
        (
            "aaq2",
            "* Change (default): retest 0.81, the clinic's own deviation at baseline; criterion",
        ),
        ("scs", "no recovered class, because no cut-off is published"),
        ("scs_sf", "* Beside `scs_total`: not linked;"),
        ("dass21", "* Missing answers, another rule: at least 6 answered"),
    ],
)
def test_the_page_says_it_in_words_that_need_no_key(
    page: str, instrument_id: str, words: str
) -> None:
    assert words in entry(page, instrument_id)


def test_a_clinics_own_instrument_stands_on_its_own_page_and_is_marked(tmp_path: Path) -> None:
    mine = registry_with(write(tmp_path / "instruments", LOCAL))
    pain = entry(instrument_page(mine), "pain")
    assert "`pain` *the clinic's own*" in pain
    assert "* Case (default): 10 or more; " in pain
    assert "from 2026-01-01" in pain
    assert "low 0-9, high 10-30" in pain


def test_an_instrument_without_items_or_scales_says_so(tmp_path: Path) -> None:
    bare = write(tmp_path / "instruments", {"instruments": LOCAL["instruments"]})
    assert "No items; asks about: not stated." in entry(
        instrument_page(registry_with(bare)), "pain"
    )


def listed(tmp_path: Path, find: str = "") -> str:
    console = Console(file=io.StringIO(), width=80)
    show(Settings(home=tmp_path), console, find)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_the_list_fits_a_terminal_and_names_every_instrument_by_role(tmp_path: Path) -> None:
    text = listed(tmp_path)
    lines = text.splitlines()
    assert {line.split()[0] for line in lines if line.startswith("  ") and line[2] != " "} == {
        row["instrument_id"] for row in seed_rows("instruments")
    }
    assert [line.partition(" (")[0] for line in lines if line.endswith(")") and line[0] != " "] == [
        *("process", "mechanism", "outcome", "alliance")
    ]
    assert max(map(len, lines)) <= 100
    assert len(lines) < 220


def test_one_instrument_is_shown_with_its_change_rule(tmp_path: Path) -> None:
    text = listed(tmp_path, "phq9")
    assert "phq9_total caseness >= 10" in text
    assert "jacobson_truax, alpha 0.89" in text
    assert "1 instrument." in text
    assert "No instrument matches" in listed(tmp_path, "nothing is called this")


def test_the_page_is_printed_as_it_is(tmp_path: Path, page: str) -> None:
    console = Console(file=io.StringIO(), width=40)
    print_page(Settings(home=tmp_path), console)
    assert isinstance(console.file, io.StringIO)
    assert console.file.getvalue() == page
