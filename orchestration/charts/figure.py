"""A figure: a drawing with everything that a reader needs beside it.

What belongs here: what every chart function gives back, and the figure of nothing to draw.
What does not: any particular chart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import altair
import pandas

# The published tables by name, whole: a function chooses its rows itself.
Tables = Mapping[str, pandas.DataFrame]

# Total width of a drawing in px where none is asked for: readable on a telephone, sharp in print.
WIDTH = 400


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A chart and its words.

    Attributes:
        name: for file names, the function's own name.
        title: what is shown, in words.
        caption: what it says with n and interval, how to read it, what it cannot say.
        description: the whole chart in words, for those who do not see it.
        table: the numbers drawn, as they are drawn: text, headings in words.
        chart: the drawing; None where there is nothing to draw.
        said: why nothing is drawn, a sentence; empty where there is a chart.
    """

    name: str
    title: str
    caption: str
    description: str
    table: pandas.DataFrame
    chart: altair.LayerChart | None = None
    said: str = ""


def undrawn(name: str, title: str, said: str, table: pandas.DataFrame | None = None) -> Figure:
    """The figure of something that cannot be drawn: it says why, and shows what there is."""
    return Figure(
        name=name,
        title=title,
        caption=said,
        description=f"{title}. Nothing is drawn. {said}",
        table=pandas.DataFrame() if table is None else table,
        said=said,
    )


def table_of(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> pandas.DataFrame:
    """A table of text, one list per row."""
    return pandas.DataFrame([list(row) for row in rows], columns=list(headings), dtype="object")
