"""The words beside the charts: numbers, the glance, the key numbers, and where lines break."""

import re

import pytest

from orchestration import charts
from orchestration.charts import measuring, words
from orchestration.charts.marks import step_digits, steps
from tests.chart_frames import LARGE, TINY, empty, held_back, tables
from tests.unit.test_charts_figures import CAUSAL


@pytest.mark.parametrize(
    ("value", "digits", "told"),
    [(-0.25, 2, "\u22120.25"), (-0.001, 2, "0.00"), (1234.5, 1, "1,234.5"), (0.0, 2, "0.00")],
)
def test_a_number_has_a_minus_and_no_negative_zero(value: float, digits: int, told: str) -> None:
    assert words.number(value, digits) == told


@pytest.mark.parametrize(
    ("value", "told"),
    [(0.47, "47%"), (0.414, "41.4%"), (0.0, "0%"), (1.0, "100%"), (0.987, "98.7%")],
)
def test_a_proportion_is_told_to_its_own_digits(value: float, told: str) -> None:
    assert words.percent(value) == told


def test_an_interval_has_the_digits_of_its_longest_end() -> None:
    assert words.with_interval(0.4, 0.286, 0.526, "proportion") == "40.0% (28.6% to 52.6%)"
    assert words.with_interval(2.51, 2.49, 2.53, digits=1) == "2.5 (interval inside rounding)"


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Self-compassion, total (mean of 26 items)", "Self-compassion"),
        ("Depression (PHQ-9), total", "Depression (PHQ-9)"),
        ("Compassionate self-responding (13 items)", "Compassionate self-responding"),
        ("Mindfulness", "Mindfulness"),
    ],
)
def test_a_scale_is_named_without_what_only_a_manual_needs(name: str, short: str) -> None:
    assert words.short_name(name) == short


def test_a_held_back_value_is_never_called_not_computable() -> None:
    assert words.why("suppressed", 11) == (
        "Held back: it would tell about a group of fewer than 11 people."
    )
    assert words.why("not_computable", 11) == "Not computable from these data."
    # As many as are needed stand behind it: then it is held back for the sake of another number.
    assert words.why("suppressed", 11, size=10448) == (
        "Held back: beside other numbers it would give away a group of fewer than 11 people."
    )
    assert words.why("not_computable", 11, "one wave") == "Not computable: one wave."


@pytest.mark.parametrize(
    ("low", "high", "marks"),
    [
        (0.0, 1.0, [0.0, 0.25, 0.5, 0.75, 1.0]),
        (-0.47, 0.12, [-0.4, -0.2, 0.0]),
        (0.0, 27.0, [0.0, 10.0, 20.0]),
        (3.0, 3.0, [3.0]),
    ],
)
def test_an_axis_has_round_marks(low: float, high: float, marks: list[float]) -> None:
    assert steps(low, high) == marks
    assert all(round(mark, step_digits(marks)) == mark for mark in marks)


def test_lines_break_between_words_and_are_not_too_wide() -> None:
    lines = measuring.wrap("Experience of shame and its companions", 90, 12)
    assert " ".join(lines) == "Experience of shame and its companions"
    assert all(measuring.width_of(line, 12) <= 90 for line in lines)
    assert measuring.shorten("Experience of shame", 60, 12).endswith("…")


def glance(frames: object, program: str = LARGE) -> dict[str, str]:
    return {one.topic: one.text for one in charts.glance(frames, program_id=program)}  # type: ignore[arg-type]


def test_the_glance_says_what_a_program_came_to() -> None:
    told = glance(tables())
    assert list(told) == [
        "freshness",
        "finished",
        "improved",
        "process",
        "outcome",
        "link",
        "limits",
    ]
    assert "Release 7, built 2026-03-02" in told["freshness"]
    assert "Synthetic" in told["freshness"]
    assert "106 of 140 referred finished a course, 75.7%" in told["finished"]
    assert (
        "62 of 106 finished courses reliably improved, 58.5% (49.0% to 67.4%)" in told["improved"]
    )
    assert "Self-compassion rose, from a mean of 2.43 to 2.69" in told["process"]
    assert "Depression (PHQ-9) fell, from a mean of 15.5 to 11.4" in told["outcome"]
    assert "r \u22120.41 (\u22120.56 to \u22120.24), n\u00a0=\u00a0106" in told["link"]
    assert "No clear sign that self-compassion and generalised anxiety" in told["link"]
    assert "no comparison group" in told["limits"]


def test_a_change_whose_interval_takes_in_zero_is_no_rise() -> None:
    frames = tables()
    measures = frames["pub_program_measures"]
    measures.loc[0, "improvement_mean_interval_low"] = -0.02
    assert "Self-compassion did not clearly change" in glance(frames)["process"]


def test_a_scale_that_got_worse_is_said_to_have_got_worse() -> None:
    frames = tables()
    worse = ["improvement_mean", "improvement_mean_interval_low", "improvement_mean_interval_high"]
    frames["pub_program_measures"].loc[1, worse] = [-2.0, -3.0, -1.0]
    assert "Depression (PHQ-9) rose" in glance(frames)["outcome"]


@pytest.mark.parametrize("frames", [held_back(), tables()], ids=["all held back", "three clients"])
def test_what_is_held_back_is_said_to_be_and_no_number_stands_for_it(frames: object) -> None:
    told = glance(frames, TINY)
    for topic in ("finished", "improved", "process", "outcome", "link"):
        assert "Held back" in told[topic]
        assert not re.search(r"\d", told[topic].replace("11", "").replace("PHQ-9", ""))
    for number in charts.key_numbers(frames, program_id=TINY):  # type: ignore[arg-type]
        assert number.value == "held back"
        assert number.interval == ""


@pytest.mark.parametrize("frames", [empty(), {}], ids=["empty tables", "no tables"])
def test_without_clients_there_are_sentences_all_the_same(frames: object) -> None:
    told = glance(frames, "all")
    assert set(told) >= {"finished", "improved", "process", "outcome", "link", "limits"}
    assert all(text.endswith(".") for text in told.values())


def test_no_sentence_of_the_glance_says_that_the_program_did_it() -> None:
    for frames in (tables(), held_back(), empty()):
        for program in (LARGE, TINY, "all"):
            for text in glance(frames, program).values():
                assert not CAUSAL.search(text)


def test_the_key_numbers_have_their_interval_and_n() -> None:
    numbers = charts.key_numbers(tables(), program_id=LARGE)
    told = [(one.label, one.value, one.interval) for one in numbers]
    assert told == [
        ("Finished a course", "75.7%", "67.7% to 82.7%"),
        ("Reliably improved", "58.5%", "49.0% to 67.4%"),
        ("Self-compassion", "0.26", "0.19 to 0.33"),
        ("Depression (PHQ-9)", "4.2", "3.3 to 5.0"),
    ]
    assert numbers[3].note == "points better: 15.5 \u2192 11.4, n\u00a0=\u00a0106"
