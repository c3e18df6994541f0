"""Eight years of published totals of England come out of the same SQL and the same rates.

What belongs here: the counts and rates of metrics.md 2.3 (NHS Talking Therapies annual data, Open
Government Licence), rebuilt from a landing folder of tidy files.
What does not: the rules of one episode (unit and oracle tests).

One course in a hundred, so that the test stays small: a year of 670,000 courses becomes 6,700, each
with its two questionnaires, sessions and dates as a clinic would hand them in. Rounding the counts
to whole people moves a rate by 0.01 points or less.
"""

from pathlib import Path
from typing import NamedTuple

import pytest

from orchestration.landing.inbox import receive
from orchestration.settings import Settings
from orchestration.statistics import program_outcomes
from orchestration.warehouse import Connection
from tests.landing_home import seeds
from tests.sql_harness import SqlScout, sql_scout

pytestmark = pytest.mark.slow  # fifty thousand courses

ONE_IN = 100


class Year(NamedTuple):
    """What was published of one year: counts of courses, and three rates in percent."""

    finished: int
    not_at_caseness: int
    at_caseness: int
    no_change_class: int
    recovery: float
    reliable_recovery: float
    reliable_improvement: float
    rebuilt: tuple[float, float, float]


# metrics.md 2.3; the last three are the same rates to two digits.
YEARS = {
    "2017-18": Year(554_709, 36_767, 517_393, 5_629, 50.8, 48.3, 66.4, (50.83, 48.34, 66.43)),
    "2018-19": Year(582_556, 35_706, 546_105, 6_350, 52.1, 49.5, 67.4, (52.08, 49.51, 67.40)),
    "2019-20": Year(606_192, 36_054, 569_244, 5_798, 51.1, 48.5, 67.0, (51.11, 48.46, 66.99)),
    "2020-21": Year(634_649, 37_267, 595_840, 9_049, 51.4, 48.7, 68.3, (51.39, 48.73, 68.28)),
    "2021-22": Year(664_087, 38_168, 624_193, 11_482, 50.2, 47.3, 66.9, (50.15, 47.30, 66.94)),
    "2022-23": Year(672_193, 37_805, 633_236, 10_391, 49.9, 46.8, 66.5, (49.85, 46.85, 66.49)),
    "2023-24": Year(671_648, 37_164, 633_828, 8_449, 50.1, 47.1, 66.8, (50.12, 47.09, 66.80)),
    "2024-25": Year(670_419, 35_234, 634_248, 8_521, 50.5, 47.5, 67.5, (50.55, 47.52, 67.46)),
}
DETERIORATED = 0.058  # 2024-25: 39,157 of 670,419; the other years publish no count

# How a course can look: PHQ-9 first and last, GAD-7 first and last (cases from 10 and from 8,
# reliable from 6 and from 4 points).
Scores = tuple[int | None, int | None, int | None, int | None]
LOOKS: dict[str, Scores] = {
    "recovered reliably": (18, 5, 14, 4),
    "recovered, not reliably": (11, 9, 9, 7),
    "improved, still a case": (20, 12, 15, 9),
    "deteriorated": (12, 19, 10, 15),
    "no change, still a case": (15, 14, 12, 11),
    "not at caseness": (6, 5, 5, 4),
    "no last score": (16, None, 13, None),
    "no score": (None, None, None, None),
}


def people(year: Year) -> dict[str, int]:
    """Look -> courses of the sample, such that the published counts and rates come out."""
    base = year.finished - year.not_at_caseness
    recovered = round(base * year.rebuilt[0] / 100 / ONE_IN)
    reliably = round(base * year.rebuilt[1] / 100 / ONE_IN)
    improved = round(year.finished * year.rebuilt[2] / 100 / ONE_IN)
    finished = round(year.finished / ONE_IN)
    below = round(year.not_at_caseness / ONE_IN)
    neither = round((base - year.at_caseness) / ONE_IN)
    found = {
        "recovered reliably": reliably,
        "recovered, not reliably": recovered - reliably,
        "improved, still a case": improved - reliably,
        "deteriorated": round(finished * DETERIORATED),
        "not at caseness": below,
        "no last score": round(year.no_change_class / ONE_IN) - neither,
        "no score": neither,
    }
    found["no change, still a case"] = finished - sum(found.values())
    assert min(found.values()) > 0
    return found


