"""Pictures of every page: ``python -m tests.browser.screenshots HOME OUT``.

What belongs here: looking at a home's dashboard in light, dark, print and at a telephone's width,
and how long each page took to be there. What does not: claims.
"""

import sys
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from orchestration.dashboard.pages import PAGES
from tests.browser.conftest import ARGUMENTS, CHROMIUM, Served, serving_of, settle, visit

WIDE, TELEPHONE, PAPER = 1280, 400, 794
# Taller than this and a picture is cut: nobody looks at more of it.
TALLEST = 8000
LOOKS = {
    "light": {"color_scheme": "light", "viewport": {"width": WIDE, "height": 900}},
    "dark": {"color_scheme": "dark", "viewport": {"width": WIDE, "height": 900}},
    "telephone": {"color_scheme": "light", "viewport": {"width": TELEPHONE, "height": 800}},
    "print": {"color_scheme": "dark", "viewport": {"width": PAPER, "height": 1123}},
}


def main() -> None:
    """Take them all."""
    home, out = Path(sys.argv[1]), Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    with serving_of(home) as served, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        for look, how in LOOKS.items():
            context = browser.new_context(**how)
            for place, each in enumerate(PAGES):
                seconds = take(context.new_page(), served, look, each.PATH, place == 0, out)
                print(f"{look:10} {each.PATH:12} {seconds:5.1f} s")  # noqa: T201 - a script
            context.close()
        browser.close()


def take(page: Page, served: Served, look: str, path: str, is_first: bool, out: Path) -> float:
    """One picture; returns the seconds until the page was laid out."""
    started = time.monotonic()
    visit(page, served, "" if is_first else path)
    seconds = time.monotonic() - started
    file = out / f"{path}-{look}.png"
    if look == "print":
        page.emulate_media(media="print")
        page.screenshot(path=file, full_page=True)
    else:
        height = page.locator("[data-testid='stMainBlockContainer']").evaluate(
            "e => e.scrollHeight"
        )
        width = LOOKS[look]["viewport"]["width"]
        page.set_viewport_size({"width": width, "height": min(int(height) + 60, TALLEST)})
        settle(page)
        page.screenshot(path=file)
    page.close()
    return seconds


if __name__ == "__main__":
    main()
