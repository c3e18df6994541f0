"""Claims about recognising: planted files, in the names that exports use, against what was planted.

The registry is whatever ships; nothing here depends on which instruments are in it.
"""

from collections import Counter
from dataclasses import replace
from functools import cache

import pytest

from orchestration.landing.mapping import parse_mapping
from orchestration.landing.registry import plain_name
from orchestration.proposing.fitting import fit
from orchestration.proposing.known import Questionnaire, Scale, questionnaires
from orchestration.proposing.profiles import Column
from orchestration.proposing.proposal import Certainty
from orchestration.proposing.proposer import propose
from orchestration.proposing.series import all_series
from orchestration.proposing.templates import common_template
from orchestration.proposing.writing import as_yaml, values_of
from tests.landing_home import seeds

STYLES = {
    "plain": lambda one, n: f"{one}_{n}",
    "padded": lambda one, n: f"{one}_{n:02d}",
    "capitals": lambda one, n: f"{one.upper()}_{n}",
    "capitals, no mark": lambda one, n: f"{one.upper()}Q{n:02d}",
    "with q": lambda one, n: f"{one}_q{n}",
    "with points": lambda one, n: f"{one.upper()}.item.{n}",
    "with blanks": lambda one, n: f"{one.upper()} item {n}",
    "hyphens": lambda one, n: f"{one}-i{n:02d}",
    "number first": lambda one, n: f"q{n}_{one}",
    "glued": lambda one, n: f"{one}{n}",
    "Item": lambda one, n: f"{one}_Item{n:02d}",
    "one occasion": lambda one, n: f"t1_{one}_{n}",
}
OCCASIONS = {
    "before": (("pre", "post"), lambda one, n, when: f"{when}_{one}_{n}"),
    "behind": (("w0", "w4", "w12"), lambda one, n, when: f"{one}_{n}_{when}"),
    "between": (("t1", "t2", "t3"), lambda one, n, when: f"{one}_{when}_{n:02d}"),
    "glued": (("1", "2", "3"), lambda one, n, when: f"{one}x{when}i{n}"),
}
ROWS = 40


@cache
def known():
    return questionnaires(seeds())


def instruments():
    return [one for one in known() if len(one.items) > 1]


def files_of_ten():
    found = instruments()
    return [found[n : n + 10] for n in range(0, len(found), 10)]


def answers(one, item, shift=0):
    """A profile of answers that reach both ends of the item's range."""
    low, high = one.items[item]
    return {"minimum": low + shift, "maximum": high + shift, "distinct": high - low + 1}


def column(name, kind="integer", minimum=0, maximum=3, distinct=4, filled=ROWS, **more):
    return Column(name, ROWS, filled, distinct, kind, minimum, maximum, **more)


CLIENT = column("client_id", "text", None, None, ROWS)
DATE = column("completed_on", "date", None, None, 9)


def questionnaire(identifier, count, low=0, high=4, scales=()):
    return Questionnaire(
        identifier,
        frozenset([plain_name(identifier)]),
        frozenset(),
        dict.fromkeys(range(1, count + 1), (low, high)),
        {},
        scales,
        frozenset(),
    )


def planted(shifted):
    """Every style: the columns of ten instruments, and what they are."""
    for style, name in STYLES.items():
        for ten in files_of_ten():
            columns, truth = [CLIENT, DATE], {}
            for one in ten:
                names = [name(one.instrument_id, n) for n in sorted(one.items)]
                columns += [
                    column(text, **answers(one, n, shifted))
                    for n, text in zip(sorted(one.items), names, strict=True)
                ]
                truth[one.instrument_id] = (tuple(names), (), _stored(one, shifted))
            yield style, columns, truth
    for style, (labels, name) in OCCASIONS.items():
        for ten in files_of_ten():
            columns, truth = [CLIENT], {}
            for one in ten:
                names = [
                    (name(one.instrument_id, n, when), n) for when in labels for n in one.items
                ]
                columns += [column(text, **answers(one, n, shifted)) for text, n in names]
                truth[one.instrument_id] = (
                    tuple(text for text, _ in names),
                    labels,
                    _stored(one, shifted),
                )
            yield style, columns, truth