# One questionnaire of a course: which scale, at the first or the last contact, on which day.
FORMS = (("phq9", "first", 0), ("phq9", "last", 90), ("gad7", "first", 0), ("gad7", "last", 90))


def write_landing_folder(connection: Connection, folder: Path) -> None:
    """Every year a program of its own, in the three tidy files that a clinic would export."""
    looks = [
        (year, look, count, *LOOKS[look])
        for year, published in YEARS.items()
        for look, count in people(published).items()
    ]
    connection.execute(
        "create or replace temp table looks (year text, look text, courses bigint, "
        "phq9_first integer, phq9_last integer, gad7_first integer, gad7_last integer)"
    )
    connection.executemany("insert into looks values (?, ?, ?, ?, ?, ?, ?)", looks)
    connection.execute(
        "create or replace temp table courses as select 'person-' || number as client_id, "
        "'course-' || number as episode_id, * from (select row_number() over () as number, * "
        "from looks, range(courses))"
    )
    forms = " union all ".join(
        f"select client_id, episode_id, '{scale}' as instrument_id, '{scale}_total' as scale_id, "
        f"{scale}_{moment} as score, {day} as day from courses where {scale}_{moment} is not null"
        for scale, moment, day in FORMS
    )
    exports = {
        "episodes.csv": "select client_id, episode_id, year as program_id, '2024-01-01' as "
        "started_on, '2024-06-30' as ended_on, 'planned' as ending from courses",
        "sessions.csv": "select episode_id, visit as session_number, 'true' as attended "
        "from courses, (values (1), (2)) as visits (visit)",
        "scores.csv": forms,
    }
    folder.mkdir(parents=True)
    for name, query in exports.items():
        connection.execute(f"copy ({query}) to '{folder / name}' (header)")


@pytest.fixture(scope="module")
def england(tmp_path_factory: pytest.TempPathFactory) -> SqlScout:
    """From a landing folder to the counts of programs."""
    scout = sql_scout()
    scout.empty()
    settings = Settings(home=tmp_path_factory.mktemp("england"), threads=1, memory_limit="1GB")
    write_landing_folder(scout.connection, settings.landing / "england")
    summary = receive(scout.connection, settings, seeds())
    assert [file.status for file in summary.files] == ["loaded"] * 3
    assert sum(file.rows_refused + file.rows_repeated for file in summary.files) == 0
    scout.mark_filled("loads", "episodes", "sessions", "stated_scores")
    return scout.build_models(until="change")


@pytest.fixture(scope="module")
def rates(england: SqlScout) -> dict[tuple[str, str], dict[str, object]]:
    """(year, metric) -> its row over everybody and all time."""
    frame = program_outcomes.estimate(england.frame("change.int_program_counts"))
    frame = frame[(frame["stratum_kind"] == "all") & (frame["period_kind"] == "all")]
    return {(row["program_id"], row["metric_id"]): row for row in frame.to_dict("records")}


@pytest.mark.parametrize("metric", ["recovery", "reliable_recovery", "reliable_improvement"])
@pytest.mark.parametrize("year", YEARS)
def test_the_published_rate_comes_out(
    rates: dict[tuple[str, str], dict[str, object]], year: str, metric: str
) -> None:
    row = rates[year, metric]
    published = getattr(YEARS[year], metric)
    # Half a unit of the published digit, and what rounding to whole people moves.
    assert 100 * float(str(row["estimate"])) == pytest.approx(published, abs=0.05 + 0.015)
    assert row["threshold_set"] == "nhs_talking_therapies"
    assert row["population"] == "finished_courses"


@pytest.mark.parametrize("year", YEARS)
def test_the_unknown_that_the_publication_leaves_out_are_shown(
    rates: dict[tuple[str, str], dict[str, object]], year: str
) -> None:
    published = YEARS[year]
    change = rates[year, "reliable_improvement"]
    assert change["missing_count"] == round(published.no_change_class / ONE_IN)
    neither = published.finished - published.not_at_caseness - published.at_caseness
    caseness = rates[year, "at_caseness"]
    assert caseness["missing_count"] == round(neither / ONE_IN)
    assert caseness["sample_size"] == round(published.finished / ONE_IN)
    # So the rate may be higher than published, by as much as the unknown allow.
    recovery = rates[year, "recovery"]
    assert float(str(recovery["bound_low"])) == recovery["estimate"]
    assert float(str(recovery["bound_high"])) > float(str(recovery["bound_low"]))
