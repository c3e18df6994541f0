"""The pages of the desk: every word escaped, nothing fetched, nothing of the data."""

import csv
import io
import re

from orchestration.desk.worked_questions import questions
from orchestration.reporting.dictionary import (
    ColumnFacts,
    MetricFacts,
    TableFacts,
    dictionary_csv,
    dictionary_page,
)
from orchestration.reporting.questions import QuestionFacts, questions_page

NASTY = "<script>alert(1)</script>"


def table(**changes: object) -> TableFacts:
    facts: dict[str, object] = {
        "file": "evaluation.duckdb",
        "schema": "marts",
        "name": "fct_things",
        "meaning": "One row per thing.",
        "grain": ["thing_id"],
        "made_from": ["change.int_things"],
        "columns": [ColumnFacts(name="thing_id", data_type="VARCHAR", meaning="Which thing.")],
    }
    return TableFacts(**(facts | changes))  # type: ignore[arg-type]


METRIC = MetricFacts(
    metric_id="rate", name="Rate", meaning="=How many.", formula="a / b", source="Somebody 1999"
)


def test_every_table_column_and_metric_stands_on_the_page_and_what_is_written_is_text() -> None:
    page = dictionary_page([table(meaning=NASTY)], [METRIC], release=3, is_synthetic=False)
    for said in ("marts.fct_things", "thing_id", "varchar", "Which thing.", "a / b", "release 3"):
        assert said in page
    assert NASTY not in page
    assert "Synthetic" not in page
    assert re.findall(r"(?:src|href)=\"(?!#)", page) == []


def test_the_csv_says_the_same_and_computes_nothing() -> None:
    rows = list(csv.DictReader(io.StringIO(dictionary_csv([table()], [METRIC]))))
    assert [(row["table_name"], row["column_name"]) for row in rows] == [
        ("marts.fct_things", ""),
        ("marts.fct_things", "thing_id"),
        ("rate", "Rate"),
    ]
    assert rows[0]["grain"] == "thing_id"
    assert rows[0]["made_from"] == "change.int_things"
    assert rows[2]["meaning"] == "'=How many. Formula: a / b Source: Somebody 1999"


def test_the_questions_page_links_each_question_to_its_statement() -> None:
    facts = [
        QuestionFacts(
            number=one.number,
            question=one.question,
            how_to_read=one.how_to_read,
            statement=one.statement,
        )
        for one in questions()
    ]
    page = questions_page(facts, release=1, is_synthetic=True)
    linked = re.findall(r'href="#(question-\d+)"', page)
    assert linked == re.findall(r'id="(question-\d+)"', page)
    assert len(linked) == len(facts)
    assert "Every client of this release is imaginary." in page