def _stored(one, shifted):
    return min(low for low, _ in one.items.values()) + shifted if shifted else None


@pytest.mark.slow
@pytest.mark.parametrize("shifted", [0, 1])
def test_ten_instruments_in_any_naming_are_recognised_and_none_is_taken_for_another(shifted):
    hits, total, misses = 0, 0, Counter()
    for style, columns, truth in planted(shifted):
        proposal = propose(columns, known(), "export")
        found = {
            block.instrument_id: (block.columns, block.occasions, block.stored_minimum)
            for block in proposal.blocks
        }
        for identifier, block in found.items():
            assert block == truth.get(identifier), style
        for identifier, planted_block in truth.items():
            total += 1
            is_hit = found.get(identifier) == planted_block
            hits += is_hit
            misses[style] += not is_hit
    assert total >= 10 * len(STYLES)
    assert hits / total >= 0.97, dict(misses)


@pytest.mark.slow
def test_what_is_recognised_makes_a_mapping_that_landing_takes():
    for style, columns, truth in planted(0):
        proposal = propose(columns, known(), "export")
        mapping = parse_mapping(values_of(proposal), "source.yml")
        assert mapping.client_id == "client_id"
        assert set(mapping.instruments) == {one.instrument_id for one in proposal.blocks}, style
        assert proposal.is_complete == (len(proposal.blocks) == len(truth)), style


def test_no_reason_and_no_line_shows_a_value():
    secret = frozenset(["hunter2", "31337"])
    columns = [
        CLIENT,
        DATE,
        column("notes", "text", None, None, 2, values=secret),
        column("phq9_1", maximum=31337, values=secret),
        *[column(f"phq9_{n}") for n in range(2, 10)],
        column("phq9_total", maximum=31337, values=secret),
    ]
    proposal = propose(columns, known(), "export")
    text = as_yaml(proposal, "export.csv")
    assert "hunter2" not in f"{text}{proposal}"
    assert "31337" not in text


def test_two_instruments_that_fit_equally_are_left_open_with_both_named():
    pair = (questionnaire("alpha", 10), questionnaire("beta", 10), questionnaire("gamma", 9))
    columns = [CLIENT, DATE, *[column(f"q{n}", maximum=4) for n in range(1, 11)]]
    proposal = propose(columns, pair, "export")
    assert proposal.blocks == ()
    (left,) = proposal.open
    assert left.certainty is Certainty.OPEN
    assert "alpha" in left.text
    assert "beta" in left.text
    assert "gamma" not in left.text
    assert not proposal.is_complete


def test_number_and_range_alone_never_place_an_instrument():
    columns = [CLIENT, DATE, *[column(f"item{n}", maximum=4) for n in range(1, 11)]]
    proposal = propose(columns, (questionnaire("alpha", 10),), "export")
    assert proposal.blocks == ()
    assert "alpha" in proposal.open[0].text


def test_the_name_of_the_file_makes_it_likely_and_not_sure():
    pair = (questionnaire("alpha", 10), questionnaire("beta", 10))
    columns = [CLIENT, DATE, *[column(f"q{n}", maximum=4) for n in range(1, 11)]]
    (block,) = propose(columns, pair, "export_beta_2024").blocks
    assert (block.instrument_id, block.reason.certainty) == ("beta", Certainty.LIKELY)


@pytest.mark.parametrize("count", [8, 10])
def test_a_wrong_number_of_items_is_told_and_not_forced(count):
    one = questionnaire("alpha9", 9)
    columns = [CLIENT, DATE, *[column(f"alpha9_{n}", maximum=4) for n in range(1, count + 1)]]
    proposal = propose(columns, (one,), "export")
    assert proposal.blocks == ()
    assert "alpha9 has 9 items" in proposal.open[0].text


def test_values_that_no_shift_explains_are_told_and_not_forced():
    one = questionnaire("alpha", 9)
    columns = [CLIENT, DATE, *[column(f"alpha_{n}", maximum=99) for n in range(1, 10)]]
    proposal = propose(columns, (one,), "export")
    assert proposal.blocks == ()
    assert "missing" in proposal.open[0].text
    assert "99" not in proposal.open[0].text


