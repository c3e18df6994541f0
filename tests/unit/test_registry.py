"""The seeds are what the literature says, and a wrong definition of a clinic's own is refused.

What belongs here: the registry's files and its loading. Item lists and maxima are typed in from
design/metrics.md 2.1 and the reference subscale lists, not read from the seeds they judge. All
instruments together are compared with the reference in ``test_registry_against_reference``.
"""

import csv
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from orchestration.errors import SettingsError
from orchestration.landing.registry import Registry, describe, load_registry, plain_name
from orchestration.landing.registry.constructs import CONSTRUCTS
from orchestration.landing.registry.tables import TABLES
from orchestration.landing.registry.values import as_text
from tests.golden.test_scoring_vectors_arithmetic import FORMATS as GOLDEN_FORMATS
from tests.golden.test_scoring_vectors_arithmetic import MEMBERS
from tests.landing_home import registry_with, seeds

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
SHIPPED = list(TABLES)

# instrument: number of items, lowest and highest answer; the first are those with golden vectors,
# the last two are kept by item and scored as stated, because their item key is not confirmed
FORMATS = GOLDEN_FORMATS | {"iss": (30, 0, 4), "rrs10": (10, 1, 4)}
EDE_Q_COUNTS = range(13, 19)  # how often something happened: not on the 0-6 format, not scored
SCS_REVERSED = {1, 2, 4, 6, 8, 11, 13, 16, 18, 20, 21, 24, 25}
# scale: its items, and those that are reversed in it
KEYS: dict[str, tuple[set[int], set[int]]] = {
    "scs_total": (set(range(1, 27)), SCS_REVERSED),
    "scs_total_mean_of_subscale_means": (set(range(1, 27)), SCS_REVERSED),
    "scs_total_sum_of_subscale_means": (set(range(1, 27)), SCS_REVERSED),
    "scs_self_kindness": ({5, 12, 19, 23, 26}, set()),
    "scs_common_humanity": ({3, 7, 10, 15}, set()),
    "scs_mindfulness": ({9, 14, 17, 22}, set()),
    "scs_self_judgment": ({1, 8, 11, 16, 21}, set()),
    "scs_isolation": ({4, 13, 18, 25}, set()),
    "scs_over_identification": ({2, 6, 20, 24}, set()),
    "scs_compassionate": (set(range(1, 27)) - SCS_REVERSED, set()),
    "scs_uncompassionate": (SCS_REVERSED, set()),
    "scs_sf_total": (set(range(1, 13)), {1, 4, 8, 9, 11, 12}),
    "scs_sf_compassionate": ({2, 3, 5, 6, 7, 10}, set()),
    "scs_sf_uncompassionate": ({1, 4, 8, 9, 11, 12}, set()),
    "ess_total": (set(range(1, 26)), set()),
    "ess_characterological": (set(range(1, 13)), set()),
    "ess_behavioural": (set(range(13, 22)), set()),
    "ess_bodily": (set(range(22, 26)), set()),
    "oas_total": (set(range(1, 19)), set()),
    "eiss_total": (set(range(1, 9)), set()),
    "gad7_total": (set(range(1, 8)), set()),
    "phq9_total": (set(range(1, 10)), set()),
    "phq8_total": (set(range(1, 9)), set()),
    "dass21_depression": ({3, 5, 10, 13, 16, 17, 21}, set()),
    "dass21_anxiety": ({2, 4, 7, 9, 15, 19, 20}, set()),
    "dass21_stress": ({1, 6, 8, 11, 12, 14, 18}, set()),
    "dass21_total": (set(range(1, 22)), set()),
    "cesd_total": (set(range(1, 21)), {4, 8, 12, 16}),
    "bdi2_total": (set(range(1, 22)), set()),
    "hads_anxiety": ({1, 3, 5, 7, 9, 11, 13}, set()),
    "hads_depression": ({2, 4, 6, 8, 10, 12, 14}, set()),
    "hads_total": (set(range(1, 15)), set()),
    "core10_total": (set(range(1, 11)), {2, 3}),
    "wsas_total": (set(range(1, 6)), set()),
}
# scale: lowest and highest score as the manuals and papers print them
PRINTED_RANGES = {
    "scs_total": (1, 5),
    "scs_total_sum_of_subscale_means": (6, 30),
    "scs_sf_total": (1, 5),
    "ess_total": (25, 100),
    "ess_characterological": (12, 48),
    "ess_behavioural": (9, 36),
    "ess_bodily": (4, 16),
    "oas_total": (0, 72),
    "eiss_total": (0, 32),
    "gad7_total": (0, 21),
    "phq9_total": (0, 27),
    "phq8_total": (0, 24),
    "dass21_depression": (0, 42),
    "dass21_anxiety": (0, 42),
    "dass21_stress": (0, 42),
    "cesd_total": (0, 60),
    "bdi2_total": (0, 63),
    "hads_anxiety": (0, 21),
    "hads_depression": (0, 21),
    "hads_total": (0, 42),
    "core10_total": (0, 40),
    "wsas_total": (0, 40),
    "dass21_total": (0, 126),
    "oas2_total": (0, 32),
    "iss_shame": (0, 96),
    "ssgs_shame": (5, 25),
    "bai_total": (0, 63),
    "oasis_total": (0, 20),
    "stai_s_total": (20, 80),
    "stai_t_total": (20, 80),
    "pswq_total": (16, 80),
    "pss10_total": (0, 40),
    "core_om_total": (0, 40),
    "core_om_risk": (0, 40),
    "k10_total": (10, 50),
    "oq45_total": (0, 180),
    "oq45_symptom_distress": (0, 100),
    "oq45_interpersonal_relations": (0, 44),
    "oq45_social_role": (0, 36),
    "who5_total": (0, 100),
    "pcl5_total": (0, 80),
    "ies_r_total": (0, 88),
    "ede_q_global": (0, 6),
    "ders_total": (36, 180),
    "ders16_total": (16, 80),
    "ders18_total": (18, 90),
    "aaq2_total": (7, 49),
    "ecr_r_anxiety": (1, 7),
    "ffmq_total": (39, 195),
    "fscrs_inadequate_self": (0, 36),
    "fscrs_hated_self": (0, 20),
    "fscrs_reassured_self": (0, 32),
    "fcs_o_total": (0, 40),
    "fcs_f_total": (0, 52),
    "fcs_s_total": (0, 60),
    "wai_sr_total": (12, 60),
    "srs_total": (0, 40),
}
# scale: the fewest answers that its published rule still scores
FEWEST_ANSWERS = {
    "phq9_total": 7,
    "hads_anxiety": 4,
    "hads_depression": 4,
    "core10_total": 9,
    "wsas_total": 4,
    "core_om_total": 31,
    "core_om_problems": 11,
    "core_om_functioning": 11,
    "ede_q_global": 20,
    "ede_q_restraint": 3,
    "ede_q_eating_concern": 3,
    "ede_q_shape_concern": 5,
    "ede_q_weight_concern": 3,
}


