"""Published numbers stand in the seed as they were published, and a clinic can add its own.

The judges are the reference of the field (shared/reference) and the England totals of metrics.md,
which ``golden/test_england_totals`` holds too.
"""

import csv
from pathlib import Path

import pytest

from orchestration.errors import SettingsError
from tests.golden.test_england_totals import YEARS
from tests.landing_home import registry_with
from tests.oracle import shared_data
from tests.unit.test_registry import seed_rows

SHARED = shared_data()
REFERENCE = SHARED.parent / "reference" / "published_effects.csv" if SHARED else None
STATISTICS = {
    "hedges_g": "between_groups_hedges_g",
    "cohens_d": "between_groups_cohens_d",
    "pearson_r": "cross_sectional_r",
}
Numbers = tuple[str, str, str, tuple[float | None, ...]]


def number(text: str) -> float | None:
    return float(text) if text else None


@pytest.mark.skipif(
    REFERENCE is None or not REFERENCE.is_file(),
    reason="the reference of published effects is absent (set SCOUT_SHARED_DATA to its neighbour)",
)
def test_the_seed_holds_every_published_number_of_the_reference_and_no_other_trial() -> None:
    assert REFERENCE is not None
    with REFERENCE.open(encoding="utf-8", newline="") as file:
        # Three rows say that no number was seen.
        rows = [row for row in csv.DictReader(file) if row["estimate"]]
    columns = ("estimate", "interval_low", "interval_high")
    published = sorted(
        (
            row["year"],
            STATISTICS[row["statistic"]],
            row["doi"],
            *(number(row[column]) or 0 for column in (*columns, "k_studies", "n_people")),
        )
        for row in rows
    )
    seeded = sorted(
        (
            row["published_period"],
            row["metric_id"],
            row["doi"],
            *(number(row[column]) or 0 for column in (*columns, "studies_count", "people_count")),
        )
        for row in seed_rows("published_effects")
        if row["metric_id"] in STATISTICS.values()
    )
    assert len(published) == 20
    assert seeded == published


def test_englands_rates_are_the_published_ones() -> None:
    rates = {
        (row["published_period"], row["metric_id"]): (float(row["estimate"]), row["people_count"])
        for row in seed_rows("published_effects")
        if row["design"] == "national_statistics" and row["threshold_set"]
    }
    for name, year in YEARS.items():
        base = str(year.finished - year.not_at_caseness)
        assert rates[name, "recovery"] == (pytest.approx(year.recovery / 100), base)
        assert rates[name, "reliable_recovery"][0] == pytest.approx(year.reliable_recovery / 100)
        improved = (pytest.approx(year.reliable_improvement / 100), str(year.finished))
        assert rates[name, "reliable_improvement"] == improved
    # metrics.md 2.3: 39,157 and 170,457 of 670,419.
    assert rates["2024-25", "reliable_deterioration"][0] == pytest.approx(39157 / 670419, abs=5e-4)
    assert rates["2024-25", "no_reliable_change"][0] == pytest.approx(170457 / 670419, abs=5e-4)
    assert len(rates) == 3 * len(YEARS) + 2


def test_only_what_two_sources_would_not_settle_is_left_out_of_comparisons() -> None:
    left_out = [row for row in seed_rows("published_effects") if row["is_default"] == "false"]
    assert {row["status"] for row in left_out} == {"unconfirmed"}
    assert {row["design"] for row in left_out} == {"target"}


OWN = {
    "published_effect_id": "our_region",
    "study": "Our region",
    "published_period": "2025",
    "design": "other",
    "comparison": "none",
    "population": "adults",
    "outcome": "depression",
    "outcome_construct": "depression",
    "metric_id": "effect_size_baseline_sd",
    "estimate": "0.7",
    "is_default": "true",
    "citation": "our region",
    "status": "confirmed",
}


def local(tmp_path: Path, **changes: str) -> Path:
    row = OWN | changes
    folder = tmp_path / "instruments"
    folder.mkdir()
    with (folder / "published_effects.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(row))
        writer.writeheader()
        writer.writerow(row)
    return folder


def test_a_clinic_can_add_a_number_of_its_own(tmp_path: Path) -> None:
    frame = registry_with(local(tmp_path)).frames["published_effects"]
    assert frame.iloc[-1][["published_effect_id", "origin"]].tolist() == ["our_region", "local"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"interval_low": "0.8", "interval_high": "0.9"}, "outside its interval"),
        ({"interval_low": "0.5"}, "write both or neither"),
        ({"metric_id": "recovery", "estimate": "50", "threshold_set": "s"}, "0.5 for 50 %"),
        ({"metric_id": "recovery"}, "set of thresholds"),
        ({"threshold_set": "s"}, "set of thresholds"),
        ({"metric_id": "effect_size_reference_sd", "scale_id": "phq9_total"}, "deviation"),
        ({"metric_id": "effect_size_reference_sd", "reference_sd": "6"}, "one scale"),
        ({"reference_sd": "6"}, "only there"),
        ({"metric_id": "d"}, "between_groups_hedges_g"),
        ({"status": "unconfirmed"}, "may not be a default"),
        ({"scale_id": "phq10_total"}, "no row of scales.csv"),
        ({"outcome_construct": "depresion"}, "if this is depression"),
        ({"published_effect_id": "england_2024_25_recovery"}, "another id"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, dict) else "",
)
def test_a_number_that_cannot_be_set_beside_anything_is_refused(
    tmp_path: Path, changes: dict[str, str], words: str
) -> None:
    with pytest.raises(SettingsError, match=words):
        registry_with(local(tmp_path, **changes))
