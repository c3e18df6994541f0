"""Tidy files that land are scored and judged as the naive engine scores the very same answers.

What belongs here: landing, staging, scoring and change in one line, with the shipped instruments.
What does not: odd files (``tests/integration``), odd instruments and odd orders of forms
(``test_scores_and_changes_agree``).
"""

import csv
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest

from orchestration import warehouse
from orchestration.landing.inbox import receive
from orchestration.landing.registry import load_registry
from orchestration.settings import CHECKOUT, Settings
from tests.landing_home import NOW
from tests.oracle.naive_change import changes, default_rule
from tests.oracle.naive_order import Administration
from tests.oracle.naive_scorer import score as score_form
from tests.sql_harness import SqlScout

INSTRUMENTS = ("gad7", "phq9", "scs_sf", "dass21")
VISITS = ("intake", "session 4", "session 8", "discharge")
# The clinic's own rule: a GAD-7 with one answer missing is still scored.
OWN_RULE = {"missing_rule": "mean_of_answered", "minimum_items_answered": "6"}


class Landed(NamedTuple):
    """What was handed in, and the warehouse after it."""

    forms: dict[tuple[str, str, str], dict[int, float | None]]
    scout: SqlScout


def seed(name: str) -> list[dict[str, str]]:
    with (CHECKOUT / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def scales() -> list[dict[str, str]]:
    """The shipped scales of these instruments, with the clinic's own rule."""
    return [
        row | (OWN_RULE if row["scale_id"] == "gad7_total" else {})
        for row in seed("scales")
        if row["instrument_id"] in INSTRUMENTS
    ]


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> Landed:
    """Twelve clients, four visits, four instruments, an answer left out here and there."""
    home = tmp_path_factory.mktemp("home")
    settings = Settings(home=home, clock=lambda: NOW, threads=1, memory_limit="1GB")
    chance = Random(7)  # noqa: S311 - not for secrets
    ranges = {
        (row["instrument_id"], int(row["item"])): (
            int(row["response_minimum"]),
            int(row["response_maximum"]),
        )
        for row in seed("items")
    }
    forms: dict[tuple[str, str, str], dict[int, float | None]] = {}
    lines = []
    for client in (f"c{number:02}" for number in range(12)):
        for visit, label in enumerate(VISITS[: chance.randint(1, 4)]):
            for instrument in INSTRUMENTS:
                answers: dict[int, float | None] = {}
                for (owner, item), (low, high) in ranges.items():
                    if owner == instrument:
                        answer = None if chance.random() < 0.02 else chance.randint(low, high)
                        answers[item] = answer
                        text = "" if answer is None else answer
                        lines.append((client, "msc", instrument, item, text, 30 * visit, label))
                forms[client, instrument, label] = answers
    write(
        settings.landing / "clinic" / "responses.csv",
        ("client_id", "program_id", "instrument_id", "item", "response", "day", "occasion"),
        lines,
    )
    write(
        settings.instruments / "missing_rules.csv",
        ("scale_id", *OWN_RULE, "citation"),
        [("gad7_total", *OWN_RULE.values(), "the clinic's own custom")],
    )
    registry = load_registry(settings.seeds, settings.instruments)
    scout = SqlScout(settings)
    for name, frame in registry.local_frames.items():
        warehouse.replace_table(scout.connection, "raw", f"local_{name}", frame)
    summary = receive(scout.connection, settings, registry)
    assert [(file.status, file.rows_refused) for file in summary.files] == [("loaded", 0)]
    return Landed(forms, scout.build_models(until="change"))


def write(path: Path, header: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def naive_scores(landed: Landed) -> dict[tuple[str, str, str], float | None]:
    """(client, scale, visit) -> score."""
    scale_items, items = seed("scale_items"), seed("items")
    return {
        (client, scale["scale_id"], label): score_form(answers, scale, scale_items, items).score
        for (client, instrument, label), answers in landed.forms.items()
        for scale in scales()
        if scale["instrument_id"] == instrument
    }


def test_every_landed_form_has_the_naive_score_on_every_scale(landed: Landed) -> None:
    expected = naive_scores(landed)
    found = {
        (row["client_id"], row["scale_id"], row["occasion"]): row["score"]
        for row in landed.scout.rows("scoring.int_scores")
    }
    assert set(found) == set(expected)
    for key, score in expected.items():
        assert found[key] == (None if score is None else pytest.approx(score, abs=1e-9)), key
    assert None in expected.values()
    assert any(row["is_prorated"] for row in landed.scout.rows("scoring.int_scores"))


def test_every_landed_change_is_judged_as_the_naive_engine_judges_it(landed: Landed) -> None:
    forms: dict[str, dict[str, list[Administration]]] = {}
    for key, ((client, scale_id, label), score) in enumerate(naive_scores(landed).items()):
        mine = forms.setdefault(scale_id, {}).setdefault(client, [])
        day = 30.0 * VISITS.index(label)
        mine.append(Administration(key, score, day=day, occasion=label))
    expected = {}
    for scale in scales():
        judged = changes(
            forms[scale["scale_id"]],
            is_higher_better=scale["is_higher_better"] == "true",
            rule=default_rule(seed("change_rules"), scale["scale_id"]),
            norms=seed("norms"),
            thresholds=seed("thresholds"),
            minimum_baseline_count=10,
        )
        expected |= {
            (client, scale["scale_id"], each.interval_name): each
            for client, found in judged.items()
            for each in found
        }
    found = {
        (row["client_id"], row["scale_id"], row["interval_name"]): row
        for row in landed.scout.rows("change.int_changes")
    }
    assert set(found) == set(expected)
    for key, each in expected.items():
        row = found[key]
        assert row["reliable_change_class"] == each.reliable_change_class, key
        assert row["outcome_class"] == each.outcome_class, key
        assert row["unknown_reason"] == each.unknown_reason, key
        for column in ("change", "improvement", "reliable_change_index"):
            value = getattr(each, column)
            assert row[column] == (None if value is None else pytest.approx(value, abs=1e-9)), key
    words = {each.outcome_class for each in expected.values()}
    assert words >= {"unknown", "unchanged", "improved"}
