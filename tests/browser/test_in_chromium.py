"""The dashboard as a visitor meets it: a real Chromium, one server, one release after another."""

import csv
import io
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from orchestration.dashboard.pages import PAGES
from tests.browser.conftest import (
    BAD_NAMES,
    CHANGED,
    HELD,
    PARTLY_HELD,
    PLAIN,
    Served,
    settle,
    visit,
)

# The first page is where an address without a page leads.
PATHS = ["" if place == 0 else page.PATH for place, page in enumerate(PAGES)]
WCAG_A_AND_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
TELEPHONE = {"width": 400, "height": 800}


def choose(page: Page, label: str, option: str) -> None:
    """Choose by mouse what a filter offers."""
    page.get_by_label(label, exact=True).click()
    page.get_by_role("option", name=option, exact=True).click()
    wait_for(page, option)


def wait_for(page: Page, option: str) -> None:
    """Wait until the page is that of a choice: it says so, though only in print visibly."""
    page.locator(".shown-for", has_text=option).wait_for(state="attached")
    settle(page)


def main_text(page: Page) -> str:
    """What there is to read, filters and style sheets aside."""
    return "\n".join(page.locator(".stHtml:not(:has(> style)), .chart").all_inner_texts())


def programs(served: Served) -> list[str]:
    """Names of programs."""
    return [str(row[0]) for row in served.ask("select program_name from published.pub_programs")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_meets_wcag_a_and_aa_and_asks_no_other_host(
    chromium: Browser, served: Served, scheme: str
) -> None:
    context = chromium.new_context(color_scheme=scheme)
    page = context.new_page()
    foreign: list[str] = []
    failures: list[str] = []
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((served.address, "data:", "blob:"))
            else foreign.append(request.url)
        ),
    )
    page.on(
        "websocket",
        lambda socket: socket.url.startswith("ws://127.0.0.1") or foreign.append(socket.url),
    )
    page.on("pageerror", lambda error: failures.append(str(error)))
    violations = {}
    for path in PATHS:
        visit(page, served, path)
        found = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG_A_AND_AA}})
        violations[path] = [
            (each["id"], [node["html"][:120] for node in each["nodes"]][:3])
            for each in found.response["violations"]
        ]
    context.close()
    assert not {path: broken for path, broken in violations.items() if broken}
    assert foreign == []
    assert failures == []


def test_choosing_a_program_changes_the_numbers_and_the_address_which_leads_back_to_them(
    context: BrowserContext, served: Served
) -> None:
    first, second = programs(served)[:2]
    page = context.new_page()
    visit(page, served, "change")
    choose(page, "Program", first)
    before = main_text(page)
    choose(page, "Program", second)
    after = main_text(page)
    assert first in before
    assert first not in after
    assert second in after
    again = context.new_page()
    again.goto(page.url)
    again.locator(".foot").wait_for()
    settle(again)
    assert main_text(again) == after


def test_a_choice_goes_along_to_the_next_page(page: Page, served: Served) -> None:
    visit(page, served)
    chosen = programs(served)[1]
    choose(page, "Program", chosen)
    page.get_by_role("link", name="Change", exact=True).click()
    page.get_by_role("heading", name="Change", exact=True, level=1).wait_for()
    settle(page)
    assert page.get_by_label("Program", exact=True).input_value() == chosen


def test_a_release_published_meanwhile_shows_after_one_refresh(page: Page, served: Served) -> None:
    visit(page, served)
    assert "4,321" not in main_text(page)
    served.switch(CHANGED)
    page.reload()
    page.locator(".foot").wait_for()
    settle(page)
    assert "Release 2" in main_text(page)
    assert "4,321" in main_text(page)


def test_a_page_refreshed_while_releases_change_shows_one_of_them_from_head_to_foot(
    page: Page, served: Served
) -> None:
    visit(page, served)
    for number in (CHANGED, PLAIN, CHANGED):
        # The page is being laid out when `current` moves.
        page.reload(wait_until="commit")
        served.switch(number)
        page.locator(".foot").wait_for()
        settle(page)
        told = set(re.findall(r"[Rr]elease (\d+)", main_text(page)))
        assert len(told) == 1
        assert ("4,321" in main_text(page)) == (told == {str(CHANGED)})
        assert "failed" not in main_text(page)
        page.reload()
        page.locator(".foot").wait_for()
        settle(page)
        assert f"Release {number} " in main_text(page)


