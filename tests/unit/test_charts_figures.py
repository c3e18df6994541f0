"""Every chart: its words, its numbers, and what it does where there is nothing to draw."""

import re
from collections.abc import Callable
from functools import cache

import pandas
import pytest

from orchestration import charts
from orchestration.charts.figure import Figure, Tables
from orchestration.charts.selecting import Prepared
from tests import drawn
from tests.chart_frames import (
    LARGE,
    MECHANISM,
    OTHER,
    OUTCOME,
    PROCESS,
    TINY,
    empty,
    held_back,
    tables,
)

PAIR = {"process_scale_id": PROCESS, "outcome_scale_id": OUTCOME}
FUNNEL = {
    "unit_kind": "clinic",
    "metric_id": "reliable_improvement",
    "threshold_set": "nhs_talking_therapies",
    "population": "finished_courses",
}
Draw = Callable[..., Figure]


def draw(name: str, frames: Tables, program: str = LARGE, **more: object) -> Figure:
    """The figure of that name about the outcome and process of the hand-made tables."""
    chosen: dict[str, object] = {
        "start_and_end": {"program_id": program, "scale_id": OUTCOME},
        "change_against_change": {"program_id": program} | PAIR,
        "lead_lag": {"program_id": program} | PAIR,
        "component_estimates": {"program_id": program, "outcome_scale_id": OUTCOME},
        "forest": PAIR | {"stratum_kind": "condition"},
        "mediation": {"program_id": program, "mediator_scale_id": MECHANISM} | PAIR,
        "course": {"program_id": program, "scale_id": OUTCOME},
        "change_order": {"program_id": program, "process_scale_id": PROCESS},
        "delivery": {"program_id": program, "scale_id": OUTCOME},
        "funnel_plot": FUNNEL,
    }.get(name, {"program_id": program})  # type: ignore[assignment]
    function: Draw = getattr(charts, name)
    return function(frames, **(chosen | more))  # type: ignore[operator]


NAMES = (
    "start_and_end",
    "reliable_change_classes",
    "attrition",
    "change_against_change",
    "lead_lag",
    "component_profile",
    "component_estimates",
    "forest",
    "mediation",
    "course",
    "sudden_gains",
    "change_order",
    "dose_response",
    "delivery",
    "funnel_plot",
    "benchmarks",
    "completeness",
)
OVER_PROGRAMS = ("forest", "funnel_plot")
every_chart = pytest.mark.parametrize("name", NAMES)


@cache
def figure_of(name: str, width: int = 400) -> Figure:
    """The figure of the full tables, which nobody changes; made once for all tests."""
    return draw(name, tables(), width=width)


@cache
def svg_of(name: str, width: int = 400) -> str:
    """The drawing of it; drawn once for all tests."""
    return charts.drawing.svg(figure_of(name, width))


@pytest.mark.slow
@every_chart
def test_a_chart_is_valid_vega_lite(name: str) -> None:
    # altair checks against its schema, and refuses what is not in it.
    assert draw(name, tables()).chart is not None


@every_chart
def test_a_caption_carries_n_and_an_interval(name: str) -> None:
    caption = figure_of(name).caption
    assert re.search(r"n\u00a0=\u00a0\d", caption)
    assert re.search(r"\(\u2212?[\d.]+%? to \u2212?[\d.]+%?\)", caption)


@pytest.mark.slow
@every_chart
def test_a_chart_is_told_in_words_to_those_who_do_not_see_it(name: str) -> None:
    figure = figure_of(name)
    assert len(figure.description) > len(figure.caption)
    svg = svg_of(name)
    assert 'role="img"' in svg
    assert f'aria-label="{figure.description.split(":")[0][:40]}' in svg


@every_chart
@pytest.mark.parametrize("frames", [empty(), {}], ids=["empty tables", "no tables"])
def test_where_there_is_nothing_a_sentence_says_so(name: str, frames: Tables) -> None:
    figure = draw(name, frames)
    assert figure.specification is None
    assert figure.chart is None
    assert figure.said.endswith(".")
    assert charts.drawing.svg(figure) == ""


@every_chart
def test_where_everything_is_held_back_nothing_is_drawn_and_the_reason_is_said(name: str) -> None:
    figure = draw(name, held_back())
    assert figure.specification is None
    assert "fewer than 11 people" in figure.said
    for column in figure.table.columns:
        assert not {"0", "0%", "0.00", "nan", "None", ""} & set(figure.table[column][1:]) or (
            column in {"Fitted change", "Waves"} or column.startswith("Change in")
        )


