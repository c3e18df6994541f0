"""Pictures of every page and README's: ``python -m tests.browser.screenshots HOME OUT``.

What belongs here: looking at a home's dashboard in light, dark, print and at a telephone's width,
how long each page took to be there, and making the README's pictures with their record where the
home is the demo's. What does not: claims, or which pictures README has (``readme_pictures``).
"""

import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from orchestration.dashboard.pages import PAGES
from orchestration.settings import Settings
from tests.browser import readme_pictures
from tests.browser.conftest import ARGUMENTS, CHROMIUM, Served, serving_of, settle, visit
from tests.helpers import furnish_imaginary, run_to_a_release

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
        # README shows nobody's data.
        is_for_readme = Settings(home=home).is_synthetic
        for_readme = take_for_readme(browser, served) if is_for_readme else {}
        browser.close()
    if for_readme:
        keep_for_readme(for_readme)


def take_for_readme(browser: Browser, served: Served) -> dict[str, bytes]:
    """The README's pictures as they would be of this home, PNG by file."""
    return {
        each.file: readme_pictures.take(browser.new_page(color_scheme="light"), served, each)
        for each in readme_pictures.PICTURES
    }


def keep_for_readme(taken: dict[str, bytes]) -> None:
    """Put them where README shows them from, beside what their pages say of the tests' clinic."""
    print("Running the tests' clinic, for the record beside the pictures ...")  # noqa: T201 - a script
    with tempfile.TemporaryDirectory() as folder:
        clinic = furnish_imaginary(
            Path(folder) / "home", readme_pictures.CLIENTS, readme_pictures.SEED
        )
        run_to_a_release(Settings(home=clinic))
        record = readme_pictures.record(taken, clinic)
    for file, picture in taken.items():
        (readme_pictures.FOLDER / file).write_bytes(picture)
    readme_pictures.RECORD.write_text(record, encoding="utf-8")
    print(f"README's pictures: {readme_pictures.FOLDER}")  # noqa: T201 - a script


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
