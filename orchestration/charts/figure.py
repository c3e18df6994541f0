"""A figure: a drawing with everything that a reader needs beside it.

What belongs here: what every chart function gives back, and the figure of nothing to draw.
What does not: any particular chart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas

if TYPE_CHECKING:
    import altair

# The published tables by name, whole: a function chooses its rows itself.
Tables = Mapping[str, pandas.DataFrame]

# A drawing in the words of Vega-Lite.
Specification = dict[str, Any]

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
        specification: the drawing; None where there is nothing to draw.
        said: why nothing is drawn, a sentence; empty where there is a chart.
        note: the caption in a line or two, for a picture that is shown alone: n, and the caution.
    """

    name: str
    title: str
    caption: str
    description: str
    table: pandas.DataFrame
    specification: Specification | None = None
    said: str = ""
    note: str = ""

    @cached_property
    def chart(self) -> "altair.LayerChart | None":
        """The drawing as an altair chart, for a notebook; None where there is nothing to draw."""
        if self.specification is None:
            return None
        # 0.3 s to import, and a report draws without it.
        import altair

        made: altair.LayerChart = altair.LayerChart.from_dict(self.specification)
        return made


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