@pytest.mark.parametrize("name", [name for name in NAMES if name not in OVER_PROGRAMS])
def test_three_clients_are_never_drawn(name: str) -> None:
    figure = draw(name, tables(), program=TINY)
    assert figure.specification is None
    assert figure.said.endswith(".")


CAUSAL = re.compile(
    r"\b(because|caus\w+|effect of|leads? to|led to|due to|driv\w+|results? in|thanks to|"
    r"brings? about|made (?:them|clients)|works|reduc\w+|impact\w*)\b",
    re.IGNORECASE,
)


@every_chart
def test_no_word_says_that_one_thing_made_another(name: str) -> None:
    for frames in (tables(), held_back(), empty()):
        figure = draw(name, frames)
        for said in (figure.title, figure.caption, figure.description, figure.said, figure.note):
            assert not CAUSAL.search(said)


@pytest.mark.slow
@every_chart
@pytest.mark.parametrize("width", [340, 400, 720])
def test_labels_neither_overlap_nor_leave_the_drawing(name: str, width: int) -> None:
    svg = svg_of(name, width=width)
    assert charts.drawing.size_of(svg)[0] == width
    outside = [
        word.text
        for word in drawn.words(svg)
        if word.left < -2
        or word.right > width + 2
        or word.bottom > charts.drawing.size_of(svg)[1] + 1
        or word.top < -1
    ]
    assert outside == []
    assert drawn.overlapping(svg) == []


@every_chart
def test_no_letter_is_smaller_than_twelve_px(name: str) -> None:
    assert {float(size) for size in re.findall(r'font-size="([\d.]+)px"', svg_of(name))} <= {12, 13}


# What a reader sees, typed by hand from the tables in chart_frames.
SEEN = {
    "change_against_change": ["12", "13", "14", "17", "19", "11", "held back"],
    "lead_lag": [
        "\u22120.912 (\u22121.541 to \u22120.283), n\u00a0=\u00a0106",
        "\u22120.004 (\u22120.019 to 0.011), n\u00a0=\u00a0106",
    ],
    "component_profile": ["2.46 \u2192 2.74", "3.60 \u2192 3.33"],
    "forest": [
        "\u22120.44 (\u22120.62 to \u22120.21), n\u00a0=\u00a061",
        "\u22120.30 (\u22120.59 to 0.05), n\u00a0=\u00a033",
        "held back",
        "\u22120.39 (\u22120.55 to \u22120.20), n\u00a0=\u00a094",
        "\u22120.71 to 0.04",
    ],
    "mediation": [
        "a \u22122.160",
        "b 0.206",
        "direct \u22120.421",
        "\u22120.445 (\u22120.805 to \u22120.147), n\u00a0=\u00a0106",
        "\u22120.639 (\u22121.226 to \u22120.108), n\u00a0=\u00a0106",
    ],
    "attrition": ["140 · 100%", "106 · 75.7%", "held back", "27 · 19.3%"],
    "start_and_end": ["cut-off 10", "reliable change: 6 points", "At the start, mean 15.5"],
    "reliable_change_classes": ["62", "32", "12", "unchanged and deteriorated held back"],
    "course": ["15.5", "11.6", "106", "71", "held", "27+"],
    "sudden_gains": ["22.6% (15.7% to 31.5%), n\u00a0=\u00a0106"],
    "dose_response": ["52.5% (37.5% to 67.0%), n\u00a0=\u00a040", "5 to 8 sessions"],
    "benchmarks": ["58.5% (49.0% to 67.4%), n\u00a0=\u00a0106", "67.5%"],
    "completeness": ["89.8% (83.0% to 94.1%), n\u00a0=\u00a0118"],
    "funnel_plot": ["40.0% (28.6% to 52.6%), n\u00a0=\u00a060", "clinic-a, below the 95% limit"],
    "delivery": ["\u22120.28 (\u22120.49 to \u22120.04), n\u00a0=\u00a064"],
}


@pytest.mark.parametrize("name", SEEN)
def test_the_numbers_drawn_are_those_of_the_tables(name: str) -> None:
    seen = drawn.texts(svg_of(name))
    assert [text for text in SEEN[name] if text not in seen] == []


@pytest.mark.parametrize("name", ["forest", "delivery", "dose_response", "sudden_gains"])
def test_every_estimate_drawn_is_in_the_figures_own_table(name: str) -> None:
    cells = {str(cell) for row in figure_of(name).table.itertuples(index=False) for cell in row}
    told = [text for text in drawn.texts(svg_of(name)) if " to " in text and "(" in text]
    estimates = [text.split(", n")[0] for text in told if text[0] in "\u22120123456789"]
    assert estimates
    assert set(estimates) <= cells


