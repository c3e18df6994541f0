"""The seeds say what the reference of the field says, instrument by instrument.

What belongs here: a second reading of shared/reference (which item belongs where, what is reversed,
ranges, bands, thresholds, norms), beside the seeds. The names on both sides are matched by hand.
What does not: whether a row is well formed (``test_registry``), scoring (``tests/golden``).
"""

import csv
import re
from decimal import Decimal

import pytest

from tests.oracle import shared_data
from tests.unit.test_registry import seed_rows

SHARED = shared_data()
REFERENCE = SHARED.parent / "reference" if SHARED else None
pytestmark = pytest.mark.skipif(
    REFERENCE is None or not REFERENCE.is_dir(),
    reason="the reference of instruments is absent (set SCOUT_SHARED_DATA to its neighbour, data)",
)
CONFIRMED = ("confirmed", "derived")

IDS = {
    **{"SCS": "scs", "SCS-SF": "scs_sf", "ESS": "ess", "OAS": "oas", "OAS-2": "oas2"},
    **{"ISS": "iss", "EISS": "eiss", "SSGS": "ssgs", "GAD-7": "gad7", "HADS": "hads"},
    **{"BAI": "bai", "OASIS": "oasis", "DASS-21": "dass21", "STAI-S": "stai_s"},
    **{"STAI-T": "stai_t", "PSWQ": "pswq", "PHQ-9": "phq9", "PHQ-8": "phq8", "BDI-II": "bdi2"},
    **{"CES-D": "cesd", "PSS-10": "pss10", "CORE-10": "core10", "CORE-OM": "core_om"},
    **{"K10": "k10", "OQ-45.2": "oq45", "WSAS": "wsas", "WHO-5": "who5", "PCL-5": "pcl5"},
    **{"IES-R": "ies_r", "EDE-Q": "ede_q", "DERS": "ders", "DERS-16": "ders16"},
    **{"DERS-18": "ders18", "AAQ-II": "aaq2", "ECR-R": "ecr_r", "RRS-10": "rrs10"},
    **{"FFMQ-39": "ffmq", "FSCRS": "fscrs", "FCS-O": "fcs_o", "FCS-F": "fcs_f"},
    **{"FCS-S": "fcs_s", "WAI-SR": "wai_sr", "SRS": "srs"},
}
# Neither key nor total is confirmed; TOSCA is a mention only.
LEFT_OUT = {"SSCS-L", "SSCS-S", "SCS-Y", "TOSCA", "ECR-S", "FFMQ-15", "RTQ-10", "TPI-T", "TPI-C"}
# The reference's name of a subscale, where ours is not the same words in lower case.
SUFFIXES = {
    **{"Over-identified": "over_identification", "Characterological shame": "characterological"},
    **{"Behavioural shame": "behavioural", "Bodily shame": "bodily", "Shame": "shame"},
    **{"External shame": "external", "Internal shame": "internal"},
    **{"Anxiety (HADS-A)": "anxiety", "Depression (HADS-D)": "depression"},
    **{"Total (general distress)": "total", "B Intrusion": "intrusion", "C Avoidance": "avoidance"},
    **{"D Negative cognition/mood": "negative_cognition_and_mood"},
    **{"E Arousal/reactivity": "arousal", "Awareness (lack)": "awareness"},
    **{"Strategies (limited)": "strategies", "Clarity (lack)": "clarity"},
    **{"Act with awareness": "acting_with_awareness", "Non-judging": "nonjudging"},
    **{"Non-reactivity": "nonreactivity"},
}
# Single-item risk flags are no scales; the author advises against SCS-SF subscales of two items;
# the OAS subscales have no item numbers.
NO_SCALES = {
    *(("PHQ-9", "Risk (self-harm item)"), ("CORE-10", "Risk")),
    *(("SCS-SF", name) for name in ("Self-Kindness", "Self-Judgment", "Common Humanity")),
    *(("SCS-SF", name) for name in ("Isolation", "Mindfulness", "Over-identified")),
    *(("OAS", name) for name in ("Inferiority", "Emptiness")),
    ("OAS", "How others behave when I make mistakes"),
}
# "existence only; no published basis", and the raw metric: our scores are doubled.
NO_BANDS = {("WAI-SR", "sum 12-60"), ("WAI-SR", "12-60"), ("DASS-21", "raw sum (not multiplied)")}
SETS = {
    **{"published": "published", "3-level": "three_level", "4-level variant": "four_level_variant"},
    **{"4-level (Snaith & Zigmond 1994, quoted by Crawford 2001)": "snaith_zigmond_1994"},
    **{"1993 manual": "manual_1993", "older": "older_handout", "manual": "manual"},
    **{"circulating (not by authors)": "circulating", "set A": "set_a", "set B": "set_b"},
    **{"Mundt 2002": "mundt_2002", "ABS": "abs", "CRUfAD/Table F": "crufad", "screen": "screen"},
    **{"author guide (not clinical)": "author_guide"},
}
KINDS = {
    **{"clinical_cutoff": "caseness", "caseness": "caseness"},
    **{"reliable_change": "reliable_change", "mcid": "minimal_important_difference"},
    **{"clinically_significant_change_endstate": "remission"},
}

