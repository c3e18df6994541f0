"""The worked questions: each answer whole, alike in SQL and Python, true where truth is known."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from orchestration.desk.worked_questions import Question, questions
from orchestration.settings import HOME_VARIABLE
from tests.helpers import EVALUATION, IMAGINARY_SOURCE, Built, lines_of

EVERY = pytest.mark.parametrize("question", questions(), ids=lambda one: one.name)
TOLD = {"estimate", "interval_low", "interval_high", "sample_size", "status"}


def answer(home: Built, question: Question) -> pd.DataFrame:
    import duckdb

    path = str((home.settings.current / EVALUATION).resolve())
    with duckdb.connect(path, read_only=True) as connection:
        return connection.execute(question.statement).df()


def named(name: str) -> Question:
    return next(one for one in questions() if one.name == name)


def test_the_questions_are_numbered_and_each_says_how_to_read_its_answer() -> None:
    asked = questions()
    assert [one.number for one in asked] == list(range(1, len(asked) + 1))
    assert len(asked) >= 12
    assert all(one.question.endswith(("?", ".")) and len(one.how_to_read) > 60 for one in asked)


@EVERY
def test_a_question_is_one_statement_of_at_most_twelve_lines(question: Question) -> None:
    lines = question.statement.splitlines()
    assert len(lines) <= 12
    assert max(map(len, lines)) <= 100
    assert ";" not in question.statement
    assert re.match(r"(select|with)\b", question.statement)


@EVERY
def test_an_answer_has_estimate_interval_number_and_status(
    imaginary_home: Built, question: Question
) -> None:
    found = answer(imaginary_home, question)
    assert set(found.columns) >= TOLD
    assert len(found) > 0
    told = found[found.status == "estimated"]
    assert len(told) > 0, "an answer without a number answers nothing"
    assert (told.sample_size > 0).all()
    assert told[["estimate", "interval_low", "interval_high"]].notna().all(axis=None)
    assert (told.interval_low <= told.estimate + 1e-9).all()
    assert (told.estimate <= told.interval_high + 1e-9).all()


def truth(home: Built, name: str) -> float:
    told = json.loads((home.home / "synthetic_truth.json").read_text(encoding="utf-8"))
    return float(next(one["value"] for one in told["effects"] if one["name"] == name))


def test_self_compassion_rose_where_it_was_planted(imaginary_home: Built) -> None:
    found = answer(imaginary_home, named("did_self_compassion_rise"))
    whole = found[found.stratum_kind == "all"].set_index("program_id")
    # The self-compassion course gains 0.05 points a session, the others less.
    assert truth(imaginary_home, "scs_growth_to_session_4_in_synthetic_msc") > 0
    assert whole.loc["synthetic_msc", "interval_low"] > 0
    assert whole.loc["synthetic_msc", "estimate"] > whole.loc["synthetic_cbt", "estimate"]


def test_self_compassion_comes_first_as_planted_and_symptoms_do_not(imaginary_home: Built) -> None:
    found = answer(imaginary_home, named("which_comes_first"))
    phq9 = found[found.outcome_scale_id == "phq9_total"].set_index("direction")
    assert truth(imaginary_home, "scs_before_phq9_total_in_all") < 0
    assert phq9.loc["process_to_outcome", "interval_high"] < 0
    back = phq9.loc["outcome_to_process"]
    assert back.interval_low <= 0 <= back.interval_high


def test_who_leaves_is_what_the_file_of_episodes_says(imaginary_home: Built) -> None:
    found = answer(imaginary_home, named("who_leaves")).set_index(["stratum_kind", "stratum_id"])
    folder = imaginary_home.home / "landing" / IMAGINARY_SOURCE
    stated = pd.DataFrame(lines_of(folder / "episodes.csv"))
    stated = stated[stated.ending.isin(["planned", "unplanned"])]
    judged = 0
    for kind in ("program", "condition"):
        groups = stated.groupby(f"{kind}_id")
        assert len(found.loc[kind]) == groups.ngroups
        for stratum, group in groups:
            left, total = int((group.ending == "unplanned").sum()), len(group)
            row = found.loc[(kind, stratum)]
            assert row.sample_size == total
            if total < 20:
                assert row.status == "too_few"
                continue
            low, high = proportion_confint(left, total, method="wilson")
            assert row[["estimate", "interval_low", "interval_high"]].tolist() == pytest.approx(
                [left / total, low, high], abs=1e-4
            )
            judged += 1
    assert judged > 3


def test_recovery_says_how_many_are_unknown_and_what_they_could_do(imaginary_home: Built) -> None:
    found = answer(imaginary_home, named("who_recovers"))
    assert (found.bound_low <= found.bound_high).all()
    known = found[(found.missing_count == 0) & (found.status == "estimated")]
    assert np.allclose(known.bound_low, known.bound_high)


@pytest.fixture(scope="module")
def notebook(imaginary_home: Built) -> dict[int, pd.DataFrame]:
    """The answers that the notebook finds, run without a screen."""
    from orchestration.desk.notebook import app

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(HOME_VARIABLE, str(imaginary_home.home))
        _, defined = app.run()
    answers: dict[int, pd.DataFrame] = defined["answers"]
    return answers


@EVERY
def test_the_notebook_finds_the_same_in_python(
    imaginary_home: Built, notebook: dict[int, pd.DataFrame], question: Question
) -> None:
    in_sql = answer(imaginary_home, question)
    in_python = notebook[question.number][list(in_sql.columns)]
    keys = [column for column in in_sql if in_sql[column].dtype.kind not in "fiu"]
    keys += [column for column in ("step_number", "session_count") if column in in_sql]

    def ordered(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.sort_values([*keys, "estimate"], kind="stable").reset_index(drop=True)

    pd.testing.assert_frame_equal(
        ordered(in_sql), ordered(in_python), check_dtype=False, rtol=1e-9, obj=question.name
    )


def test_the_page_of_questions_holds_every_statement_and_no_answer(imaginary_home: Built) -> None:
    page = (imaginary_home.settings.current / "reports" / "questions.html").read_text("utf-8")
    unescaped = page.replace("&#39;", "'").replace("&gt;", ">").replace("&lt;", "<")
    assert all(one.statement in unescaped for one in questions())
    assert "http" not in page
    for program in ("synthetic_msc", "synthetic_cbt"):
        assert program not in page


def test_the_dictionary_describes_every_table_and_column_of_both_files(
    imaginary_home: Built,
) -> None:
    folder = imaginary_home.settings.current.resolve() / "reports"
    rows = lines_of(folder / "dictionary.csv")
    told = {(row["file"], row["table_name"], row["column_name"]) for row in rows}
    query = (
        "select schema_name || '.' || table_name, column_name from duckdb_columns() "
        "where not internal and schema_name in ('marts', 'published')"
    )
    for file, ask in (
        ("evaluation.duckdb", imaginary_home.evaluation),
        ("dashboard.duckdb", imaginary_home.dashboard),
    ):
        assert {(file, *row) for row in ask(query)} <= told
    assert all(row["meaning"] for row in rows)
    metrics = imaginary_home.evaluation("select metric_id from marts.metric_dictionary")
    assert {("metric", metric) for (metric,) in metrics} <= {place[:2] for place in told}
    page = (folder / "dictionary.html").read_text(encoding="utf-8")
    assert all(f'id="metric-{metric}"' in page for (metric,) in metrics)
    assert not [row for row in rows if row["meaning"].startswith(("=", "+", "-", "@"))]


def test_every_mart_can_be_exported_for_a_statistics_program(
    imaginary_home: Built, tmp_path: Path
) -> None:
    from pyreadstat import read_dta

    from orchestration.desk.exporting import Order, export
    from orchestration.desk.formats import Format

    def no_one(*_: Any) -> None:
        return None

    order = Order("all", Format.STATA, tmp_path / "stata")
    for done in export(imaginary_home.settings, order, no_one):
        _, meta = read_dta(done.file, metadataonly=True)
        assert meta.number_rows == done.table.row_count
        assert len(meta.column_names) == len(done.table.columns)
