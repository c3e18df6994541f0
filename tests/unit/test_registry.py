"""The seeds are what the literature says, and landing finds in them what files name.

What belongs here: the shipped registry's files and their loading, judged by ``published_keys``. All
instruments together are compared with the reference in ``test_registry_against_reference``.
What does not: a clinic's own definitions (``test_registry_local``).
"""

import csv
import re
from decimal import Decimal
from pathlib import Path

import pytest

from orchestration.landing.registry import Registry, describe, plain_name
from orchestration.landing.registry.constructs import CONSTRUCTS
from orchestration.landing.registry.tables import TABLES
from tests.golden.test_scoring_vectors_arithmetic import MEMBERS
from tests.landing_home import seeds
from tests.unit.published_keys import (
    EDE_Q_COUNTS,
    FEWEST_ANSWERS,
    FORMATS,
    KEYS,
    PRINTED_RANGES,
)

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
SHIPPED = list(TABLES)


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