def test_a_dot_lies_where_its_number_says() -> None:
    figure = draw("forest", tables())
    assert figure.specification is not None
    marks = [
        mark
        for layer in figure.specification["layer"]
        if layer["mark"]["type"] == "point"
        for mark in layer["data"]["values"]
    ]
    assert [mark["x"] for mark in marks] == [-0.44, -0.3, -0.39]


def test_a_held_back_bar_is_a_dashed_area_and_says_so() -> None:
    frames = tables()
    figure = draw("attrition", frames)
    svg = charts.drawing.svg(figure)
    assert svg.count('stroke-dasharray="3,3"') == 1
    assert 'aria-label="At caseness at the start: held back"' in svg


def test_counts_that_are_held_back_share_what_the_others_leave() -> None:
    figure = draw("reliable_change_classes", tables())
    row = figure.table[figure.table["Scale"] == "Self-compassion"].iloc[0]
    assert list(row) == ["Self-compassion", "56", "held back", "held back", "14", "106", "120"]


@pytest.mark.slow
def test_a_label_that_looks_like_markup_stays_text() -> None:
    frames = tables(name='<script>alert("x")</script>')
    frames["pub_scales"]["scale_name"] = frames["pub_scales"]["scale_name"].replace(
        "Depression (PHQ-9), total", "<b onload=x>'=1+1'&\"PHQ\""
    )
    strata = frames["pub_strata"]
    strata["stratum_id"] = strata["stratum_id"].replace("depression", '"><script>x</script>')
    for name in NAMES:
        svg = charts.drawing.svg(draw(name, frames))
        assert "<script" not in svg
        assert "<b " not in svg
        assert drawn.words(svg)  # still well-formed


@every_chart
def test_a_drawing_links_to_nothing(name: str) -> None:
    svg = svg_of(name)
    addresses = set(re.findall(r"https?://[^\"' )]+", svg))
    assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert "href" not in svg


def test_prepared_tables_draw_the_same() -> None:
    frames = tables()
    for name in NAMES:
        plain, prepared = draw(name, frames), draw(name, Prepared(frames))
        assert plain.specification == prepared.specification
        assert plain.caption == prepared.caption


def test_missing_values_of_every_kind_are_missing() -> None:
    frames = tables()
    frames["pub_lead_lag"] = frames["pub_lead_lag"].convert_dtypes()
    frames["pub_lead_lag"].loc[0, "estimate"] = pandas.NA
    frames["pub_lead_lag"].loc[0, "estimate_status"] = "not_computable"
    figure = draw("lead_lag", frames)
    assert "not computable" in figure.caption
    assert any("not computable" in text for text in drawn.texts(charts.drawing.svg(figure)))


def test_an_older_release_without_a_table_still_tells_the_means() -> None:
    frames = tables()
    del frames["pub_score_bins"]
    figure = draw("start_and_end", frames)
    assert figure.said.startswith("Mean 15.5 at the start, 11.4 at the end")
    assert "Held back" not in figure.said


def test_a_program_is_named_among_the_others_only_where_it_is_asked_for() -> None:
    frames = tables()
    frames["pub_strata"]["stratum_kind"] = "program"
    frames["pub_strata"]["stratum_id"] = frames["pub_strata"]["stratum_id"].replace(
        "depression", LARGE
    )
    there = draw("forest", frames, stratum_kind="program", program_id=LARGE)
    assert "Self-compassion course (this program)" in list(there.table["Stratum"])
    alone = draw("forest", frames, stratum_kind="program")
    assert "Self-compassion course" in list(alone.table["Stratum"])


def test_another_outcome_has_its_own_words() -> None:
    figure = draw("change_against_change", tables(), outcome_scale_id=OTHER)
    assert figure.specification is None
    assert figure.said.startswith("Pearson r \u22120.10 (\u22120.29 to 0.09)")


def test_the_judge_of_overlaps_sees_one() -> None:
    def two(y: int) -> str:
        text = '<text font-size="12px" x="0" y="{}">some words</text>'
        return f'<svg xmlns="http://www.w3.org/2000/svg">{text.format(20)}{text.format(y)}</svg>'

    assert drawn.overlapping(two(26)) == [("some words", "some words")]
    assert drawn.overlapping(two(36)) == []


def test_classes_that_are_all_held_back_are_one_area_without_parts() -> None:
    frames = tables()
    measures = frames["pub_program_measures"]
    hidden = measures["scale_id"] == MECHANISM
    measures.loc[hidden, ["unchanged_count"]] = float("nan")
    measures.loc[hidden, "unchanged_count_status"] = "suppressed"
    seen = drawn.texts(charts.drawing.svg(draw("reliable_change_classes", frames)))
    assert "held back, n\u00a0=\u00a0120" in seen