def test_marks_between_whole_numbers_fit_a_visual_scale_and_nothing_else():
    marks = {n: column(f"vas_{n}", "number", 0.4, 9.7, 50) for n in (1, 2)}
    visual = replace(questionnaire("vas", 2, 0, 10), fractional=frozenset({1, 2}))
    assert fit(marks, visual).shift == 0
    assert fit(marks, questionnaire("vas", 2, 0, 10)) is None


@pytest.mark.parametrize(
    ("low", "high", "shift", "is_clear"),
    [(0, 4, 0, True), (1, 5, 1, True), (1, 4, 0, False), (0, 3, 0, False), (-1, 3, -1, True)],
)
def test_a_shift_is_clear_only_where_no_other_explains_the_values(low, high, shift, is_clear):
    found = fit({1: column("a", minimum=low, maximum=high)}, questionnaire("alpha", 1))
    assert (found.shift, found.is_clear) == (shift, is_clear)


@pytest.mark.parametrize(("low", "high"), [(0, 5), (-1, 4), (2, 6), (0, 99)])
def test_values_wider_than_the_range_fit_nothing(low, high):
    assert fit({1: column("a", minimum=low, maximum=high)}, questionnaire("alpha", 1)) is None


def test_answers_in_words_fit_only_if_the_registry_knows_every_one():
    one = replace(questionnaire("alpha", 1, 0, 3), labels=frozenset(["never", "always"]))
    for words, is_known in ((["never", "always"], True), (["never", "sometimes"], False)):
        words = column("a", "text", None, None, 2, values=frozenset(words))
        assert (fit({1: words}, one) is not None) == is_known


def test_codes_of_items_place_an_instrument_whatever_else_the_columns_are_called():
    coded = [one for one in instruments() if len(one.codes) == len(one.items)]
    if not coded:
        pytest.skip("the registry gives no instrument a LOINC code for every item")
    for one in coded:
        at = {item: code for code, item in one.codes.items()}
        order = sorted(at)
        order = order[1::2] + order[::2]
        columns = [CLIENT, DATE]
        columns += [column(f"obs {at[item]}", **answers(one, item)) for item in order]
        (block,) = propose(columns, known(), "export").blocks
        assert block.instrument_id == one.instrument_id
        assert block.reason.certainty is Certainty.SURE
        assert block.items == tuple(f"obs {at[item]}" for item in sorted(at))


TOTAL = Scale("alpha_total", True, frozenset(), 0, 36, None)
FEAR = Scale("alpha_fear", False, frozenset(["fear"]), 0, 16, None)


@pytest.mark.parametrize(
    ("name", "scale", "certainty"),
    [
        ("alpha_total", "alpha_total", Certainty.SURE),
        ("AlphaTotal", "alpha_total", Certainty.SURE),
        ("sum.alpha", "alpha_total", Certainty.SURE),
        ("alpha_fear", "alpha_fear", Certainty.SURE),
        ("alpha_fea", "alpha_fear", Certainty.SURE),
        ("alpha", "alpha_total", Certainty.LIKELY),
        ("alph_total", "alpha_total", Certainty.LIKELY),
    ],
)
def test_a_stated_score_is_placed_by_its_name_and_range(name, scale, certainty):
    one = questionnaire("alpha", 9, scales=(TOTAL, FEAR))
    columns = [CLIENT, DATE, column(name, maximum=16)]
    (found,) = propose(columns, (one,), "export").stated
    assert (found.scale_id, found.columns, found.reason.certainty) == (scale, name, certainty)


def test_a_stated_score_outside_the_range_of_its_scale_is_left_open():
    one = questionnaire("alpha", 9, scales=(TOTAL,))
    proposal = propose([CLIENT, DATE, column("alpha_total", maximum=90)], (one,), "export")
    assert proposal.stated == ()
    assert "0-36 of alpha_total" in proposal.open[0].text


