"""Charts on a page: drawn once by vega, shown as drawings that need no script.

What belongs here: placing a figure's drawing, wide and narrow, with its words and its tooltips.
What does not: what a chart shows or how it is coloured (``orchestration.charts``).

A drawing inside the page prints, follows light and dark, is read out as one picture with its
description, and asks the browser for nothing. Streamlit's HTML element strips drawings, its
Markdown element does not: so a drawing passes as one line of HTML, whose text no Markdown rule
sees.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from xml.etree import ElementTree

import streamlit as st
from markupsafe import Markup

from orchestration import charts
from orchestration.charts import Figure, theme
from orchestration.dashboard.reading import Release

# Widths in pixels at which a drawing is made: the column of text, and a telephone.
WIDE, NARROW = 736, 340
# How many charts are kept: what some visitors look at in one or two releases, about 20 MB.
KEPT = 400
SVG = "http://www.w3.org/2000/svg"
ElementTree.register_namespace("", SVG)
_BREAKS = re.compile(r"\s+")


@dataclass(frozen=True)
class Picture:
    """A chart to make: the function and what it is asked for."""

    make: Callable[..., Figure]
    asked: tuple[tuple[str, str | None], ...]

    @classmethod
    def of(cls, make: Callable[..., Figure], **asked: str | None) -> "Picture":
        """The chart that ``make`` draws of what is asked."""
        return cls(make, tuple(sorted(asked.items())))


@dataclass(frozen=True)
class Drawn:
    """A chart that was made.

    Attributes:
        title, caption: the figure's words.
        html: its drawings on one line; empty where there is nothing to draw.
        said: why not.
    """

    title: str
    caption: str
    html: str
    said: str


@lru_cache(maxsize=KEPT)
def drawn(release: Release, picture: Picture) -> Drawn:
    """The chart at both widths; kept for the next who asks for the same of the same release."""
    asked = dict(picture.asked)
    wide = picture.make(release.tables, **asked, width=WIDE)
    if wide.specification is None:
        return Drawn(wide.title, wide.caption, "", wide.said)
    narrow = picture.make(release.tables, **asked, width=NARROW)
    drawings = Markup("").join(
        Markup('<div class="{}">{}</div>').format(size, _inline(figure))
        for size, figure in (("wide", wide), ("narrow", narrow))
    )
    html = Markup('<div class="chart">{}</div>').format(drawings)
    return Drawn(wide.title, wide.caption, str(html), "")


def place(made: Drawn) -> None:
    """Show both drawings; the style sheet lets one be seen."""
    if made.html:
        st.markdown(made.html, unsafe_allow_html=True)


def _inline(figure: Figure) -> Markup:
    # Not text of a file: vega's own markup, in which every label is escaped.
    return Markup(with_tooltips(charts.drawing.themed(charts.drawing.svg(figure))))  # noqa: S704  # texts escaped


def with_tooltips(svg: str) -> str:
    """The same drawing on one line, each mark's words as its tooltip too.

    Args:
        svg: a drawing whose marks carry their words in ``aria-label``.
    """
    root = ElementTree.fromstring(svg)  # noqa: S314 - drawn in this process
    for mark in list(root.iter()):
        words = mark.attrib.get("aria-label")
        if mark is not root and words and mark.attrib.get("role") == "graphics-symbol":
            title = ElementTree.Element(f"{{{SVG}}}title")
            title.text = words
            mark.insert(0, title)
    return _BREAKS.sub(" ", ElementTree.tostring(root, encoding="unicode"))


def colours() -> str:
    """The style sheet of the drawings' colours; ``light-dark`` follows what Streamlit shows."""
    both = "".join(
        f"{theme.variable(role)}:light-dark({light},{theme.DARK[role]});"
        for role, light in theme.LIGHT.items()
    )
    paper = "".join(f"{theme.variable(role)}:{ink};" for role, ink in theme.PRINT.items())
    return f"<style>.stApp{{{both}}}@media print{{.stApp{{{paper}}}}}</style>"
