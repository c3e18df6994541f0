"""Dictionary: every metric in plain words, with its formula and its source.

What belongs here: finding and showing entries; what the file's tables say of themselves.
What does not: a definition. They stand in ``seeds/metric_definitions.csv`` and travel in the file.
"""

from collections.abc import Mapping

import pandas
import streamlit as st
from markupsafe import Markup

from orchestration.dashboard.exhibit import download
from orchestration.dashboard.filters import Filter
from orchestration.dashboard.markup import joined, paragraph
from orchestration.dashboard.view import View, section
from orchestration.dashboard.words import Row

TITLE = "Dictionary"
PATH = "dictionary"
LEAD = "Every metric in plain words, with its formula and where it comes from."
# The name in the address that the links of all pages use.
ASKED = "metric"


def filters(view: View) -> list[Filter | None]:
    """Nothing: a word is looked for in the page itself."""
    return []


def show(view: View, choice: Mapping[str, str]) -> None:
    """Lay the page out: the entry that was asked for first, then all of them."""
    if not view.has("pub_metric_dictionary"):
        return
    frame = view.rows("pub_metric_dictionary").sort_values(
        "name", key=lambda names: names.str.lower()
    )
    asked = st.query_params.get(ASKED)
    if asked is not None:
        _asked(view, frame, asked)
    wanted = st.text_input("Find a word", key="find", placeholder="recovery, interval, funnel")
    found = _matching(frame, wanted)
    section("All entries" if len(found) == len(frame) else f"{len(found)} of {len(frame)} entries")
    st.html(
        joined(_entry(_row(row)) for row in found.to_dict("records")) or paragraph("None.", "note")
    )
    download(view, "dictionary", frame)
    _tables(view)


def _asked(view: View, frame: pandas.DataFrame, asked: str) -> None:
    found = frame[frame["metric_id"] == asked]
    if found.empty:
        st.html(paragraph("This release explains no metric of that name.", "banner warn"))
        return
    entry = _entry(_row(found.to_dict("records")[0]))
    st.html(Markup('<section class="asked">{}</section>').format(entry))


def _matching(frame: pandas.DataFrame, wanted: str) -> pandas.DataFrame:
    text = wanted.strip().lower()
    if not text:
        return frame
    inside = frame.apply(
        lambda row: any(text in str(value).lower() for value in row), axis="columns"
    )
    return frame[inside]


def _row(row: dict[object, object]) -> Row:
    return {str(name): value for name, value in row.items()}


def _entry(row: Row) -> Markup:
    return Markup(
        '<article class="entry" id="metric-{}"><h3>{}</h3><p>{}</p>'
        "<dl><dt>Computed as</dt><dd>{}</dd><dt>Source</dt><dd>{}</dd>"
        "<dt>Column</dt><dd><code>{}</code></dd></dl></article>"
    ).format(
        row["metric_id"],
        row["name"],
        row["meaning"],
        row["formula"],
        row["source"],
        row["metric_id"],
    )


def _tables(view: View) -> None:
    section(
        "Tables of this file", "For those who open dashboard.duckdb themselves, schema published."
    )
    st.html(
        joined(
            Markup(
                "<details><summary><code>{}</code></summary><p>{}</p>"
                "<dl class='facts'>{}</dl></details>"
            ).format(
                table,
                view.release.comments.get(table, ""),
                joined(
                    Markup("<dt><code>{}</code></dt><dd>{}</dd>").format(column, comment)
                    for column, comment in columns.items()
                ),
            )
            for table, columns in view.release.column_comments.items()
        )
    )
