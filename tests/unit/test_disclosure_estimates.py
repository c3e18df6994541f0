"""The auditor finds what an estimate's number of people gives away beside other numbers.

What belongs here: rows made to leak, one leak each, and the same rows safe.
What does not: how estimates are held back (``tests/dbt``).
"""

from typing import Any

from orchestration.auditing.audit import Verdict, audit
from orchestration.auditing.shapes import SHAPES
from tests.oracle.release_tables import measures, tables


def row(table: str, size: int | None, **values: Any) -> dict[str, Any]:
    """One row of a table of estimates; a size of None is held back."""
    shape = SHAPES[table]
    found: dict[str, Any] = {
        **dict.fromkeys(shape.key, "x"), **dict.fromkeys(shape.counts), "sample_size": size,
        "estimate": None, "kept_from_release": None, **values,
    }  # fmt: skip
    if table == "pub_change_associations":
        found |= {"interval_name": "first_to_last"}
    for name in (*shape.counts, *shape.shares, "estimate"):
        found.setdefault(f"{name}_status", "suppressed" if found[name] is None else "shown")
    return found


def link(size: int | None, process: str = "care", outcome: str = "mood") -> dict[str, Any]:
    return row(
        "pub_change_associations", size, program_id="p", process_scale_id=process,
        outcome_scale_id=outcome,
    )  # fmt: skip


def lag(size: int | None, program: str = "p", **values: Any) -> dict[str, Any]:
    key = {"program_id": program, "process_scale_id": "care", "outcome_scale_id": "mood"}
    return row("pub_lead_lag", size, **key, **{"model": "random_intercept"} | values)


def mediation(size: int | None, window: str, path: str = "a") -> dict[str, Any]:
    return row(
        "pub_mediation", size, program_id="p", process_scale_id="care",
        mediator_scale_id="shame", outcome_scale_id="mood", window_name=window, path=path,
    )  # fmt: skip


def verdict(earlier: dict[str, Any] | None = None, **rows: list[dict[str, Any]]) -> Verdict:
    before = [] if earlier is None else [tables(**earlier)]
    return audit(tables(**rows), before, smallest=11)


def test_who_has_no_lag_is_the_pairs_without_those_who_have() -> None:
    def of(size: int) -> Verdict:
        return verdict(pub_change_associations=[link(100)], pub_lead_lag=[lag(size)])

    assert of(96).recovered == {"pub_lead_lag": 1}
    assert of(100).is_clean
    assert of(80).is_clean


def test_who_has_two_moments_only_is_one_model_without_the_other() -> None:
    rows = [lag(100), lag(95, model="multilevel")]
    assert verdict(pub_lead_lag=rows).recovered == {"pub_lead_lag": 1}
    assert verdict(pub_lead_lag=[lag(100), lag(100, model="multilevel")]).is_clean


def test_a_program_that_is_held_back_is_all_without_the_others() -> None:
    rows = [lag(60), lag(None, "q"), lag(64, "all")]
    assert verdict(pub_lead_lag=rows).recovered == {"pub_lead_lag": 1}
    assert verdict(pub_lead_lag=[lag(60), lag(None, "q"), lag(None, "all")]).is_clean
    assert verdict(pub_lead_lag=[lag(60), lag(20, "q"), lag(80, "all")]).is_clean


def test_who_has_no_middle_score_is_one_window_without_the_other() -> None:
    rows = [mediation(75, "first_to_last"), mediation(70, "middle_then_last")]
    assert verdict(pub_mediation=rows).recovered == {"pub_mediation": 1}


def test_a_program_in_the_forest_is_the_pair_itself() -> None:
    key = {"process_scale_id": "care", "outcome_scale_id": "mood", "row_kind": "stratum"}
    forest = row("pub_strata", 40, **key, stratum_kind="program", stratum_id="p")
    assert verdict(pub_strata=[forest], pub_change_associations=[link(44)]).recovered


def test_a_component_or_a_delivery_that_leaves_out_few_is_told_apart() -> None:
    part = row("pub_components", 80, program_id="p", outcome_scale_id="mood",
               component_scale_id="warm", statistic="pearson_r")  # fmt: skip
    pair = link(85, "warm")
    assert verdict(pub_components=[part], pub_change_associations=[pair]).recovered
    given = row("pub_delivery", 90, program_id="p", process_scale_id="care", scale_id="mood",
                predictor="alliance")  # fmt: skip
    assert verdict(pub_delivery=[given], pub_change_associations=[link(98)]).recovered


def test_a_band_that_is_held_back_is_all_lengths_without_the_others() -> None:
    def band(name: str, size: int | None, program: str = "p") -> dict[str, Any]:
        key = {"program_id": program, "threshold_set": "t", "session_band": name}
        return row("pub_dose_response", size, **key, numerator_count=0 if size else None)

    rows = [band("all", 50), band("1_to_8", 45), band("9_to_12", None)]
    assert verdict(pub_dose_response=rows).recovered
    whole = [band("all", 50), band("1_to_8", 50)]
    assert verdict(pub_dose_response=whole).is_clean
    # All programs are split by program and by band: two sums, not one.
    everybody = [band(name, 50, "all") for name in ("all", "1_to_8")]
    assert verdict(pub_dose_response=whole + everybody).is_clean


def test_two_releases_of_an_estimate_do_not_differ_by_few() -> None:
    before, after = lag(60, estimate=0.5), lag(63, estimate=0.6)
    found = verdict(earlier={"pub_lead_lag": [before]}, pub_lead_lag=[after])
    assert found.differenced == {"pub_lead_lag": 1}
    enough = lag(80, estimate=0.6)
    assert verdict(earlier={"pub_lead_lag": [before]}, pub_lead_lag=[enough]).is_clean


def test_a_row_of_another_time_is_set_beside_nothing() -> None:
    kept = lag(96) | {"kept_from_release": 1}
    assert verdict(pub_change_associations=[link(100)], pub_lead_lag=[kept]).is_clean


def test_effects_of_nearly_all_who_were_measured_tell_of_the_others() -> None:
    key = {"program_id": "p", "population": "f", "threshold_set": "none", "scale_id": "mood"}
    effect = row("pub_benchmarks", 55, published_effect_id="a", **key)
    measured = measures(scale_id="mood")
    assert audit(tables(measured, pub_benchmarks=[effect]), [], smallest=11).recovered
    assert audit(tables(measured, pub_benchmarks=[effect | {"sample_size": 60}]), [],
                 smallest=11).is_clean  # fmt: skip