@pytest.fixture(scope="module")
def registry() -> Registry:
    return seeds()


def seed_rows(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# ------------------------------------------------------------------ the seeds are right


def test_the_seeds_hold_every_instrument_with_its_published_format() -> None:
    found: dict[str, list[tuple[int, int, int]]] = {}
    for row in seed_rows("items"):
        if row["instrument_id"] == "ede_q" and int(row["item"]) in EDE_Q_COUNTS:
            row |= {"response_minimum": "0", "response_maximum": "6"}
        answer = (int(row["item"]), int(row["response_minimum"]), int(row["response_maximum"]))
        found.setdefault(row["instrument_id"], []).append(answer)
    expected = {
        name: [(item, low, high) for item in range(1, count + 1)]
        for name, (count, low, high) in FORMATS.items()
    }
    assert found == expected
    assert {row["instrument_id"] for row in seed_rows("instruments")} == set(FORMATS)


def test_only_a_drawn_line_may_be_answered_between_whole_numbers() -> None:
    fractional = {r["instrument_id"] for r in seed_rows("items") if r["is_fractional"] == "true"}
    assert fractional == {"srs"}


def test_every_scale_that_is_scored_from_items_has_golden_vectors() -> None:
    scored = {r["scale_id"] for r in seed_rows("scales") if r["scoring_rule"] != "stated_only"}
    assert scored == set(MEMBERS)
    assert set(KEYS) <= scored


def test_what_has_no_confirmed_item_key_is_kept_as_stated_and_never_scored_from_items() -> None:
    stated = {r["scale_id"] for r in seed_rows("scales") if r["scoring_rule"] == "stated_only"}
    assert stated == {
        *("eiss_external", "eiss_internal", "iss_shame", "iss_self_esteem"),
        *("oq45_symptom_distress", "oq45_interpersonal_relations", "oq45_social_role"),
        *("rrs10_brooding", "rrs10_reflection"),
    }
    assert not stated & {row["scale_id"] for row in seed_rows("scale_items")}


@pytest.mark.parametrize("scale_id", KEYS)
def test_a_scale_has_the_items_and_the_reversals_of_its_published_key(scale_id: str) -> None:
    rows = [row for row in seed_rows("scale_items") if row["scale_id"] == scale_id]
    items, reversed_items = KEYS[scale_id]
    assert {int(row["item"]) for row in rows} == items
    assert {int(row["item"]) for row in rows if row["is_reversed"] == "true"} == reversed_items
    assert len(rows) == len(items)


@pytest.mark.parametrize("scale_id", PRINTED_RANGES)
def test_a_scale_has_the_range_that_its_papers_print(scale_id: str) -> None:
    row = next(row for row in seed_rows("scales") if row["scale_id"] == scale_id)
    assert (int(row["score_minimum"]), int(row["score_maximum"])) == PRINTED_RANGES[scale_id]


def test_the_range_of_a_scale_follows_from_its_items_and_multiplier() -> None:
    for row in seed_rows("scales"):
        if row["scoring_rule"] == "stated_only":
            continue
        count = len(set(MEMBERS[row["scale_id"]]))
        _, low, high = FORMATS[row["instrument_id"]]
        times = int(row["multiplier"]) * {
            "sum": count,
            "mean": 1,
            "mean_of_component_means": 1,
            "sum_of_component_means": 6,
        }.get(row["scoring_rule"], 0)
        expected = (low * times, high * times)
        assert (int(row["score_minimum"]), int(row["score_maximum"])) == expected, row["scale_id"]


def test_the_six_groups_of_the_subscale_mean_totals_are_the_six_subscales() -> None:
    for scale_id in ("scs_total_mean_of_subscale_means", "scs_total_sum_of_subscale_means"):
        groups: dict[str, set[int]] = {}
        for row in seed_rows("scale_items"):
            if row["scale_id"] == scale_id:
                groups.setdefault(f"scs_{row['component']}", set()).add(int(row["item"]))
        assert groups == {name: KEYS[name][0] for name in groups}
        assert len(groups) == 6


def test_the_scales_that_are_better_when_higher_are_the_ones_that_name_something_good() -> None:
    better = {row["scale_id"] for row in seed_rows("scales") if row["is_higher_better"] == "true"}
    assert better == {
        *("scs_total", "scs_total_mean_of_subscale_means", "scs_total_sum_of_subscale_means"),
        *("scs_compassionate", "scs_self_kindness", "scs_common_humanity", "scs_mindfulness"),
        *("scs_sf_total", "scs_sf_compassionate"),
        *("who5_total", "fscrs_reassured_self", "iss_self_esteem", "ssgs_pride", "srs_total"),
        *("ffmq_total", "ffmq_observe", "ffmq_describe", "ffmq_acting_with_awareness"),
        *("ffmq_nonjudging", "ffmq_nonreactivity"),
        *("wai_sr_total", "wai_sr_task", "wai_sr_bond", "wai_sr_goal"),
    }


def test_each_instrument_has_one_headline_scale_except_those_without_a_total() -> None:
    primary: dict[str, int] = {}
    for row in seed_rows("scales"):
        primary[row["instrument_id"]] = primary.get(row["instrument_id"], 0) + (
            row["is_primary"] == "true"
        )
    several = {"hads": 2, "dass21": 3, "ssgs": 2, "ecr_r": 2, "rrs10": 2, "fscrs": 3}
    assert primary == {name: several.get(name, 1) for name in FORMATS}


def test_kinds_of_shame_are_different_columns_of_evidence() -> None:
    kinds = {r["scale_id"]: r["shame_type"] for r in seed_rows("scales") if r["shame_type"]}
    assert kinds == {
        **dict.fromkeys(("oas_total", "oas2_total", "eiss_external"), "external"),
        **dict.fromkeys(("iss_shame", "eiss_internal"), "internal"),
        **dict.fromkeys(("ess_total", "ess_characterological", "ess_behavioural"), "experienced"),
        **dict.fromkeys(("ess_bodily", "ssgs_shame"), "experienced"),
    }
    shame = {r["scale_id"] for r in seed_rows("scales") if r["construct"] == "shame"}
    assert shame - set(kinds) == {"eiss_total"}  # external and internal together


def test_every_construct_is_one_of_the_declared_words() -> None:
    used = {row["construct"] for row in seed_rows("scales")}
    assert used <= set(CONSTRUCTS) - {"several"}
    for row in seed_rows("instruments"):
        mine = {
            scale["construct"]
            for scale in seed_rows("scales")
            if scale["instrument_id"] == row["instrument_id"] and scale["is_primary"] == "true"
        }
        assert row["construct"] == (mine.pop() if len(mine) == 1 else "several")


def test_a_scale_fills_gaps_only_by_a_rule_whose_source_was_read() -> None:
    fills = {
        row["scale_id"]: int(row["minimum_items_answered"])
        for row in seed_rows("scales")
        if row["missing_rule"] != "none"
    }
    assert fills == FEWEST_ANSWERS
    cited = {
        row["scale_id"]: int(row["minimum_items_answered"])
        for row in seed_rows("missing_rules")
        if row["is_default"] == "true"
    }
    assert cited == fills  # beside the rule stands who says so


def test_the_smallest_number_of_answers_leaves_more_than_half_of_each_eating_subscale() -> None:
    # The global score of the EDE-Q needs each subscale, and those need more than half their items.
    groups: dict[str, set[str]] = {}
    for row in seed_rows("scale_items"):
        if row["scale_id"] == "ede_q_global":
            groups.setdefault(row["component"], set()).add(row["item"])
    items = set().union(*groups.values())
    assert (len(groups), len(items)) == (4, 22)
    allowed = len(items) - FEWEST_ANSWERS["ede_q_global"]
    assert all(2 * (len(group) - allowed) > len(group) for group in groups.values())
    one_more = allowed + 1
    assert any(2 * (len(group) - one_more) <= len(group) for group in groups.values())


@pytest.mark.parametrize(
    ("threshold_id", "operator", "value"),
    [
        ("phq9_caseness_nhs", ">=", "10"),
        ("phq9_reliable_change_nhs", ">=", "6"),
        ("gad7_caseness_nhs", ">=", "8"),
        ("gad7_reliable_change_nhs", ">=", "4"),
        ("cesd_caseness_radloff_1977", ">=", "16"),
        ("hads_anxiety_caseness_possible", ">=", "8"),
        ("core10_caseness_barkham_2013", ">=", "11"),
        ("core_om_caseness_connell_2007", ">=", "10"),
        ("pcl5_caseness_33", ">=", "33"),
        ("pcl5_reliable_change_marx_2022", ">=", "15"),
        ("pcl5_remission_marx_2022", "<=", "28"),
        ("ies_r_caseness_creamer_2003", ">=", "33"),
        ("oq45_reliable_change_manual", ">=", "14"),
        ("who5_caseness_screen", "<", "50"),
        ("srs_caseness_36", "<=", "36"),
    ],
)
def test_a_default_threshold_is_the_published_one(
    threshold_id: str, operator: str, value: str
) -> None:
    row = next(row for row in seed_rows("thresholds") if row["threshold_id"] == threshold_id)
    assert (row["operator"], row["value"], row["is_default"]) == (operator, value, "true")


def test_the_self_compassion_scale_has_no_cut_off() -> None:
    assert not [row for row in seed_rows("thresholds") if row["scale_id"].startswith("scs")]
    rules = [row for row in seed_rows("change_rules") if row["scale_id"].startswith("scs")]
    assert rules
    assert {row["cutoff_kind"] for row in rules} == {"none"}


def test_doubled_norms_stand_beside_doubled_scores() -> None:
    # Crawford 2009 prints raw sums 3.18 (4.16), 2.25 (3.34), 5.16 (4.44).
    norms = {row["norm_id"]: row for row in seed_rows("norms")}
    raw = {"depression": ("3.18", "4.16"), "anxiety": ("2.25", "3.34"), "stress": ("5.16", "4.44")}
    for name, (mean, deviation) in raw.items():
        row = norms[f"dass21_{name}_crawford_2009"]
        assert Decimal(row["mean"]) == 2 * Decimal(mean)
        assert Decimal(row["standard_deviation"]) == 2 * Decimal(deviation)


def test_the_total_that_contradicts_its_own_subscales_is_not_used() -> None:
    # Croft & Byrd 2020 print 2.64 and 2.67 where their subscale means imply 3.14 and 3.17.
    totals = [row for row in seed_rows("norms") if row["scale_id"].startswith("scs_total")]
    assert not {"2.64", "2.67"} & {row["mean"] for row in totals}


def test_a_norm_lies_inside_the_range_of_its_scale() -> None:
    ranges = {
        row["scale_id"]: (Decimal(row["score_minimum"]), Decimal(row["score_maximum"]))
        for row in seed_rows("scales")
    }
    means = [(row["scale_id"], Decimal(row["mean"])) for row in seed_rows("norms") if row["mean"]]
    assert len(means) > 50
    assert [s for s, mean in means if not ranges[s][0] < mean < ranges[s][1]] == []


def test_the_published_change_rules_give_the_index_and_cut_off_written_beside_them() -> None:
    norms = {row["norm_id"]: row for row in seed_rows("norms")}
    checked = 0
    for row in seed_rows("change_rules"):
        index = re.search(r"95% index ([0-9.]+) points", row["note"])
        if index is None:
            continue
        deviation = float(norms[row["sd_norm_id"]]["standard_deviation"])
        expected = 1.96 * deviation * (2 * (1 - float(row["reliability"]))) ** 0.5
        assert float(index[1]) == pytest.approx(expected, abs=0.006)
        checked += 1
        if cutoff := re.search(r"criterion c ([0-9.]+)", row["note"]):
            clinical, functional = (
                norms[row[column]] for column in ("clinical_norm_id", "functional_norm_id")
            )
            m1, s1 = float(clinical["mean"]), float(clinical["standard_deviation"])
            m0, s0 = float(functional["mean"]), float(functional["standard_deviation"])
            expected = (s1 * m0 + s0 * m1) / (s0 + s1)
            assert float(cutoff[1].rstrip(".")) == pytest.approx(expected, abs=0.006)
    assert checked == 10


@pytest.mark.parametrize("name", SHIPPED)
def test_a_confirmed_row_names_its_source(name: str) -> None:
    rows = [row for row in seed_rows(name) if row.get("status") in ("confirmed", "derived")]
    assert [row for row in rows if not row["source"].strip()] == []
    # No published conversion table may be copied in full, and no reference for severity was found:
    # the clinic brings its own.
    named = ("timepoints", "conditions", "score_conversions", "severity_references")
    if name not in named:
        assert rows


@pytest.mark.parametrize("name", SHIPPED)
def test_nothing_unconfirmed_is_a_default(name: str) -> None:
    unconfirmed = [row for row in seed_rows(name) if row.get("status") == "unconfirmed"]
    for column in ("is_default", "is_primary"):
        assert "true" not in {row.get(column) for row in unconfirmed}


@pytest.mark.parametrize("name", SHIPPED)
def test_a_seed_holds_no_item_wording_and_no_address_or_machine_path(name: str) -> None:
    text = (SEEDS / f"{name}.csv").read_text(encoding="utf-8")
    assert not re.search(r"https?://|/home/|/work/|/root/", text)
    for row in seed_rows(name):
        assert max(map(len, row.values())) <= 400
    header = text.partition("\n")[0]
    assert not re.search(r"word|text|question|prompt|anchor", header)
    # An item in the first person is what a questionnaire asks; a definition never says "I" or "my".
    # An answer may ("did not apply to me"): it is short, and the same for every item.
    if name == "response_labels":
        rows = seed_rows(name)
        assert all(len(row.pop("label").split()) <= 12 for row in rows)
        text = "\n".join(",".join(row.values()) for row in rows)
    assert not re.search(r"\b(I|my|myself|me)\b(?!\.)", text)


@pytest.mark.parametrize("name", SHIPPED)
def test_dbt_and_landing_read_the_same_text_from_a_seed(name: str, registry: Registry) -> None:
    # dbt loads the file as it lies, landing a checked copy: one item per row, one spelling.
    frame = registry.frames[name].drop(columns="origin").fillna("")
    assert frame.to_dict("records") == seed_rows(name)


# ------------------------------------------------------------------ what landing gets


def test_an_instrument_is_found_under_its_usual_spellings(registry: Registry) -> None:
    spellings = {
        "PHQ-9": "phq9",
        "phq 9": "phq9",
        "44249-1": "phq9",
        "BDI-II": "bdi2",
        "Self-Compassion Scale": "scs",
        "SCS-SF": "scs_sf",
        "scs_sf": "scs_sf",
        "CES-D": "cesd",
        "DASS-21": "dass21",
        "CORE-10": "core10",
        "DASS21": "dass21",
        "IES_R": "ies_r",
        "PCL5": "pcl5",
        "PCL-5": "pcl5",
        "EDE-Q": "ede_q",
        "CORE-OM": "core_om",
        "AAQ-II": "aaq2",
        "AAQ-2": "aaq2",
        "FFMQ-39": "ffmq",
        "OQ-45.2": "oq45",
        "STAI-Y2": "stai_t",
        "WAI-SR": "wai_sr",
        "DERS-36": "ders",
        "FCS-S": "fcs_s",
        "Kessler 10": "k10",
    }
    found = {text: registry.instrument_aliases.get(plain_name(text)) for text in spellings}
    assert found == spellings


@pytest.mark.parametrize("spelling", ["3", "03", "phq9_3", "phq9_03", "phq93", "phq903", "44259-0"])
def test_an_item_is_found_under_its_usual_spellings(registry: Registry, spelling: str) -> None:
    assert registry.item_aliases["phq9", spelling] == "3"


def test_every_frame_is_text_and_says_where_its_rows_come_from(registry: Registry) -> None:
    for frame in registry.frames.values():
        assert {str(kind) for kind in frame.dtypes} == {"str"}
        assert set(frame["origin"]) <= {"seed"}
    assert {len(frame) for frame in registry.local_frames.values()} == {0}


def test_the_description_has_a_row_per_instrument_with_its_citation(registry: Registry) -> None:
    rows = {row["instrument"]: row for row in describe(registry)}
    assert set(rows) == set(FORMATS)
    assert rows["phq9"]["items"] == "9"
    assert "phq9_total caseness >= 10" in rows["phq9"]["threshold"]
    assert rows["scs"]["threshold"] == "none"
    assert all(row["citation"] and row["status"] == "confirmed" for row in rows.values())


# ------------------------------------------------------------------ a clinic's own definitions


def test_a_clinics_own_default_takes_the_place_of_the_shipped_one(tmp_path: Path) -> None:
    files = {
        "thresholds": "threshold_id,scale_id,threshold_set,threshold_kind,operator,value,"
        "is_default,citation,status\n"
        "ours,gad7_total,ours,caseness,>=,10,true,our clinic,confirmed\n"
    }
    frame = load_registry(SEEDS, write(tmp_path / "instruments", files)).frames["thresholds"]
    case = frame[(frame["scale_id"] == "gad7_total") & (frame["threshold_kind"] == "caseness")]
    assert case.loc[case["is_default"] == "true", "threshold_id"].tolist() == ["ours"]
    others = frame[(frame["scale_id"] == "phq9_total") & (frame["is_default"] == "true")]
    assert sorted(others["threshold_kind"]) == [
        *("caseness", "minimal_important_difference", "reliable_change", "remission"),
    ]


def test_a_clinic_may_set_a_missing_item_rule_for_a_shipped_scale(tmp_path: Path) -> None:
    text = (
        "scale_id,missing_rule,minimum_items_answered,citation\nphq9_total,mean_of_answered,{},us\n"
    )
    for minimum, remedy in (("7", None), ("10", "only 9 items"), ("", "smallest number")):
        folder = write(tmp_path / f"at{minimum}", {"missing_rules": text.format(minimum)})
        if remedy is None:
            assert len(load_registry(SEEDS, folder).local_frames["missing_rules"]) == 1
        else:
            assert any(remedy in line for line in refusal(folder))


LOCAL = {
    "instruments": (
        "instrument_id,instrument_name,aliases,construct,role,citation,status\n"
        "pain,Pain Diary,PD;Pain-3,pain,outcome,our clinic 2026,confirmed\n"
    ),
    "items": (
        "instrument_id,item,response_minimum,response_maximum,status\npain,1-3,0,10,confirmed\n"
    ),
    "scales": (
        "scale_id,instrument_id,scale_name,scale_kind,is_primary,is_higher_better,scoring_rule,"
        "scoring_variant,multiplier,score_minimum,score_maximum,missing_rule,"
        "minimum_items_answered,citation,status\n"
        "pain_total,pain,Pain,total,true,false,sum,sum_of_items,1,0,30,none,,our clinic,confirmed\n"
    ),
    "scale_items": "scale_id,item,is_reversed,status\npain_total,1-3,FALSE,confirmed\n",
    "severity_bands": (
        "scale_id,band_set,band_order,label,score_minimum,score_maximum,is_default,status\n"
        "pain_total,ours,1,low,0,9,true,confirmed\n"
        "pain_total,ours,2,high,10,30,true,confirmed\n"
    ),
    "norms": (
        "norm_id,scale_id,population,population_kind,mean,standard_deviation,citation,status\n"
        "pain_town,pain_total,town,functional,4.5,3,our clinic,confirmed\n"
    ),
    "thresholds": (
        "threshold_id,scale_id,threshold_set,threshold_kind,operator,value,is_default,"
        "valid_from,valid_to,citation,status\n"
        "pain_case,pain_total,ours,caseness,>=,10,true,2026-01-01,,our clinic,confirmed\n"
    ),
    "change_rules": (
        "change_rule_id,scale_id,rule_set,method,sd_source,sd_norm_id,reliability,"
        "reliability_kind,cutoff_kind,clinical_source,clinical_norm_id,functional_norm_id,"
        "cutoff_threshold_id,is_default,citation,status\n"
        "pain_jt,pain_total,ours,jacobson_truax,published,pain_town,0.8,alpha,threshold,,,,"
        "pain_case,true,our clinic,confirmed\n"
    ),
    "timepoints": "occasion_label,timepoint,timepoint_order\nweek 6,mid,510\n",
}


def write(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.csv").write_bytes(text.encode("utf-8"))
    return folder


def refusal(folder: Path) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        registry_with(folder)
    return str(caught.value).splitlines()


def test_a_clinic_can_add_an_instrument_of_its_own(tmp_path: Path, registry: Registry) -> None:
    mine = load_registry(SEEDS, write(tmp_path / "instruments", LOCAL))
    assert mine.local_frames["items"]["item"].tolist() == ["1", "2", "3"]
    assert mine.local_frames["scale_items"]["is_reversed"].tolist() == ["false"] * 3
    assert list(mine.local_frames["instruments"]) == list(TABLES["instruments"].columns)
    assert mine.instrument_aliases["pain3"] == "pain"
    assert mine.item_aliases["pain", "pain_02"] == "2"
    pain = mine.scale_ranges.set_index("scale_id").loc["pain_total"]
    assert (pain["score_minimum"], pain["score_maximum"]) == (0, 30)
    assert mine.frames["instruments"]["origin"].tolist()[-1] == "local"
    assert mine.frames["instruments"].iloc[:-1].equals(registry.frames["instruments"])


def test_the_fingerprint_changes_exactly_with_what_landing_relies_on(
    tmp_path: Path, registry: Registry
) -> None:
    same = load_registry(SEEDS, tmp_path / "nowhere")
    words = {"timepoints": LOCAL["timepoints"]}
    words_only = load_registry(SEEDS, write(tmp_path / "words", words))
    mine = load_registry(SEEDS, write(tmp_path / "mine", LOCAL))
    wider = LOCAL | {
        "items": LOCAL["items"].replace(",10,", ",11,"),
        "scales": LOCAL["scales"].replace(",0,30,", ",0,33,"),
        "severity_bands": LOCAL["severity_bands"].replace("10,30", "10,33"),
    }
    assert same.fingerprint == registry.fingerprint == words_only.fingerprint
    other = load_registry(SEEDS, write(tmp_path / "wider", wider))
    assert len({registry.fingerprint, mine.fingerprint, other.fingerprint}) == 3
    assert re.fullmatch(r"[0-9a-f]{64}", mine.fingerprint)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: text.replace("\n", ",,\n"),
        lambda text: text + "\n,,\n",
        lambda text: text.replace(",", " , ").upper().replace("PAIN", "pain").lower(),
    ],
    ids=["byte mark", "Windows", "old Mac", "empty columns", "empty rows", "spaces"],
)
def test_a_file_is_read_as_a_spreadsheet_saves_it(tmp_path: Path, spoil: object) -> None:
    assert callable(spoil)
    files = LOCAL | {"items": spoil(LOCAL["items"])}
    mine = registry_with(write(tmp_path / "instruments", files))
    assert mine.local_frames["items"]["item"].tolist() == ["1", "2", "3"]


