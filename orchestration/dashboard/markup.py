"""HTML of the pages: every value escaped, one look.

What belongs here: small pieces of markup that all pages are made of.
What does not: what a page says, how it is coloured (``style.css``), or Markdown: labels of a
clinic's file never pass through it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas
from markupsafe import Markup

from orchestration.dashboard.words import Kind, Row, status_of, told_with_interval, words

NUMERIC: frozenset[Kind] = frozenset({"count", "percent", "points", "fine_points", "coefficient"})


@dataclass(frozen=True)
class Column:
    """One column of a table under a chart.

    Attributes:
        heading: what stands above it.
        name: the column of the frame.
        kind: how its values are written.
        metric: its entry in the dictionary, where it has one.
        status_of: the column whose status is this one's too; its own unless named.
    """

    heading: str
    name: str
    kind: Kind = "text"
    metric: str | None = None
    status_of: str | None = None


@dataclass(frozen=True)
class KeyNumber:
    """A number that stands large: its name, itself, its interval and of how many.

    Attributes:
        name: what it is, linked to ``metric`` in the dictionary.
        value: in words; a status where it is not shown.
        detail: interval and n, in words.
        metric: its entry in the dictionary.
        is_shown: False where ``value`` is the word for a status.
    """

    name: str
    value: str
    detail: str
    metric: str | None = None
    is_shown: bool = True


def joined(parts: Iterable[str]) -> Markup:
    """Pieces of markup one after the other; text among them is escaped."""
    return Markup("").join(parts)


def definition(name: str, metric: str | None) -> Markup:
    """``name`` as a link to its entry in the dictionary; the bare name without an entry."""
    if metric is None:
        return Markup("{}").format(name)
    return Markup('<a class="defined" href="dictionary?metric={}">{}</a>').format(metric, name)


def paragraph(text: str, kind: str = "") -> Markup:
    """One paragraph; ``kind`` is one of the style sheet's classes."""
    return Markup('<p class="{}">{}</p>').format(kind, text)


def key_numbers(numbers: Sequence[KeyNumber]) -> Markup:
    """A row of large numbers as a description list."""
    tiles = joined(
        Markup('<div><dt>{}</dt><dd class="{}">{}</dd><dd class="detail">{}</dd></div>').format(
            definition(each.name, each.metric),
            "value" if each.is_shown else "value held",
            each.value,
            each.detail,
        )
        for each in numbers
    )
    return Markup('<dl class="numbers">{}</dl>').format(tiles)


def bullets(sentences: Iterable[str]) -> Markup:
    """Sentences as a list."""
    return Markup("<ul>{}</ul>").format(
        joined(Markup("<li>{}</li>").format(each) for each in sentences)
    )


def table(frame: pandas.DataFrame, columns: Sequence[Column], caption: str) -> Markup:
    """Rows as a table that scrolls by itself where it is too wide; the first column names the row.

    Args:
        frame: one row per row, status and interval columns beside the values.
        columns: which of them are shown, in order.
        caption: what the table is, for those who come to it without the chart.
    """
    head = joined(
        Markup('<th scope="col" class="{}">{}</th>').format(
            _class_of(each), definition(each.heading, each.metric)
        )
        for each in columns
    )
    body = joined(
        Markup("<tr>{}</tr>").format(
            joined(
                _cell({str(name): value for name, value in row.items()}, each, place)
                for place, each in enumerate(columns)
            )
        )
        for row in frame.to_dict("records")
    )
    return Markup(
        '<div class="scroll" tabindex="0" role="region" aria-label="{}"><table><caption>{}'
        "</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>"
    ).format(caption, caption, head, body)


def _cell(row: Row, column: Column, place: int) -> Markup:
    status = status_of(row, column.status_of or column.name)
    text: str | Markup = told_with_interval(row, column.name, column.kind)
    if status != "shown":
        text = Markup('<span class="held">{}</span>').format(words(status))
    if place == 0:
        return Markup('<th scope="row">{}</th>').format(text)
    return Markup('<td class="{}">{}</td>').format(_class_of(column), text)


def _class_of(column: Column) -> str:
    if column.kind in NUMERIC:
        return "number"
    return "when" if column.kind in ("moment", "day") else "text"
