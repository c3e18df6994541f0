"""Who is shown, chosen by mouse in a real Chromium: a condition in place of a program.

What belongs here: that the choice changes the numbers, the address and the download.
What does not: every filter of every page (``test_filters``).
"""

import csv
import io

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.conftest import HELD, Served, settle, visit
from tests.browser.test_in_chromium import choose, main_text

CONDITION = "People with one condition"

pytestmark = pytest.mark.slow


def test_a_condition_chosen_goes_along_and_leads_back_to_the_same_numbers(
    context: BrowserContext, served: Served
) -> None:
    page = context.new_page()
    visit(page, served)
    everybody = main_text(page)
    choose(page, "Who", CONDITION)
    first = main_text(page)
    assert first != everybody
    assert "who=condition" in page.url
    page.get_by_label("Condition", exact=True).click()
    other = page.get_by_role("option").nth(1)
    name = other.inner_text()
    other.click()
    page.locator(".shown-for", has_text=name).wait_for(state="attached")
    settle(page)
    second = main_text(page)
    assert second != first
    page.get_by_role("link", name="Change", exact=True).click()
    page.get_by_role("heading", name="Change", exact=True, level=1).wait_for()
    settle(page)
    assert f"Outcome rates: {name}" in main_text(page)
    assert page.get_by_label("Program", exact=True).count() == 0
    again = context.new_page()
    again.goto(page.url)
    again.locator(".foot").wait_for()
    settle(again)
    assert main_text(again) == main_text(page)


def test_rates_of_a_condition_that_are_held_back_are_said_to_be_everywhere(
    page: Page, served: Served
) -> None:
    visit(page, served, "change?who=condition")
    drawing = page.locator(".chart .wide svg").first
    assert "held back" in str(drawing.get_attribute("aria-label"))
    tooltips = drawing.locator("title").all_text_contents()
    assert any("held back" in each.lower() for each in tooltips)
    assert "held back" in page.locator("table").first.text_content()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download rates.csv").click()
    rows = list(csv.DictReader(io.StringIO(waiting.value.path().read_text(encoding="utf-8-sig"))))
    held = [row for row in rows if row["estimate_status"] == "suppressed"]
    assert held
    assert {row["estimate"] for row in held} == {""}
    assert {row["unit_kind"] for row in rows} == {"condition"}


def test_where_every_condition_is_held_back_the_page_says_so_in_place_of_a_chart(
    page: Page, served: Served
) -> None:
    served.switch(HELD)
    visit(page, served, "change?who=condition")
    assert page.locator(".chart").count() == 0
    assert "held back" in main_text(page).lower()


def test_the_download_of_a_forest_says_which_program_was_chosen(page: Page, served: Served) -> None:
    ((program, name), *_) = served.ask(
        "select program_id, program_name from published.pub_programs order by all"
    )
    visit(page, served, f"link?program={program}")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download groups.csv").click()
    rows = list(csv.DictReader(io.StringIO(waiting.value.path().read_text(encoding="utf-8-sig"))))
    assert [row["stratum_id"] for row in rows if row["chosen"] == "chosen"] == [program]
    assert f"{name}, chosen: r" in main_text(page)