WRONG = [
    # what the claim is, file, text to replace, replacement, row, column, part of the remedy
    ("an unknown column", "items", "item,", "itm,", 1, None, "the columns are instrument_id"),
    ("a missing column", "items", ",status\n", "\n", 1, "status", "add it"),
    ("a column twice", "items", "item,", "item,item,", 1, "item", "keep one"),
    ("an empty cell", "instruments", "our clinic 2026", "", 2, "citation", "it is empty; write"),
    ("a role unheard of", "instruments", ",outcome,", ",nice,", 2, "role", "one of process"),
    ("an id with a capital", "instruments", "pain,Pain", "Pain,Pain", 2, "instrument_id", "lower"),
    ("a construct misspelt", "instruments", ",pain,outcome", ",depresion,outcome", 2, "construct",
     "write depression"),
    ("a status unheard of", "items", "confirmed", "sure", 2, "status", "one of confirmed"),
    ("a decimal comma", "norms", ",4.5,", ',"4,5",', 2, "mean", "a point for decimals"),
    ("not a number", "norms", ",4.5,", ",nan,", 2, "mean", "a point for decimals"),
    ("a yes for true", "scales", ",true,", ",yes,", 2, "is_primary", "true or false"),
    ("a date for a range", "items", "1-3", "01.03.2026", 2, "item", "1-24"),
    ("a range upside down", "items", "1-3", "3-1", 2, "item", "run upwards"),
    ("a scoring rule unheard of", "scales", "sum,sum", "median,sum", 2, "scoring_rule", "mean"),
    ("a method unheard of", "change_rules", "jacobson_truax", "magic", 2, "method", "jacobson"),
    ("a reliability of one", "change_rules", "0.8", "1", 2, "reliability", "between 0 and 1"),
    ("answers reversed", "items", ",0,10,", ",10,0,", 2, "response_maximum", "smaller number"),
    ("scores reversed", "scales", ",0,30,", ",30,0,", 2, "score_maximum", "smaller number"),
    ("a band reversed", "severity_bands", ",0,9,", ",9,0,", 2, "score_maximum", "smaller score"),
    ("dates reversed", "thresholds", "2026-01-01,", "2026-01-01,2025-01-01", 2, "valid_to", "earl"),
    ("an unconfirmed headline", "scales", "c,confirmed", "c,unconfirmed", 2, "is_primary", "false"),
    ("a scale named elsewise", "scales", "pain_total", "hurt_total", 2, "scale_id", "then _"),
    ("too few answers named", "scales", "none,,", "mean_of_answered,,", 2, "minimum_items_answered",
     "smallest number"),
    ("answers beyond the items", "scales", "none,,", "mean_of_answered,4,", 2,
     "minimum_items_answered", "only 3 items"),
    ("a rule without its norm", "change_rules", "pain_town", "", 2, "sd_norm_id", "needed where"),
    ("a cut-off not asked for", "change_rules", "threshold,", "none,", 2, "cutoff_threshold_id",
     "leave it empty"),
    ("an instrument unheard of", "items", "pain,", "pane,", 2, "instrument_id", "instruments.csv"),
    ("a scale unheard of", "scale_items", "pain_t", "pane_t", 2, "scale_id", "scales.csv"),
    ("a norm unheard of", "change_rules", "pain_town", "pane_town", 2, "sd_norm_id", "norms.csv"),
    ("a cut-off unheard of", "change_rules", "pain_case", "pane_case", 2, "cutoff_threshold_id",
     "thresholds.csv"),
    ("an item unheard of", "scale_items", "1-3", "1-4", 2, "item", "no such item"),
    ("an item twice", "items", "pain,1-3,0,10,confirmed\n",
     "pain,1-3,0,10,confirmed\npain,03,0,10,confirmed\n", 3, "instrument_id + item", "row 2"),
    ("a gap in the items", "items", "1-3", "2-4", 2, "item", "without a gap"),
    ("a range that does not follow", "scales", ",0,30,", ",0,40,", 2, "score_maximum", "give 30"),
    ("a group not asked for", "scale_items", "is_reversed,status\npain_total,1-3,FALSE,",
     "is_reversed,component,status\npain_total,1-3,FALSE,a,", 2, "component", "leave it empty"),
    ("a group left out", "scales", "sum,sum_of_items,1,0,30", "mean_of_component_means,m,1,0,10", 2,
     "component", "needs the group"),
    ("a scale without items", "scale_items", "pain_total,1-3,FALSE,confirmed\n", "", 2, "scale_id",
     "scale_items.csv"),
    ("items where none count", "scales", ",sum,", ",stated_only,", 2, "scale_id", "not made of"),
    ("a hole between bands", "severity_bands", "10,30", "12,30", 3, "score_minimum",
     "next possible"),
    ("bands that overlap", "severity_bands", "10,30", "9,30", 3, "score_minimum", "next possible"),
    ("bands that end early", "severity_bands", "10,30", "10,29", 3, "score_maximum",
     "highest score"),
    ("bands that start late", "severity_bands", ",0,9,", ",1,9,", 2, "score_minimum",
     "lowest score"),
    ("bands half default", "severity_bands", "30,true", "30,false", 3, "is_default",
     "same in each"),
    ("two default sets of bands", "severity_bands", "true,confirmed\n",
     "true,confirmed\npain_total,b,1,any,0,30,true,confirmed\n", 3, "is_default", "write false"),
    ("a cut-off outside the scale", "thresholds", ">=,10", ">=,31", 2, "value", "inside the score"),
    ("a cut-off that points away", "thresholds", ">=,10", "<=,10", 2, "operator", "turn it round"),
    ("two default cut-offs", "thresholds", "confirmed\n",
     "confirmed\npain_b,pain_total,b,caseness,>=,9,true,,,our clinic,confirmed\n", 3, "is_default",
     "write false"),
    ("two default rules", "change_rules", "confirmed\n",
     "confirmed\npain_b,pain_total,b,jacobson_truax,clinic_baseline,,0.8,alpha,none,,,,,true,"
     "our clinic,confirmed\n", 3, "is_default", "write false"),
    ("a norm of another scale", "change_rules", "published,pain_town",
     "published,phq9_total_nhs_cbt", 2, "sd_norm_id", "another scale"),
    ("a norm without a deviation", "norms", ",4.5,3,", ",4.5,,", 2, "sd_norm_id", "lacks"),
    ("a cut-off of another scale", "change_rules", "pain_case", "phq9_caseness_nhs", 2,
     "cutoff_threshold_id", "same scale"),
    ("a shipped instrument", "instruments", "pain,", "phq9,", 2, "instrument_id", "another id"),
    ("a shipped cut-off", "thresholds", "pain_case", "phq9_caseness_nhs", 2, "threshold_id",
     "another id"),
    ("a shipped word for an occasion", "timepoints", "week 6", "post", 2, "occasion_label",
     "another id"),
    ("a word in capitals", "timepoints", "week 6", "Week 6", 2, "occasion_label", "lower-case"),
    ("an item added to a shipped form", "items", "confirmed\n",
     "confirmed\nphq9,10,0,3,confirmed\n", 3, "instrument_id", "cannot be changed"),
    ("an item added to a shipped scale", "scale_items", "confirmed\n",
     "confirmed\nphq9_total,10,false,confirmed\n", 3, "scale_id", "cannot be changed"),
    ("a name another form answers to", "instruments", "PD;", "PHQ-9;", 2, "aliases", "another"),
    ("a row too long", "items", "10,confirmed", "10,confirmed,x", 2, None, "double quotes"),
    ("a row too short", "items", ",10,confirmed", ",10", 2, None, "4 cells"),
    ("a code for a range", "items", "status\npain,1-3,0,10,",
     "loinc_code,status\npain,1-3,0,10,1-1,", 2, "loinc_code", "a row each"),
    ("an unconfirmed default band", "severity_bands", "9,true,confirmed", "9,true,unconfirmed", 2,
     "is_default", "confirm the row"),
    ("answers counted where none may lack", "scales", "none,,", "none,2,", 2,
     "minimum_items_answered", "leave it empty"),
    ("a change of nothing", "thresholds", "caseness,>=,10", "reliable_change,>=,0", 2, "value",
     "above 0"),
    ("a change reached from above", "thresholds", "caseness,>=,10", "reliable_change,<=,5", 2,
     "operator", ">= or >"),
    ("a change beyond the scale", "thresholds", "caseness,>=,10", "reliable_change,>=,31", 2,
     "value", "larger than the score range"),
    ("bands numbered from two", "severity_bands", "ours,1,", "ours,3,", 2, "band_order",
     "numbered 1"),
    ("a band added to a shipped set", "severity_bands", "confirmed\n",
     "confirmed\nphq9_total,published,6,beyond,27,27,true,confirmed\n", 3, "band_set",
     "of your own"),
    ("one code on two items", "items", "status\npain,1-3,0,10,confirmed\n",
     "loinc_code,status\npain,1,0,10,1-1,confirmed\npain,2-3,0,10,,confirmed\n"
     "pain,4,0,10,1-1,confirmed\n", 4, "loinc_code", "keep it on one"),
    ("a default on an unconfirmed norm", "norms", "clinic,confirmed", "clinic,unconfirmed", 2,
     "sd_norm_id", "unconfirmed norm"),
    ("a default on an unconfirmed cut-off", "thresholds",
     "10,true,2026-01-01,,our clinic,confirmed",
     "10,false,2026-01-01,,our clinic,unconfirmed", 2, "cutoff_threshold_id",
     "unconfirmed threshold"),
    ("an id left out", "norms", "pain_town,pain", ",pain", 2, "norm_id", "it is empty"),
    ("a shipped item", "items", "confirmed\n", "confirmed\nphq9,1,0,3,confirmed\n", 3,
     "instrument_id", "cannot be changed"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "old", "new", "line", "column", "remedy"),
    [case[1:] for case in WRONG],
    ids=[case[0] for case in WRONG],
)
def test_a_wrong_definition_is_refused_with_its_place_and_its_remedy(
    tmp_path: Path, name: str, old: str, new: str, line: int, column: str | None, remedy: str
) -> None:
    assert old in LOCAL[name]
    files = LOCAL | {name: LOCAL[name].replace(old, new, 1)}
    messages = refusal(write(tmp_path / "instruments", files))
    where = f"row {line}" + (f", column {column}:" if column else ":")
    assert [text for text in messages if where in text and remedy in text], messages


