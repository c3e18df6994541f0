"""DRAWING: a figure as SVG text and PNG bytes, without a browser and without the network.

What belongs here: rendering, what an SVG needs to be read aloud, and its colours as variables.
What does not: files, or what a figure shows. Everything is drawn in this process by vl-convert,
which holds Vega; nothing is fetched.
"""

import re
import struct
import zlib
from html import escape

import vl_convert

from orchestration.charts import theme
from orchestration.charts.figure import Figure

_ROLES = {colour: role for role, colour in theme.LIGHT.items()}
_COLOUR = re.compile(r'(fill|stroke)="(#[0-9a-f]{6})"')
_OPENING = re.compile(r"<svg [^>]*?>")
_SIZE = re.compile(r'width="([0-9.]+)" height="([0-9.]+)"')


def svg(figure: Figure) -> str:
    """The drawing as SVG in the light palette; ``""`` where there is nothing to draw.

    It says what it shows (``role="img"`` and the figure's description) and scales with its width.
    """
    if figure.specification is None:
        return ""
    made: str = vl_convert.vegalite_to_svg(figure.specification)
    return _labelled(made, figure.description)


def themed(drawn: str) -> str:
    """The same drawing with the theme's variables for colours, for a page with its stylesheet.

    The colour of the light palette stays as what is used where a page lacks the stylesheet.
    """
    return _COLOUR.sub(_with_variable, drawn)


def png(drawn: str, *, scale: float = 2) -> bytes:
    """An SVG as PNG, ``scale`` pixels to the px."""
    made: bytes = vl_convert.svg_to_png(drawn, scale=scale)
    return _squeezed(made)


def _squeezed(made: bytes) -> bytes:
    """The same PNG in a quarter of the bytes: resvg compresses for speed, a report is mailed."""
    chunks, pixels, at = [], b"", 8
    while at < len(made):
        (size,) = struct.unpack(">I", made[at : at + 4])
        kind, body = made[at + 4 : at + 8], made[at + 8 : at + 8 + size]
        if kind == b"IDAT":
            pixels += body
        elif kind != b"IEND":
            chunks.append((kind, body))
        at += 12 + size
    chunks += [(b"IDAT", zlib.compress(zlib.decompress(pixels), 5)), (b"IEND", b"")]
    return made[:8] + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )


def size_of(drawn: str) -> tuple[float, float]:
    """Width and height of an SVG in px."""
    found = _SIZE.search(drawn)
    return (float(found[1]), float(found[2])) if found else (0.0, 0.0)


def _labelled(drawn: str, description: str) -> str:
    width, height = size_of(drawn)
    opening = (
        '<svg xmlns="http://www.w3.org/2000/svg" '
        f'width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}" '
        f'role="img" aria-label="{escape(description)}">'
    )
    return _OPENING.sub(lambda _: opening, drawn, count=1)


def _with_variable(found: re.Match[str]) -> str:
    attribute, colour = found.groups()
    role = _ROLES.get(colour)
    return f'{attribute}="var({theme.variable(role)}, {colour})"' if role else found[0]
