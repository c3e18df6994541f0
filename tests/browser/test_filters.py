"""What each filter of each page changes, and what is said where nothing is counted by a grouping.

What belongs here: a table of pages and filters, each with what must change; a choice found back in
the file by a query of its own. What does not: looks, or a real browser (``test_in_chromium``).
"""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from orchestration.dashboard.pages import PAGES
from tests.browser import releases
from tests.browser.conftest import HELD, OLDER, PLAIN
from tests.browser.test_pages import cells, laid_out, markup, text

PROGRAMS = "select program_id from published.pub_programs order by all"
UNITS = (
    "select distinct unit_id from published.pub_comparisons where unit_kind = '{}' "
    "and estimate_status = 'shown' order by all"
)
# Page, filter: the query of its options, what else the address asks for, and the exhibits (by
# heading) of which each must be another for another option.
CHANGES: dict[tuple[str, str], tuple[str, dict[str, str], tuple[str, ...]]] = {
    ("glance", "program"): (PROGRAMS, {}, ()),
    ("glance", "condition"): (UNITS.format("condition"), {"who": "condition"}, ()),
    ("glance", "clinic"): (UNITS.format("clinic"), {"who": "clinic"}, ()),
    ("glance", "period"): (UNITS.format("period"), {"who": "period"}, ()),
    ("change", "program"): (
        PROGRAMS, {}, ("at the start and", "Who changed", "Outcome rates", "From referral"),
    ),
    ("change", "scale"): (
        "select distinct scale_id from published.pub_score_bins order by all", {},
        ("at the start and at the end",),
    ),
    ("change", "condition"): (
        UNITS.format("condition"), {"who": "condition"}, ("Outcome rates",),
    ),
    ("change", "clinic"): (UNITS.format("clinic"), {"who": "clinic"}, ("Outcome rates",)),
    ("change", "period"): (UNITS.format("period"), {"who": "period"}, ("Outcome rates",)),
    ("link", "program"): (
        PROGRAMS, {}, ("Change in", "Correlation", "Which goes first", "Components", "across"),
    ),
    ("link", "outcome"): (
        "select distinct outcome_scale_id from published.pub_strata order by all", {},
        ("Change in", "Correlation", "across"),
    ),
    ("link", "groups"): (
        "select distinct stratum_kind from published.pub_strata order by all", {}, ("across",),
    ),
    ("link", "condition"): (
        "select distinct stratum_id from published.pub_strata where stratum_kind = 'condition' "
        "and row_kind = 'stratum' and estimate_status = 'shown' order by all",
        {"who": "condition"}, ("Correlation", "across"),
    ),
    ("comparison", "program"): (PROGRAMS, {}, ("with funnel limits", "published ones")),
    ("comparison", "unit_kind"): (
        "select distinct unit_kind from published.pub_comparisons order by all", {}, (" by ",),
    ),
    ("course", "program"): (PROGRAMS, {}, ()),
    ("delivery", "program"): (PROGRAMS, {}, ()),
}  # fmt: skip


def exhibits(page: AppTest) -> dict[str, str]:
    """Everything below each heading of an exhibit, as it is read, drawings too."""
    parts = re.split(r"<h3>(.*?)</h3>", markup(page), flags=re.S)
    strip = re.compile(r"<style.*?</style>|<[^>]+>", re.S)
    return {
        strip.sub("", title): strip.sub(" ", body)
        for title, body in zip(parts[1::2], parts[2::2], strict=True)
    }


def numbers(page: AppTest) -> list[str]:
    """The numbers that stand out at the head of a page, and what its sentences say."""
    return re.findall(r"<(?:dd|li)[^>]*>(.*?)</(?:dd|li)>", markup(page), re.S)


@pytest.mark.slow
@pytest.mark.parametrize(("path", "key"), CHANGES)
def test_every_filter_changes_what_the_page_says(published_home: Path, path: str, key: str) -> None:
    query, also, headings = CHANGES[path, key]
    releases.switch(published_home, PLAIN)
    options = [str(row[0]) for row in releases.published(published_home, query)][:2]
    assert len(options) == 2, "nothing to choose between"
    first, second = (laid_out(published_home, path, **also, **{key: each}) for each in options)
    assert not first.exception
    assert not second.exception
    assert [*numbers(first), text(first)] != [*numbers(second), text(second)]
    before, after = exhibits(first), exhibits(second)
    for heading in headings:
        old = [body for title, body in before.items() if heading in title]
        new = [body for title, body in after.items() if heading in title]
        assert old, f"no exhibit has {heading!r} in its title"
        assert new
        assert old != new, f"{heading} stayed as it was"