@pytest.mark.parametrize(
    ("content", "remedy"),
    [
        ("instrument_id,item\npain,Sch\u00e4den".encode("cp1252"), "not UTF-8"),
        ("instrument_id,item\n".encode("utf-16"), "not UTF-8"),
        (b"instrument_id;item;response_minimum\npain;1;0\n", "not separated by commas"),
        (b"", "there is no header"),
        (b'instrument_id,item\n"pain,1\n', "column is missing"),
        (LOCAL["items"].replace("pain", '"pain').encode(), "quotation mark"),
    ],
)
def test_an_unreadable_file_is_one_clear_message(
    tmp_path: Path, content: bytes, remedy: str
) -> None:
    folder = write(tmp_path / "instruments", {"instruments": LOCAL["instruments"]})
    (folder / "items.csv").write_bytes(content)
    messages = refusal(folder)
    assert [text for text in messages if "instruments/items.csv" in text and remedy in text]


@pytest.mark.parametrize("name", ["item.csv", "Items.csv", "items.xlsx", "metric_dictionary.csv"])
def test_a_file_of_another_name_is_refused_and_not_passed_over(tmp_path: Path, name: str) -> None:
    folder = write(tmp_path / "instruments", LOCAL)
    (folder / name).write_text("a,b\n", encoding="utf-8")
    assert [t for t in refusal(folder) if f"instruments/{name}" in t and "scale_items.csv" in t]


