"""Reading a drawing as a reader would: its texts, where they are, and what it links to.

What belongs here: an independent reader of SVG (the standard library's XML). What does not: claims.
"""

import re
from dataclasses import dataclass
from itertools import combinations
from xml.etree import ElementTree

SVG = "{http://www.w3.org/2000/svg}"
# Letters of the fonts named are this part of their size above and below their baseline.
ABOVE, BELOW = 0.72, 0.2


@dataclass(frozen=True)
class Word:
    """A text and the box around it, in px of the drawing."""

    text: str
    left: float
    right: float
    top: float
    bottom: float

    def overlaps(self, other: "Word", by: float = 1.5) -> bool:
        return (
            min(self.right, other.right) - max(self.left, other.left) > by
            and min(self.bottom, other.bottom) - max(self.top, other.top) > by
        )


def texts(svg: str) -> list[str]:
    return [word.text for word in words(svg)]


def words(svg: str) -> list[Word]:
    """Every text that is drawn, with its box; widths as the font's own metrics have them."""
    # Our own drawings, so no entity bombs.
    return list(_walk(ElementTree.fromstring(svg), 0.0, 0.0))  # noqa: S314


def overlapping(svg: str) -> list[tuple[str, str]]:
    return [
        (one.text, other.text) for one, other in combinations(words(svg), 2) if one.overlaps(other)
    ]


def _walk(element: ElementTree.Element, x: float, y: float):
    found = re.match(r"translate\(([^,)]+)[, ]?([^)]*)\)", element.get("transform", ""))
    if found:
        x, y = x + float(found[1]), y + float(found[2] or 0)
    if element.tag == f"{SVG}svg":
        x, y = x + float(element.get("x", 0)), y + float(element.get("y", 0))
    if element.tag == f"{SVG}text" and element.text and element.get("opacity") != "0":
        yield _word(element, x + float(element.get("x", 0)), y + float(element.get("y", 0)))
    for child in element:
        yield from _walk(child, x, y)


def _word(element: ElementTree.Element, x: float, y: float) -> Word:
    size = float(element.get("font-size", "11px").removesuffix("px"))
    wide = _width(element.text or "", size) * (1.06 if element.get("font-weight") == "bold" else 1)
    start = {"middle": x - wide / 2, "end": x - wide}.get(element.get("text-anchor", ""), x)
    return Word(element.text or "", start, start + wide, y - ABOVE * size, y + BELOW * size)


def _width(text: str, size: float) -> float:
    """Half the size per letter and a bit more for wide ones: within a tenth of the truth."""
    wide = sum(letter in "mwMW@%→" for letter in text)
    narrow = sum(letter in "ijltfrI.,:;'|!()[] \u00a0" for letter in text)
    return size * (0.56 * len(text) + 0.3 * wide - 0.28 * narrow)
