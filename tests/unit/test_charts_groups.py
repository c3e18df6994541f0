"""The rates of a condition, a clinic or a year, and the row that a filter chose.

What belongs here: what is drawn, said and listed of one group. What does not: looks.
"""

from typing import Any

import pytest

from orchestration import charts
from orchestration.charts import Figure
from tests.chart_frames import OUTCOME, PROCESS, tables
from tests.drawn import texts

PAIR = {"process_scale_id": PROCESS, "outcome_scale_id": OUTCOME}

FUNNEL = {
    "metric_id": "reliable_improvement",
    "threshold_set": "nhs_talking_therapies",
    "population": "finished_courses",
}


def texts_of(figure: Figure) -> str:
    """Every word of the drawing."""
    return " ".join(texts(charts.drawing.svg(figure)))


def test_a_groups_rates_stand_in_caption_table_and_drawing() -> None:
    figure = charts.group_rates(tables(), unit_kind="condition", unit_id="worry")
    told = "40.0% (28.6% to 52.6%), n\u00a0=\u00a060"
    assert told in figure.caption
    assert told in texts_of(figure)
    # The better first, and what is held back is said.
    assert figure.table["Rate here"].tolist() == ["40.0% (28.6% to 52.6%)", "held back"]
    assert "held back, n\u00a0=\u00a060" in figure.caption
    assert "not to be added up" in figure.caption


def test_a_group_of_which_nothing_is_shown_says_why_and_draws_nothing() -> None:
    figure = charts.group_rates(tables(), unit_kind="period", unit_id="2025")
    assert figure.specification is None
    assert "fewer than" in figure.said
    assert charts.group_rates(tables(), unit_kind="clinic", unit_id="none").specification is None


def test_a_group_in_sentences_says_who_is_counted_twice() -> None:
    said = [
        each.text for each in charts.group_glance(tables(), unit_kind="condition", unit_id="worry")
    ]
    assert said[0].startswith("Reliable improvement")
    assert "24 of 60 finished courses" in said[0]
    assert "not shown" in said[1]
    assert "Somebody with two conditions is counted in both." in said
    assert "not to be added up" in said[-1]


def test_conditions_have_intervals_in_place_of_limits() -> None:
    asked: dict[str, Any] = FUNNEL | {"unit_kind": "condition"}
    figure = charts.funnel_plot(tables(), **asked)
    assert "limits" not in figure.title
    assert "Target" not in figure.caption
    assert "not to be added up" in figure.caption


@pytest.mark.parametrize("chosen", ["clinic-a", "clinic-b"])
def test_the_chosen_unit_of_a_funnel_is_told_first_and_named(chosen: str) -> None:
    asked: dict[str, Any] = FUNNEL | {"unit_kind": "clinic"}
    figure = charts.funnel_plot(tables(), chosen_id=chosen, **asked)
    names = [each for each in ("clinic-a", "clinic-b") if f"{each} (chosen)" in figure.caption]
    assert names == [chosen]
    assert figure.caption.index(chosen) == min(
        figure.caption.index(each) for each in ("clinic-a", "clinic-b")
    )
    assert f"{chosen} (chosen)" in figure.table["Clinic"].tolist()
    assert f"{chosen} (chosen)" in texts_of(figure)


def test_the_chosen_row_of_a_forest_is_told_first_and_drawn_in_a_colour_of_its_own() -> None:
    asked: dict[str, Any] = PAIR | {"stratum_kind": "condition"}
    plain, chosen = (
        charts.forest(tables(), chosen_id=each, **asked) for each in (None, "depression")
    )
    assert chosen.caption.startswith("Depression, chosen: r ")
    assert "Depression (chosen)" in chosen.table["Stratum"].tolist()
    assert "Depression (chosen)" in texts_of(chosen)
    assert "chosen" not in plain.caption
    colour = charts.theme.LIGHT["process"]
    assert charts.drawing.svg(plain).count(colour) == 0
    assert charts.drawing.svg(chosen).count(colour) > 0