def test_notes_beside_the_definitions_are_left_alone(tmp_path: Path) -> None:
    folder = write(tmp_path / "instruments", LOCAL)
    for name in ("README.md", ".DS_Store", "~$items.xlsx"):
        (folder / name).write_text("x", encoding="utf-8")
    assert len(load_registry(SEEDS, folder).local_frames["items"]) == 3


def test_a_missing_seed_is_named(tmp_path: Path) -> None:
    for name in SHIPPED:
        if name != "norms":
            (tmp_path / f"{name}.csv").write_bytes((SEEDS / f"{name}.csv").read_bytes())
    with pytest.raises(SettingsError, match=r"norms\.csv: the file is missing"):
        load_registry(tmp_path, None)


def test_all_problems_are_counted_and_twenty_are_written_out(tmp_path: Path) -> None:
    rows = "".join(f"label {n},never,1\n" for n in range(25))
    text = LOCAL["timepoints"] + rows
    messages = refusal(write(tmp_path / "instruments", {"timepoints": text}))
    assert "25 problems" in messages[0]
    assert len(messages) == 1 + 20 + 1
    assert "5 more" in messages[-1]


def test_a_row_for_many_items_that_is_wrong_is_said_once(tmp_path: Path) -> None:
    files = LOCAL | {"items": LOCAL["items"].replace(",0,10,", ",10,0,")}
    messages = refusal(write(tmp_path / "instruments", files))
    assert "1 problem:" in messages[0]
    assert len(messages) == 2