def test_every_page_that_has_filters_stands_in_the_table(published_home: Path) -> None:
    releases.switch(published_home, PLAIN)
    offered = {page.PATH for page in PAGES if [*laid_out(published_home, page.PATH).selectbox]}
    assert offered - {"quality", "dictionary"} == {path for path, _ in CHANGES}


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["condition", "clinic", "period"])
def test_what_is_not_counted_by_a_grouping_is_said_in_one_line(
    published_home: Path, kind: str
) -> None:
    releases.switch(published_home, PLAIN)
    by = {"period": "year"}.get(kind, kind)
    for path, times in (("glance", 1), ("change", 3), ("link", 3 if kind == "condition" else 4)):
        page = laid_out(published_home, path, who=kind)
        assert not page.exception
        assert "Report this line" not in text(page)
        assert text(page).count(f"ot counted by {by}: choose a program.") == times
        if path != "link" or kind == "condition":
            assert re.search("counted in (both|each)|not to be added up", text(page))


@pytest.mark.parametrize("kind", ["condition", "period"])
def test_a_groups_rates_stand_as_they_are_in_the_file(published_home: Path, kind: str) -> None:
    """Judged by DuckDB's own formatting of the same rows."""
    releases.switch(published_home, PLAIN)
    rate = (
        "case estimate_status when 'shown' then format('{:.1f}%', 100 * estimate)"
        " when 'suppressed' then 'held back' else 'not computable' end"
    )
    units = releases.published(published_home, UNITS.format(kind))
    assert units
    for (unit,) in units[:2]:
        expected = releases.published(
            published_home,
            f"select name, {rate}, coalesce(sample_size::varchar, 'held back') "
            "from published.pub_comparisons join published.pub_metric_dictionary "
            "using (metric_id) where unit_kind = ? and unit_id = ?",
            kind,
            unit,
        )
        page = laid_out(published_home, "change", who=kind, **{kind: str(unit)})
        heading = next(title for title in exhibits(page) if title.startswith("Outcome rates"))
        shown = {
            (row[0], re.sub(r"\.0%", "%", row[1].split(" (")[0]), row[3])
            for row in cells(page, heading)[1:]
        }
        assert shown == {(name, str(told).replace(".0%", "%"), n) for name, told, n in expected}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "heading"), [("link", "across programs"), ("comparison", "with funnel limits")]
)
def test_the_chosen_program_stands_out_in_words_drawing_and_table(
    published_home: Path, path: str, heading: str
) -> None:
    releases.switch(published_home, PLAIN)
    names = releases.published(
        published_home, "select program_id, program_name from published.pub_programs order by all"
    )
    for program, name in names[:2]:
        page = laid_out(published_home, path, program=str(program))
        whole = markup(page)
        title = next(each for each in exhibits(page) if heading in each)
        body = exhibits(page)[title]
        assert re.search(rf"{re.escape(str(name))}( \(chosen\)|, chosen)", body.split("<svg")[0])
        assert f"{name} (chosen)" in " ".join(re.findall(r"<title>(.*?)</title>", whole, re.S)) + (
            " ".join(re.findall(r"<svg.*?</svg>", whole, re.S))
        )
        table = cells(page, title)
        place = table[0].index("Chosen")
        marked = [row[0] for row in table[1:] if row[place] == "chosen"]
        assert marked == [name]


def test_a_release_of_before_offers_programs_alone(published_home: Path) -> None:
    releases.switch(published_home, OLDER)
    page = laid_out(published_home, "change", who="condition")
    assert not page.exception
    assert [each.label for each in page.selectbox if each.label in ("Who", "Condition")] == []


def test_a_group_that_is_held_back_is_said_to_be(published_home: Path) -> None:
    releases.switch(published_home, HELD)
    for path in ("glance", "change"):
        page = laid_out(published_home, path, who="condition")
        assert "held back" in text(page).lower()
        assert not re.search(r"\d%", re.sub(r"<style.*?</style>", "", markup(page)).split(
            "<footer")[0].split("<header")[-1].split("95%")[0][-2000:])  # fmt: skip


def test_what_a_choice_does_not_ask_for_leaves_the_address(published_home: Path) -> None:
    releases.switch(published_home, PLAIN)
    page = laid_out(published_home, "glance", who="period", program="synthetic_msc")
    assert "program" not in page.query_params
    assert page.query_params["who"] in ("period", ["period"])