Row = dict[str, str]


def reference(name: str) -> list[Row]:
    if REFERENCE is None:
        return []
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def scale_of(instrument: str, subscale: str) -> str:
    return f"{IDS[instrument]}_{SUFFIXES.get(subscale, re.sub('[- ]', '_', subscale.lower()))}"


def status(text: str) -> str:
    if text.startswith("confirmed"):
        return "confirmed"
    return "derived" if text.startswith("derived") else "unconfirmed"


SUBSCALES = [
    row
    for row in reference("subscales")
    if row["instrument"] in IDS and (row["instrument"], row["subscale"]) not in NO_SCALES
]
STATED = {row["scale_id"] for row in seed_rows("scales") if row["scoring_rule"] == "stated_only"}


def test_every_instrument_of_the_reference_is_shipped_or_lacks_a_confirmed_key() -> None:
    rows = reference("instruments")
    assert {row["instrument"] for row in rows} == set(IDS) | LEFT_OUT
    assert {row["instrument_id"] for row in seed_rows("instruments")} == set(IDS.values())
    for row in reference("items"):
        if row["instrument"] in LEFT_OUT:
            assert status(row["subscale_status"]) == "unconfirmed", row["instrument"]


def test_items_have_the_range_and_the_code_of_the_reference() -> None:
    seeds = {(row["instrument_id"], row["item"]): row for row in seed_rows("items")}
    codes = {"PHQ-9", "PHQ-8", "GAD-7"}
    seen = set()
    for row in reference("items"):
        if row["instrument"] not in IDS or (row["instrument"] == "PHQ-9" and row["scored"] == "0"):
            continue  # the tenth item of the PHQ-9 is about difficulty and enters no score
        key = (IDS[row["instrument"]], row["item_number"])
        seen.add(key)
        mine = seeds[key]
        if row["min"]:  # the counts of the EDE-Q have no range
            assert (mine["response_minimum"], mine["response_maximum"]) == (row["min"], row["max"])
        if row["instrument"] in codes:
            assert mine["loinc_code"] == row["loinc"]
        else:
            assert not mine["loinc_code"]
    assert seen == set(seeds)


@pytest.mark.parametrize("row", SUBSCALES, ids=lambda r: f"{r['instrument']}-{r['subscale']}")
def test_a_scale_has_the_items_reversals_range_and_direction_of_the_reference(row: Row) -> None:
    scale_id = scale_of(row["instrument"], row["subscale"])
    scale = next(each for each in seed_rows("scales") if each["scale_id"] == scale_id)
    assert Decimal(scale["score_minimum"]) == Decimal(row["score_min"] or "5")  # RRS-10: 5 x 1
    assert Decimal(scale["score_maximum"]) == Decimal(row["score_max"] or "20")
    better = row["direction"] == "higher = better" or scale_id == "ssgs_pride"
    assert (scale["is_higher_better"] == "true") == better
    members = [each for each in seed_rows("scale_items") if each["scale_id"] == scale_id]
    if scale_id in STATED:
        assert not members
        assert status(row["status"]) != "confirmed" or not row["item_numbers"]
    elif scale_id == "ede_q_global":
        groups = {(each["component"], each["item"]) for each in members}
        parts = ("Restraint", "Eating Concern", "Shape Concern", "Weight Concern")
        assert groups == {
            (part.lower().replace(" ", "_"), item)
            for part in parts
            for each in SUBSCALES
            if (each["instrument"], each["subscale"]) == ("EDE-Q", part)
            for item in each["item_numbers"].split(",")
        }
    else:
        assert {each["item"] for each in members} == set(row["item_numbers"].split(","))
        reversed_items = {each["item"] for each in members if each["is_reversed"] == "true"}
        assert reversed_items == set(filter(None, row["reversed_items_within"].split(",")))
        assert status(row["status"]) in CONFIRMED


def test_a_total_reverses_the_items_that_the_reference_reverses() -> None:
    for instrument in ("SCS", "SCS-SF", "DERS", "DERS-18", "FFMQ-39", "CORE-OM", "OQ-45.2"):
        mine = {
            (row["item"], row["is_reversed"] == "true")
            for row in seed_rows("scale_items")
            if row["scale_id"] == f"{IDS[instrument]}_total"
        }
        rows = [row for row in reference("items") if row["instrument"] == instrument]
        assert mine == {(row["item_number"], row["reverse"] == "1") for row in rows}, instrument