def test_a_value_of_no_known_kind_has_no_spelling() -> None:
    assert [as_text(v) for v in (True, 3, Decimal("0.50"), date(2026, 1, 2), None)] == [
        *("true", "3", "0.50", "2026-01-02"),
        None,
    ]
    with pytest.raises(TypeError, match="float"):
        as_text(0.5)


def test_a_message_never_repeats_a_cell_because_it_may_be_a_client_file(tmp_path: Path) -> None:
    client = "Annabel-Quist-1974"
    files = {
        name: text.splitlines()[0]
        + "\n"
        + ",".join([client] * (text.splitlines()[0].count(",") + 1))
        for name, text in LOCAL.items()
    }
    files["norms"] = f"{client},b\n{client},2\n"
    messages = refusal(write(tmp_path / "instruments", files))
    assert len(messages) > 5
    assert not [text for text in messages if "Quist" in text]


def test_a_range_names_many_items_at_once_and_a_row_beside_it_adds_one(tmp_path: Path) -> None:
    items = LOCAL["items"].replace("1-3,0,10", "1 to 2,0,10").rstrip("\n")
    files = LOCAL | {"items": f"{items}\npain,3,0,10,derived\n"}
    mine = load_registry(SEEDS, write(tmp_path / "instruments", files)).local_frames["items"]
    expected = pd.DataFrame(
        {"item": ["1", "2", "3"], "status": ["confirmed", "confirmed", "derived"]}, dtype="str"
    )
    pd.testing.assert_frame_equal(mine[["item", "status"]], expected)


