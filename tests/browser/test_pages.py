"""Every page laid out without a browser: each kind of release, filters, numbers."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from orchestration.dashboard.pages import PAGES
from tests.browser import releases
from tests.browser.conftest import BAD_NAMES, CHANGED, EMPTY, HELD, OLDER, PLAIN
from tests.browser.laid_out import laid_out, markup, text

KINDS = {
    "plain": PLAIN,
    "all held back": HELD,
    "empty": EMPTY,
    "bad names": BAD_NAMES,
    "older": OLDER,
}
# Pages that let choose a program, each with a table that it needs for that.
WITH_PROGRAMS = {
    "glance": "pub_attrition",
    "change": "pub_attrition",
    "link": "pub_change_associations",
    "course": "pub_course",
    "delivery": "pub_dose_response",
}
_TAG = re.compile(r"<[^>]+>")


def cells(page: AppTest, heading: str) -> list[list[str]]:
    """The cells of the table with that name."""
    found = re.search(rf"<caption>{re.escape(heading)}</caption>.*?</table>", markup(page), re.S)
    assert found, f"no table is called {heading}"
    return [
        [_TAG.sub("", cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)]
        for row in re.findall(r"<tr>(.*?)</tr>", found[0], re.S)
    ]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("path", [page.PATH for page in PAGES])
def test_every_page_of_every_kind_of_release_is_laid_out_to_its_foot(
    published_home: Path, path: str, kind: str
) -> None:
    releases.switch(published_home, KINDS[kind])
    page = laid_out(published_home, path)
    assert not page.exception
    assert "Report this line" not in text(page)
    assert 'class="foot"' in markup(page)


def test_a_home_without_a_release_says_what_to_do(tmp_path: Path) -> None:
    page = laid_out(tmp_path, "change")
    assert "scout run" in text(page)
    assert not page.exception


def test_a_file_that_is_no_database_is_said_to_be_none(tmp_path: Path) -> None:
    folder = tmp_path / "releases" / "000001"
    folder.mkdir(parents=True)
    (folder / "dashboard.duckdb").write_bytes(b"not a database" * 1000)
    releases.switch(tmp_path, 1)
    page = laid_out(tmp_path, "change")
    assert "cannot be read" in text(page)
    assert not page.exception


def test_a_page_that_fails_names_its_place_and_quotes_nothing(published_home: Path) -> None:
    releases.switch(published_home, PLAIN)
    page = AppTest.from_string(
        "from pathlib import Path\n"
        "from types import SimpleNamespace\n"
        "from orchestration.dashboard.shell import show\n"
        "from orchestration.settings import Settings\n"
        "def fail(*asked):\n"
        "    raise ValueError('a label of somebody')\n"
        "page = SimpleNamespace(TITLE='T', LEAD='L.', PATH='t', filters=fail, show=fail)\n"
        f"show(page, Settings(home=Path({str(published_home)!r})))\n",
        default_timeout=120,
    ).run()
    assert not page.exception
    assert "This page failed (ValueError at shell.py:" in text(page)
    assert "somebody" not in text(page)


def test_a_new_release_shows_at_the_next_look(published_home: Path) -> None:
    releases.switch(published_home, PLAIN)
    page = laid_out(published_home, "glance")
    assert "Release 1 " in text(page)
    releases.switch(published_home, CHANGED)
    page.run()
    assert "Release 2 " in text(page)
    assert "4,321" in text(page)


@pytest.mark.parametrize("path", WITH_PROGRAMS)
def test_the_program_chosen_is_the_program_shown_in_every_table(
    published_home: Path, path: str
) -> None:
    releases.switch(published_home, PLAIN)
    if not releases.holds(published_home, WITH_PROGRAMS[path]):
        pytest.skip(f"this release holds no {WITH_PROGRAMS[path]}")
    names = dict(
        releases.published(
            published_home, "select * exclude (self_compassion_content) from published.pub_programs"
        )
    )
    for program, name in names.items():
        # A forest of programs shows them all: that of conditions is asked for.
        page = laid_out(published_home, path, program=str(program), groups="condition")
        others = [str(other) for other in names.values() if other != name]
        shown = re.sub(r"<option.*?</option>", "", text(page))
        assert str(name) in shown
        assert not [other for other in others if other in shown]


def test_every_rate_of_every_program_stands_as_it_is_in_the_file(published_home: Path) -> None:
    """Judged by DuckDB's own formatting of the same rows, program by program."""
    releases.switch(published_home, PLAIN)
    told = (
        "case estimate_status when 'shown' then format('{:.1f}%', 100 * estimate)"
        " when 'suppressed' then 'held back' else 'not computable' end"
    )
    for (program,) in releases.published(
        published_home, "select distinct program_id from published.pub_program_outcomes"
    ):
        expected = releases.published(
            published_home,
            f"select name, {told}, coalesce(sample_size::varchar, 'held back') "
            "from published.pub_program_outcomes join published.pub_metric_dictionary "
            "using (metric_id) where program_id = ?",
            program,
        )
        table = cells(laid_out(published_home, "change", program=str(program)), "Outcome rates")
        shown = {(row[0], re.sub(r"\.0%", "%", row[1].split(" (")[0]), row[3]) for row in table[1:]}
        assert shown == {(name, str(rate).replace(".0%", "%"), n) for name, rate, n in expected}


def test_what_is_held_back_is_said_in_tables_and_drawings_and_no_number_is_left(
    published_home: Path,
) -> None:
    releases.switch(published_home, HELD)
    for path in ("glance", "change", "link"):
        page = laid_out(published_home, path)
        assert "held back" in text(page)
        for row in re.findall(r"<tr>(.*?)</tr>", markup(page), re.S):
            for value in re.findall(r'<td class="number">(.*?)</td>', row, re.S):
                assert not re.search(r"\d+%", value)
        for drawing in re.findall(r"<svg.*?</svg>", markup(page), re.S):
            assert "held back" in drawing


def test_a_link_to_something_the_release_lacks_is_answered_and_said(published_home: Path) -> None:
    releases.switch(published_home, PLAIN)
    page = laid_out(published_home, "change", program="no_such_program")
    assert not page.exception
    assert "does not hold" in text(page)


def test_every_number_with_a_definition_links_to_an_entry_that_is_there(
    published_home: Path,
) -> None:
    releases.switch(published_home, PLAIN)
    known = {
        row[0]
        for row in releases.published(
            published_home, "select metric_id from published.pub_metric_dictionary"
        )
    }
    for page in PAGES:
        asked = set(
            re.findall(
                r'href="dictionary\?metric=([^"]+)"', markup(laid_out(published_home, page.PATH))
            )
        )
        assert asked <= known
        assert asked or page.PATH == "dictionary"


def test_the_dictionary_answers_a_link_and_finds_a_word(published_home: Path) -> None:
    releases.switch(published_home, PLAIN)
    page = laid_out(published_home, "dictionary", metric="reliable_improvement")
    first = re.search(r'<article class="entry" id="([^"]+)"', markup(page))
    assert first
    assert first[1] == "metric-reliable_improvement"
    page.text_input(key="find").set_value("wilson").run()
    found = re.findall(r'<article class="entry" id="metric-([^"]+)"', markup(page))
    assert 0 < len(found) < 139
    assert "Recovery rate" in text(page)


def test_pages_stay_what_they_promise() -> None:
    """Each has a title, an address of its own and a sentence on what it answers."""
    assert len({page.PATH for page in PAGES}) == len(PAGES) == 8
    assert all(page.TITLE and page.LEAD.endswith((".", "?")) for page in PAGES)