def test_bands_are_those_of_the_reference_and_the_recommended_ones_are_the_default() -> None:
    expected = set()
    for row in reference("severity_bands"):
        if (row["instrument"], row["metric"]) in NO_BANDS:
            continue
        ends = (Decimal(row["min_score"]), Decimal(row["max_score"]))
        scale_id = scale_of(row["instrument"], row["scale"])
        band = (scale_id, SETS[row["band_set"]], row["band_order"], row["label"], *ends)
        expected.add((*band, row["recommended"] == "yes", status(row["status"])))
    found = {
        (
            *(row[name] for name in ("scale_id", "band_set", "band_order", "label")),
            *(Decimal(row[name]) for name in ("score_minimum", "score_maximum")),
            row["is_default"] == "true",
            row["status"],
        )
        for row in seed_rows("severity_bands")
    }
    assert found == expected


def test_thresholds_are_those_of_the_reference_each_with_its_status() -> None:
    seeds = seed_rows("thresholds")
    found = {
        (row["scale_id"], row["threshold_kind"], row["operator"], Decimal(row["value"])): row
        for row in seeds
    }
    expected = set()
    for row in reference("change_thresholds"):
        ends = re.findall(r"[0-9.]+", row["value"])  # 9-12 and 24-28 are two rows, a value each end
        operator = row["operator"] if row["operator"] in (">=", ">", "<=", "<") else ">="
        for value in ends:
            scale_id = scale_of(row["instrument"], row["scale"])
            key = (scale_id, KINDS[row["threshold_type"]], operator, Decimal(value))
            expected.add(key)
            if status(row["status"]) == "unconfirmed":
                assert found[key]["status"] == "unconfirmed"
                assert found[key]["is_default"] == "false"
            else:
                assert found[key]["status"] in CONFIRMED
    # From other sources: the lower limit of the manual's mild band, the usual remission, and the
    # drop of the alliance from one session to the next that OpenFIT's help names.
    assert set(found) - expected == {
        ("bdi2_total", "caseness", ">=", Decimal(14)),
        ("phq9_total", "remission", "<", Decimal(5)),
        ("srs_total", "drop", ">=", Decimal(1)),
    }
    assert not expected - set(found)


def test_norms_are_those_of_the_reference_in_the_metric_of_the_scale() -> None:
    seeds = {
        (row["scale_id"], Decimal(row["mean"]), row["standard_deviation"] or None)
        for row in seed_rows("norms")
        if row["mean"]
    }
    printed = set()
    for row in reference("norms"):
        if row["instrument"] not in IDS or not row["mean"]:
            continue
        scale_id = scale_of(row["instrument"], row["scale"])
        doubled = row["instrument"] == "DASS-21" and row["metric"].startswith("raw")
        times = 2 if doubled else 1
        deviation = row["sd"] and f"{times * Decimal(row['sd']):f}"
        norm = (scale_id, times * Decimal(row["mean"]), deviation or None)
        if row["confirmed"] not in ("confirmed", "confirmed (computed from raw rows)"):
            assert norm not in seeds, norm
        else:
            printed.add(norm)
    # The same people on the other totals of the SCS stand in the reference as words.
    others = {norm for norm in seeds if norm[0].startswith("scs_total")}
    as_numbers = {(scale, mean, dev and Decimal(dev)) for scale, mean, dev in seeds - others}
    assert as_numbers <= {(scale, mean, dev and Decimal(dev)) for scale, mean, dev in printed}
    assert len(as_numbers) > 100


def test_nothing_the_reference_has_from_memory_is_confirmed_in_the_seeds() -> None:
    for row in SUBSCALES:
        scale_id = scale_of(row["instrument"], row["subscale"])
        mine = next(each for each in seed_rows("scales") if each["scale_id"] == scale_id)
        if scale_id not in STATED:
            assert mine["status"] == status(row["status"]), scale_id


def test_an_answer_in_words_is_known_only_where_the_reference_confirms_the_words() -> None:
    read = {
        IDS[row["instrument"]]
        for row in reference("evidence")
        if row["field"] == "response_anchors"
        and row["instrument"] in IDS
        and row["status"].startswith(("confirmed", "derived", "partly confirmed"))
    }
    # Those of the Fears of Compassion Scales are there from memory.
    assert not {"fcs_o", "fcs_f", "fcs_s"} & read
    beyond = [row for row in seed_rows("response_labels") if row["instrument_id"] not in read]
    # The CORE-OM prints the answers of the CORE-10, whose source is its own.
    assert {(row["instrument_id"], row["status"]) for row in beyond} == {("core_om", "derived")}