# ------------------------------------------------------------- which scales judge a program

MEASURES = "threshold_set,set_order,domain,condition_id,scale_id,priority,citation,status\n"


def test_a_clinic_can_judge_its_programs_by_measures_of_its_own(tmp_path: Path) -> None:
    rows = f"{MEASURES}ours,0,shame,,ess_total,1,our clinic,confirmed\n"
    mine = load_registry(SEEDS, write(tmp_path / "instruments", {"outcome_measures": rows}))
    frame = mine.frames["outcome_measures"]
    assert frame.iloc[-1][["threshold_set", "set_order", "origin"]].tolist() == [
        "ours", "0", "local",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        ("ours,1,shame,,ess_total,1,ours,confirmed\n", "nhs_talking_therapies has this place"),
        (
            "ours,0,shame,,ess_total,1,ours,confirmed\nours,2,mood,,phq9_total,1,ours,confirmed\n",
            "the other rows of this set say 0",
        ),
        (
            "ours,0,shame,,ess_total,1,ours,confirmed\nours,0,shame,,ess_total,2,ours,confirmed\n",
            "it repeats row",
        ),
    ],
    ids=["a place that is taken", "two places for one set", "the same measure twice"],
)
def test_which_set_judges_is_never_left_to_chance(tmp_path: Path, rows: str, what: str) -> None:
    folder = write(tmp_path / "instruments", {"outcome_measures": MEASURES + rows})
    assert any(what in line for line in refusal(folder))