def test_scores_of_many_sessions_are_occasions_and_no_items():
    one = questionnaire("alpha", 9, scales=(TOTAL,))
    names = ["alpha_intake", *[f"alpha_s{n}" for n in range(1, 13)], "alpha_fu1"]
    columns = [CLIENT, *[column(name, maximum=36) for name in names]]
    proposal = propose(columns, (one,), "export")
    (found,) = proposal.stated
    assert found.columns == "alpha_{occasion}"
    assert found.occasions == ("intake", *[f"s{n}" for n in range(1, 13)], "fu1")
    mapping = parse_mapping(values_of(proposal), "source.yml")
    points = {label: when.timepoint for label, when in mapping.instruments["alpha"].blocks}
    assert points["intake"] == "baseline"
    assert points["fu1"] == "follow_up"
    assert points["s3"] is None


def test_every_column_is_placed_or_named_as_not_placed():
    columns = [CLIENT, DATE, column("mystery"), *[column(f"x{n}") for n in range(1, 8)]]
    columns += [column(f"phq9_{n}") for n in range(1, 10)]
    proposal = propose(columns, known(), "export")
    text = as_yaml(proposal, "export.csv")
    for one in columns:
        assert one.name in text or one.name.startswith(("x", "phq9_"))
    assert "# unplaced: mystery" in text
    assert "x1 to x7" in text
    assert not proposal.is_complete


def test_a_file_without_client_or_time_says_what_to_fill_in():
    columns = [column(f"phq9_{n}") for n in range(1, 10)]
    text = as_yaml(propose(columns, known(), "export"), "export.csv")
    assert "# fill in: `client_id`" in text
    assert "# fill in: `occurred_on`" in text


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        (["client_id", "instrument_id", "item", "response", "day"], "tidy"),
        (["record_id", "redcap_event_name", "phq9_1", "phq_complete"], "redcap"),
        (["StartDate", "EndDate", "Status", "Finished", "ResponseId", "Q1"], "qualtrics"),
        ([*[f"V{n}" for n in range(1, 11)], "Q1"], "qualtrics"),
        (["id", "day", "phq9_1", "phq9_2"], "wide"),
        (["PATIENT", "DATE", "CODE", "VALUE"], "tidy"),
    ],
)
def test_the_kind_of_file_is_told_by_its_header(names, kind):
    columns = [column(name, maximum=2, values=frozenset("012")) for name in names]
    assert propose(columns, known(), "export").format == kind


def test_a_series_behind_a_number_is_found_and_gaps_are_not():
    names = [f"gad7{n}" for n in range(1, 8)]
    found = {one.before: one.count for one in all_series(names)}
    assert found["gad7"] == 7
    assert all_series(["a1", "a3", "a4"]) == []


def test_a_template_takes_whole_words_and_one_place():
    assert common_template(["bdi_s0", "bdi_s10", "bdi_fu1"]).labels == ("s0", "s10", "fu1")
    assert common_template(["pre_x", "post_x"]).text == "{occasion}_x"
    assert common_template(["a_x_1", "b_x_2"]).text == "{occasion}"
    assert common_template(["x", "x_1"]) is None


def test_answers_under_names_of_their_own_are_renamed_if_the_registry_knows_every_instrument():
    for names, kind in ((["phq-9", "gad7"], "renamed"), (["phq-9", "mystery"], "tidy")):
        columns = [
            column("patient", "text", None, None, 9),
            column("measure", "text", None, None, 2, values=frozenset(names)),
            column("question"),
            column("answer"),
            column("visit_date", "date", None, None, 9),
        ]
        proposal = propose(columns, known(), "export")
        assert proposal.format == kind
        assert proposal.is_complete == (kind == "renamed")
    mapping = parse_mapping(
        values_of(
            propose(
                [*columns[:1], replace(columns[1], values=frozenset(["gad7"])), *columns[2:]],
                known(),
                "export",
            )
        ),
        "source.yml",
    )
    assert mapping.options.columns == {
        "client_id": "patient",
        "instrument_id": "measure",
        "item": "question",
        "response": "answer",
        "occurred_on": "visit_date",
    }
