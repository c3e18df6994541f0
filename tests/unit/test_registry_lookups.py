"""A clinic's lookups, validity dates and rules for gaps: what is taken, and what is refused how."""

from pathlib import Path

import pytest

from orchestration.errors import SettingsError
from orchestration.landing.registry import Registry
from tests.landing_home import registry_with

FILES = {
    "instruments": "instrument_id,instrument_name,construct,role,citation,status\n"
    "pain,Pain diary,pain,outcome,our clinic,confirmed\n",
    "items": "instrument_id,item,response_minimum,response_maximum,status\n"
    "pain,1-3,0,2,confirmed\n",
    "scales": "scale_id,instrument_id,scale_name,scale_kind,is_primary,is_higher_better,"
    "scoring_rule,converted_from,scoring_variant,multiplier,score_minimum,score_maximum,"
    "missing_rule,citation,status\n"
    "pain_total,pain,Pain,total,true,false,sum,,sum,1,0,6,none,our clinic,confirmed\n"
    "pain_t,pain,Pain (T),variant,false,false,lookup,pain_total,t_score,1,20,80,none,"
    "our clinic,confirmed\n",
    "scale_items": "scale_id,item,is_reversed,status\npain_total,1-3,false,confirmed\n",
    "score_conversions": "scale_id,raw_score,converted_score,status\n"
    "pain_t,0,35,confirmed\npain_t,6,75,confirmed\n",
    "thresholds": "threshold_id,scale_id,threshold_set,threshold_kind,operator,value,is_default,"
    "valid_from,valid_to,citation,status\n"
    "pain_old,pain_total,old,caseness,>=,4,true,,2019-12-31,our clinic,confirmed\n"
    "pain_new,pain_total,new,caseness,>=,3,true,2020-01-01,,our clinic,confirmed\n"
    "pain_well,pain_total,new,remission,<=,1,true,,,our clinic,confirmed\n"
    "pain_mid,pain_total,new,minimal_important_difference,>=,1,true,,,our clinic,confirmed\n",
    "missing_rules": "scale_id,missing_rule,minimum_items_answered,citation\n"
    "pain_total,mean_of_answered,2,our clinic\n",
    "severity_references": "scale_id,sample_size,first_score_mean,first_score_sd,improvement_mean,"
    "slope,citation\npain_total,400,4.5,1.2,1.5,0.4,our clinic\n",
}


def loaded(folder: Path, **changed: str) -> Registry:
    for name, text in (FILES | changed).items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return registry_with(folder)


def test_lookups_dated_cut_offs_and_a_rule_for_gaps_are_taken(tmp_path: Path) -> None:
    registry = loaded(tmp_path)
    own = registry.local_frames
    assert own["score_conversions"]["scale_id"].tolist() == ["pain_t", "pain_t"]
    assert own["thresholds"]["is_default"].tolist() == ["true"] * 4
    # What a clinic leaves out of a rule for gaps: it is called local and is the default.
    rule = own["missing_rules"].to_dict("records")[0]
    assert (rule["rule_set"], rule["is_default"], rule["status"]) == ("local", "true", "confirmed")


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("scales", "lookup,pain_total", "lookup,", "scales.csv, row 3, column converted_from"),
        ("scales", "sum,,sum", "sum,pain_t,sum", "scales.csv, row 2, column converted_from"),
        ("scales", "lookup,pain_total", "lookup,pain_sum", "no row of scales.csv defines this id"),
        ("scales", "lookup,pain_total", "lookup,phq9_total", "a scale of the same instrument"),
        ("score_conversions", "pain_t,6,75", "pain_t,7,75", "row 3, column raw_score"),
        ("score_conversions", "pain_t,6,75", "pain_t,6,99", "row 3, column converted_score"),
        ("score_conversions", "pain_t,6,75", "pain_total,6,75", "is not made by lookup"),
        ("score_conversions", "pain_t,6,75", "phq9_total,6,75", "cannot be changed"),
        ("score_conversions", "pain_t,0,35,confirmed\npain_t,6,75,confirmed\n", "",
         "write the published table there"),
        ("scale_items", "pain_total,1-3", "pain_t,1-3", "a lookup scale is not made of items"),
        ("thresholds", "2019-12-31", "2020-06-30", "dates of validity that do not overlap"),
        ("thresholds", "2019-12-31", "", "the scale already has a default threshold"),
        ("thresholds", "remission,<=", "remission,>=", "point to the better scores"),
        ("thresholds", "difference,>=,1", "difference,>=,9", "larger than the score range"),
        ("thresholds", "difference,>=,1", "difference,>=,0", "a number above 0"),
        ("missing_rules", "answered,2", "answered,4", "has only 3 items"),
        ("severity_references", "pain_total,400", "pane_total,400", "no row of scales.csv"),
        ("severity_references", "4.5,1.2", "4.5,0", "row 2, column first_score_sd"),
        ("severity_references", "1.5,0.4", "1.5,", "row 2, column slope"),
    ],
)  # fmt: skip
def test_a_wrong_definition_is_refused_with_place_and_remedy(
    tmp_path: Path, name: str, old: str, new: str, told: str
) -> None:
    assert old in FILES[name]
    with pytest.raises(SettingsError) as refusal:
        loaded(tmp_path, **{name: FILES[name].replace(old, new, 1)})
    assert told in str(refusal.value)
