"""Data quality: what came in, what was refused, which rules fail, and what that does to numbers.

What belongs here: loads, rules and completeness as the release holds them.
What does not: a cell of the data. Which lines were refused stands in the evaluators' file.
"""

from collections.abc import Mapping

import pandas
import streamlit as st
from markupsafe import Markup

from orchestration import charts
from orchestration.dashboard.drawing import Picture
from orchestration.dashboard.exhibit import download, exhibit
from orchestration.dashboard.filters import Filter
from orchestration.dashboard.markup import Column, joined, paragraph, table
from orchestration.dashboard.view import View, section
from orchestration.dashboard.words import Row, is_missing, number, sentence_case, words

TITLE = "Data quality"
PATH = "quality"
LEAD = "What came in, what was refused, which rules fail, and what that changes in the numbers."
_FAILING = ("fail", "error")
# As data pass them.
_GATES = ("raw", "staging", "scoring", "change", "marts", "published", "disclosure")
_IN_ORDER = {"error": 0, "fail": 1, "pass_with_failures": 2, "not_checked": 3}


def filters(view: View) -> list[Filter | None]:
    """What the page lets choose."""
    return [view.program_filter("pub_completeness")]


def show(view: View, choice: Mapping[str, str]) -> None:
    """Lay the page out."""
    _verdict(view)
    section("Completeness")
    _completeness(view, choice["program"])
    section("What came in")
    _loads(view)
    section("Every rule")
    _rules(view)


def _verdict(view: View) -> None:
    if not view.has("pub_rule_results"):
        return
    rules = view.rows("pub_rule_results")
    failing = rules[rules["status"].isin(_FAILING)]
    tolerated = int((rules["status"] == "pass_with_failures").sum())
    if failing.empty:
        first = Markup(
            '<p class="lead"><strong class="good">Nothing to look at.</strong> All {} rules '
            "hold{}.</p>"
        ).format(
            number(len(rules), "count"),
            f", {tolerated} of them within what is tolerated" if tolerated else "",
        )
    else:
        first = Markup(
            '<p class="lead"><strong class="warn">{} of {} rules {} a look</strong>; none of them '
            "held this release back.</p>"
        ).format(
            len(failing), number(len(rules), "count"), "needs" if len(failing) == 1 else "need"
        )
    cards = [_card({str(k): v for k, v in row.items()}) for row in failing.to_dict("records")]
    st.html(joined([first, *cards]))


def _card(row: Row) -> Markup:
    facts = [
        ("Where", f"{row['table_name']}, rule {row['rule']}"),
        ("What it changes", row.get("why")),
        ("What to do", row.get("when_it_fails")),
        (
            "Since",
            "this run"
            if is_missing(row.get("failing_since"))
            else number(row["failing_since"], "moment"),
        ),
    ]
    told = joined(
        Markup("<dt>{}</dt><dd>{}</dd>").format(name, value)
        for name, value in facts
        if not is_missing(value)
    )
    return Markup('<article class="entry"><h3>{}</h3><dl>{}</dl></article>').format(
        row["sentence"], told
    )


def _completeness(view: View, program: str) -> None:
    if not view.has("pub_completeness"):
        return
    frame = view.of_program("pub_completeness", program)
    exhibit(
        view,
        key="completeness",
        picture=Picture.of(charts.completeness, program_id=program),
        frame=frame,
        columns=[
            Column("Questionnaire", "scale"),
            Column("Program", "program"),
            Column("With two, of those with one", "paired_proportion", "percent", "paired_data"),
            Column("With one, of all", "measured_proportion", "percent"),
            Column("With two", "paired_count", "count"),
            Column("With one", "measured_count", "count"),
            Column("All", "episode_count", "count"),
        ],
        metric="paired_data",
    )


def _loads(view: View) -> None:
    if not view.has("pub_loads"):
        return
    frame = view.rows("pub_loads")
    exhibit(
        view,
        key="loads",
        title="Sources",
        caption="Every row read was loaded, refused or recognised as a repeat. Numbers of rows are "
        "rounded, because a row can be a person.",
        frame=frame,
        columns=[
            Column("Source", "source"),
            Column("Files", "file_count", "count"),
            Column("Refused", "refused_file_count", "count"),
            Column("Rows read", "rows_read", "count"),
            Column("Loaded", "rows_loaded", "count"),
            Column("Refused", "rows_refused", "count"),
            Column("Repeats", "rows_repeated", "count"),
            Column("Last arrival", "last_arrival_at", "moment"),
            Column("Expected every (days)", "expected_days", "points"),
            Column("Freshness", "freshness", "code"),
        ],
    )


def _rules(view: View) -> None:
    if not view.has("pub_rule_results"):
        return
    rules = view.rows("pub_rule_results")
    order = rules["status"].map(lambda each: _IN_ORDER.get(each, len(_IN_ORDER)))
    frame = rules.loc[order.sort_values(kind="stable").index].reset_index(drop=True)
    found = {str(gate): of_gate for gate, of_gate in frame.groupby("gate", sort=False)}
    in_turn = [gate for gate in _GATES if gate in found]
    others = [gate for gate in found if gate not in _GATES]
    gates = joined(_gate(gate, found[gate]) for gate in (*in_turn, *others))
    note = (
        "Counts are rows, never people; those of tables whose rows are people's are rounded or "
        "held back."
    )
    st.html(joined([paragraph(note), gates]))
    download(view, "rules", frame)


def _gate(gate: str, frame: pandas.DataFrame) -> Markup:
    holding = int((~frame["status"].isin(_FAILING)).sum())
    title = f"{sentence_case(words(gate))}: {holding} of {len(frame)} hold"
    columns = [
        Column("Rule", "sentence"),
        Column("Table", "table_name"),
        Column("Weight", "severity"),
        Column("Result", "result", "code"),
        Column("Broken", "unexpected_count", "count"),
        Column("Of", "evaluated_count", "count"),
    ]
    # A rule's own status is its result; a column of that name would be taken for a value's.
    inner = table(frame.rename(columns={"status": "result"}), columns, title)
    return Markup("<details><summary>{}</summary>{}</details>").format(title, inner)
