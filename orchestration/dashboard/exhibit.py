"""A chart with all that belongs to it: its words, its table, its CSV, how much is held back.

What belongs here: the one order in which every chart of every page is laid out.
What does not: making the chart (``orchestration.charts``), choosing rows (``pages``).
"""

import traceback
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas
import streamlit as st
from markupsafe import Markup

from orchestration.charts.words import HELD_BACK
from orchestration.dashboard.downloads import as_csv, file_name
from orchestration.dashboard.drawing import Drawn, Picture, drawn, place
from orchestration.dashboard.markup import Column, definition, joined, paragraph, table
from orchestration.dashboard.view import View
from orchestration.dashboard.words import sentence_case, words


def exhibit(
    view: View,
    *,
    key: str,
    frame: pandas.DataFrame,
    columns: Sequence[Column],
    picture: Picture | None = None,
    title: str = "",
    caption: str = "",
    metric: str | None = None,
    is_folded: bool = False,
) -> None:
    """Lay out one exhibit.

    Args:
        view: the release.
        key: its name in the page, also in the name of its download.
        frame: the rows behind it, with the columns of the published table and those of names.
        columns: which of them the table shows; the download holds all.
        picture: the chart that shows them; without one the table stands for itself.
        title: what it shows, where no picture says so.
        caption: how to read it, where no picture says so.
        metric: its entry in the dictionary.
        is_folded: whether a table without a chart is folded away.
    """
    made = _drawn(view, picture) if picture else Drawn(title, caption, "", "")
    heading = Markup("<h3>{}</h3>").format(definition(made.title, view.labels.defined(metric)))
    text = made.caption or made.said
    st.html(joined([heading, paragraph(text)]) if text else heading)
    place(made)
    if frame.empty:
        if not picture:
            st.html(paragraph("This release holds no number for this choice.", "note"))
        return
    known = [
        replace(each, metric=view.labels.defined(each.metric))
        for place, each in enumerate(columns)
        # A column that says the same in every row, and what the filter above says, is noise.
        if place == 0 or each.name != "program" or frame["program"].nunique() > 1
    ]
    inner = table(frame, known, made.title)
    if made.html or is_folded:
        summary = "The same as a table" if made.html else "Show them"
        inner = Markup("<details><summary>{}</summary>{}</details>").format(summary, inner)
    note = _note(frame, known)
    st.html(joined([*([paragraph(note, "note")] if note else []), inner]))
    download(view, key, frame)


def _drawn(view: View, picture: Picture) -> Drawn:
    try:
        return drawn(view.release, picture)
    except Exception as error:  # noqa: BLE001 - the numbers below can be read without the chart
        title = sentence_case(words(picture.make.__name__))
        return Drawn(title, "", "", f"This chart failed ({place_of(error)}). Report this line.")


def place_of(error: Exception) -> str:
    """Kind and place of a fault in our own code, never its message: it may quote a cell."""
    ours = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if "orchestration" in frame.filename
    ]
    place = f" at {Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else ""
    return f"{type(error).__name__}{place}"


def download(view: View, key: str, frame: pandas.DataFrame) -> None:
    """A button that saves the rows, all columns of the published table, statuses too.

    Args:
        view: the release.
        key: one of our own words: Streamlit reads a button's label as Markdown.
        frame: the rows.
    """
    st.download_button(
        f"Download {key}.csv",
        as_csv(frame),
        file_name=file_name(view.release.number, key),
        mime="text/csv",
        key=f"download_{key}",
        on_click="ignore",
        type="tertiary",
    )


def _note(frame: pandas.DataFrame, columns: Sequence[Column]) -> str:
    told = [f"{each.name}_status" for each in columns if f"{each.name}_status" in frame]
    held = sum(int((frame[status] == "suppressed").sum()) for status in told)
    parts = []
    if held:
        verb = "is" if held == 1 else "are"
        parts.append(f"{held} of {len(told) * len(frame)} numbers {verb} {HELD_BACK}.")
    kept = frame.get("kept_from_release")
    if kept is not None and (old := int(kept.notna().sum())):
        releases = ", ".join(str(int(each)) for each in sorted(kept.dropna().unique()))
        parts.append(
            f"{old} of {len(frame)} rows are still those of release {releases}: the difference to "
            "today's would tell of few people."
        )
    return " ".join(parts)
