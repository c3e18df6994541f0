"""One home, one server and one browser for everything that is looked at.

What belongs here: starting and stopping them. What does not: claims.
"""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser import releases
from tests.helpers import CLI, DASHBOARD, Built, environment

CHROMIUM = os.environ.get("SCOUT_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
PLAIN, CHANGED, HELD, PARTLY_HELD, EMPTY, BAD_NAMES, OLDER = range(1, 8)


@dataclass(frozen=True)
class Served:
    """A home whose dashboard is being served."""

    home: Path
    address: str

    def switch(self, number: int) -> None:
        """Make another release current."""
        releases.switch(self.home, number)

    def ask(self, query: str, *values: object) -> list[tuple[object, ...]]:
        """Rows of the current release."""
        return releases.published(self.home, query, *values)


@pytest.fixture(scope="session")
def published_home(imaginary_home: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the imaginary clinic's published numbers and what could become of them."""
    home = tmp_path_factory.mktemp("dashboard") / "home"
    releases.start(home, imaginary_home.settings.current / DASHBOARD)
    releases.add(
        home,
        CHANGED,
        lambda connection: connection.execute(
            "update published.pub_attrition set referred_count = 4321"
        ),
    )
    releases.add(home, HELD, releases.hold_everything_back)
    releases.add(home, PARTLY_HELD, releases.hold_back_the_last_step)
    releases.add(home, EMPTY, releases.empty)
    releases.add(home, BAD_NAMES, releases.name_everything_badly)
    releases.add(home, OLDER, releases.older)
    return home


@contextmanager
def serving_of(home: Path) -> Iterator[Served]:
    """``scout dashboard`` on a home, on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [*CLI, "dashboard", "--home", str(home), "--port", str(port)],
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        assert f"127.0.0.1:{port}" in server.stdout.readline()
        yield Served(home, f"http://127.0.0.1:{port}")
    finally:
        server.terminate()
        assert server.wait(timeout=60) == 0, "scout dashboard did not end well when told to stop"


@pytest.fixture(scope="session")
def serving(published_home: Path) -> Iterator[Served]:
    """``scout dashboard`` on the home of all those releases."""
    with serving_of(published_home) as served:
        yield served


@pytest.fixture
def served(serving: Served) -> Served:
    """The same with the first release current, whatever the test before did."""
    serving.switch(PLAIN)
    return serving


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    if not Path(CHROMIUM).exists():
        pytest.skip("Chromium is absent (apt-get install chromium, or set SCOUT_CHROMIUM)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A visitor of its own."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(120_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A tab of that visitor."""
    return context.new_page()


def visit(page: Page, served: Served, path: str = "", *, seconds: float = 120) -> None:
    """Open one page and wait until it is laid out to its foot."""
    page.goto(f"{served.address}/{path}")
    page.locator(".foot").wait_for(timeout=1000 * seconds)
    settle(page)


def settle(page: Page) -> None:
    """Wait until Streamlit has stopped laying out."""
    page.locator("[data-testid='stApp'][data-test-script-state='notRunning']").wait_for()
    time.sleep(0.3)