def test_what_is_held_back_is_said_in_chart_tooltip_table_and_download(
    page: Page, served: Served
) -> None:
    served.switch(PARTLY_HELD)
    visit(page, served, "change")
    drawing = page.locator(".chart .wide svg").last
    assert "held back" in str(drawing.get_attribute("aria-label"))
    assert "held back" in " ".join(drawing.locator("text").all_text_contents())
    tooltips = drawing.locator("title").all_text_contents()
    assert any("held back" in each.lower() for each in tooltips)
    row = page.locator("table").last.locator("tr", has_text="reliably recovered")
    assert set(row.locator("td.number").all_text_contents()) == {"held back"}
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download attrition.csv").click()
    told = waiting.value.path().read_text(encoding="utf-8-sig")
    (last,) = [
        row for row in csv.DictReader(io.StringIO(told)) if row["step"] == "reliably_recovered"
    ]
    assert last["episode_count"] == ""
    assert last["episode_count_status"] == "suppressed"


def test_where_everything_is_held_back_the_page_says_so_in_place_of_a_chart(
    page: Page, served: Served
) -> None:
    served.switch(HELD)
    visit(page, served, "change")
    assert page.locator(".chart").count() == 0
    assert "held back" in main_text(page).lower()
    numbers = page.locator("table").last.locator("td.number").all_text_contents()
    assert set(numbers) == {"held back"}


def test_labels_full_of_payloads_are_shown_and_run_nothing(page: Page, served: Served) -> None:
    served.switch(BAD_NAMES)
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    for path in PATHS:
        visit(page, served, path)
        if path in ("", "change", "link", "dictionary"):
            assert "<script>window.ran = 1</script>" in page.locator("body").inner_text()
        assert page.evaluate("window.ran") is None
        assert page.locator("[onerror], [onload], a[href^='javascript'], img[src='x']").count() == 0
        assert page.locator("main .katex, section .katex").count() == 0
    visit(page, served, "change")
    page.get_by_label("Program", exact=True).click()
    page.get_by_role("option").first.wait_for()
    assert page.evaluate("window.ran") is None
    assert dialogs == []


def test_every_page_reads_on_a_telephone_without_scrolling_sideways(
    chromium: Browser, served: Served
) -> None:
    context = chromium.new_context(viewport=TELEPHONE)
    page = context.new_page()
    for path in PATHS:
        visit(page, served, path)
        assert page.evaluate("document.documentElement.scrollWidth") <= TELEPHONE["width"]
        wide = page.evaluate(
            "[...document.querySelectorAll('.stHtml > *, .chart svg, .st-key-filters *')].filter("
            "each => each.getBoundingClientRect().right > innerWidth + 1 && "
            "!each.closest('.scroll')).length"
        )
        assert wide == 0, path
        assert page.locator(".chart .wide:visible").count() == 0
    context.close()


def test_the_keyboard_alone_chooses_a_program_and_opens_a_table(page: Page, served: Served) -> None:
    visit(page, served, "change")
    assert tab_until(
        page,
        "document.activeElement.getAttribute('role') === 'combobox' && "
        "document.activeElement.getAttribute('aria-label').includes('Program')",
    )
    before = main_text(page)
    other = next(name for name in programs(served) if name not in before)
    page.keyboard.press("ArrowDown")
    page.get_by_role("option").first.wait_for()
    page.keyboard.type(other)
    page.get_by_role("option", name=other).wait_for()
    page.keyboard.press("Enter")
    wait_for(page, other)
    assert main_text(page) != before
    assert tab_until(page, "document.activeElement.tagName === 'SUMMARY'")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    assert page.locator("details[open] table").first.is_visible()
    assert tab_until(page, "document.activeElement.classList.contains('scroll')")


def tab_until(page: Page, expression: str) -> bool:
    """Press Tab until something has the focus; False if nothing ever has."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate(f"Boolean(document.activeElement && {expression})"):
            return True
    return False


def test_print_leaves_out_what_only_a_screen_needs_and_says_what_is_shown(
    chromium: Browser, served: Served
) -> None:
    context = chromium.new_context(color_scheme="dark", viewport={"width": 794, "height": 1123})
    page = context.new_page()
    visit(page, served, "change")
    page.emulate_media(media="print")
    for gone in ("stSidebar", "stHeader"):
        assert not page.get_by_test_id(gone).first.is_visible()
    assert page.get_by_role("button", name="Download attrition.csv").count() == 0
    assert (
        page.get_by_label("Program", exact=True).count() == 0
        or not page.get_by_label("Program", exact=True).is_visible()
    )
    assert page.locator(".shown-for").is_visible()
    assert page.locator("details table").first.is_visible()
    paper = page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")
    ink = page.evaluate("getComputedStyle(document.querySelector('h1')).color")
    assert paper == "rgb(255, 255, 255)"
    assert sum(int(part) for part in re.findall(r"\d+", ink)) < 200
    assert page.evaluate("document.documentElement.scrollHeight") > 1123
    context.close()
