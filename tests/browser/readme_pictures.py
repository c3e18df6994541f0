"""The README's pictures: which they are, how they are taken, what the pages in them say.

What belongs here: the list, the shutter, and the record beside the pictures (``pictures.json``)
that lets a test tell whether they still show what the pages show.
What does not: claims (``test_readme_pictures``), pictures of every page (``screenshots``).

The pictures show the demo's 300 clients. The record holds the words of the same pages for the
clinic that the tests build anyway: made together, by the same code, so that where the words have
changed the pictures have too. Days and the number of a release are left out of it.
"""

import hashlib
import html
import json
import re
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from orchestration.dashboard import shell
from tests.browser.conftest import Served, settle, visit
from tests.browser.laid_out import in_order, laid_out

FOLDER = shell.STYLE.parent / "pictures"
RECORD = FOLDER / "pictures.json"
MAKE = "make screenshots"
# The clinic of tests/conftest.py's imaginary_home.
CLIENTS, SEED = 120, 7
_DAY = re.compile(r"\d{4}-\d\d-\d\d(?: \d\d:\d\d UTC)?")
_RELEASE = re.compile(r"\b([Rr]elease) \d+")
# Drawings lie in the page's markup twice, for a wide and for a narrow screen: one is enough.
_NARROW = re.compile(r'<div class="narrow">.*?</svg></div>', re.DOTALL)
_TOOLTIP = re.compile(r"<title>.*?</title>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)


@dataclass(frozen=True)
class ReadmePicture:
    """One picture.

    Attributes:
        file: its name in ``FOLDER``.
        path: the page.
        section: the heading under which the picture begins and, after one chart, ends; the
            page's upper part without one.
        height: of the window, in px, where there is no section.
    """

    file: str
    path: str
    section: str = ""
    height: int = 1000


PICTURES = (
    ReadmePicture("at_a_glance.png", "glance"),
    ReadmePicture("the_link.png", "link", section="Change beside change"),
)


def take(page: Page, served: Served, picture: ReadmePicture) -> bytes:
    """The picture as PNG, in light colours, 1280 px wide or as wide as its chart."""
    page.set_viewport_size({"width": 1280, "height": picture.height})
    # The first page is where an address without a page leads.
    visit(page, served, "" if picture.path == "glance" else picture.path)
    if not picture.section:
        return page.screenshot()
    page.set_viewport_size({"width": 1280, "height": 3000})
    settle(page)
    head = page.get_by_role("heading", name=picture.section, exact=True).bounding_box()
    chart = page.locator(".chart .wide").first.bounding_box()
    assert head is not None
    assert chart is not None
    edge = 16
    return page.screenshot(
        clip={
            "x": head["x"] - edge,
            "y": head["y"] - edge,
            "width": max(chart["width"], 752) + 3 * edge,
            "height": chart["y"] + chart["height"] - head["y"] + 2 * edge,
        }
    )


def says(home: Path, picture: ReadmePicture) -> list[str]:
    """What there is to read in that part of the page, piece by piece, without what time changes."""
    found = in_order(laid_out(home, picture.path))
    for left_out in (_STYLE, _NARROW, _TOOLTIP):
        found = left_out.sub("", found)
    if picture.section:
        begin = found.index(f"<h2>{picture.section}</h2>")
        found = found[begin : found.index("</svg>", begin)]
    pieces = (" ".join(html.unescape(piece).split()) for piece in _TAG.split(found))
    return [_RELEASE.sub(r"\1 (number)", _DAY.sub("(day)", piece)) for piece in pieces if piece]


def record(pictures: dict[str, bytes], home: Path) -> str:
    """The text of ``pictures.json``.

    Args:
        pictures: PNG by file.
        home: of the tests' clinic.
    """
    told = {
        "made_by": MAKE,
        "style": style(),
        "pictures": {
            each.file: {
                "page": each.path,
                "sha256": digest(pictures[each.file]),
                "says": says(home, each),
            }
            for each in PICTURES
        },
    }
    return json.dumps(told, indent=1, ensure_ascii=False) + "\n"


def style() -> str:
    """What the pages are coloured and laid out by, as a digest."""
    return digest(shell.STYLE.read_bytes() + shell.colours().encode())


def digest(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()
