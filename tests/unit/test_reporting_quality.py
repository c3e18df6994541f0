"""The quality report: what it says first, what it never holds, and since when a rule is broken."""

import re
from datetime import datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from expectations.rules import RuleResult, Status
from orchestration import warehouse
from orchestration.checks import quality_facts, results
from orchestration.checks.rulebook import registered
from orchestration.landing.raw_tables import create_raw_tables
from orchestration.reporting.quality import QualityFacts, RuleFacts, SourceFacts, quality_page
from orchestration.run_context import RunReport
from orchestration.settings import Settings

NOON = datetime(2026, 3, 1, 12, 0)


def rule(status: str = "pass", severity: str = "critical", **changes: object) -> RuleFacts:
    facts: dict[str, object] = {
        "gate": "raw",
        "table_name": "raw.loads",
        "rule": "a_claim",
        "severity": severity,
        "sentence": "A claim.",
        "why": "The mean moves.",
        "when_it_fails": "Mend the file.",
        "status": status,
        "evaluated_count": 100,
        "unexpected_count": 0 if status == "pass" else 7,
        "failing_since": None,
        "history": (status,),
    }
    return RuleFacts(**(facts | changes))  # type: ignore[arg-type]


def page(*rules: RuleFacts, to_mend: tuple[str, ...] = (), source: str = "clinic") -> str:
    arrived = SourceFacts(
        source=source,
        files=2,
        files_refused=0,
        rows_read=10,
        rows_loaded=9,
        rows_refused=1,
        rows_repeated=0,
        last_arrival=NOON,
    )
    return quality_page(
        QualityFacts(
            made_at=NOON,
            release=4,
            is_synthetic=False,
            rules=rules,
            sources=[arrived],
            to_mend=to_mend,
        )
    )


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.split("</style>")[1]))


def test_when_every_rule_holds_there_is_nothing_to_look_at() -> None:
    told = text_of(page(rule(), rule("not_applicable")))
    assert "Nothing to look at. All 2 rules hold." in told
    assert "What to look at" not in told


def test_a_broken_critical_rule_is_told_first_and_says_what_it_changes_and_what_to_do() -> None:
    broken = rule("fail", sentence="Keys are unique.")
    told = text_of(page(rule("fail", "warning", sentence="Dates are plausible."), broken))
    assert "The release was held. 1 critical rule does not hold" in told
    assert told.index("Keys are unique.") < told.index("Dates are plausible.")
    for said in ("7 of 100", "The mean moves.", "Mend the file."):
        assert said in told


def test_a_broken_warning_holds_nothing() -> None:
    told = text_of(page(rule(), rule("fail", "warning")))
    assert "1 rule needs a look , none of them critical; 1 rules hold." in told
    assert "held" not in told


def test_a_rule_that_could_not_be_computed_is_not_told_as_bad_data() -> None:
    told = text_of(page(rule("error")))
    assert "could not be computed, which says nothing about the data" in told
    assert "7 of 100" not in told


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
def test_a_label_from_a_file_is_text_and_runs_nothing(hostile: str) -> None:
    class Tags(HTMLParser):
        seen: set[str] = set()  # noqa: RUF012 - one parse

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.seen.add(tag)

    html = page(rule(), source=hostile, to_mend=(hostile,))
    reader = Tags()
    reader.feed(html)
    assert not reader.seen & {"script", "img", "iframe", "object"}


def test_the_page_fetches_nothing() -> None:
    html = page(rule(), rule("fail"))
    assert not re.search(
        r"https?:|//|src=|@import|url\(|<link", html.replace("<!doctype html>", "")
    )


def test_a_home_with_a_source_of_somebody_else_is_not_called_synthetic(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    (settings.landing / "imaginary_clinic").mkdir(parents=True)
    assert not settings.is_synthetic
    (tmp_path / "SYNTHETIC.md").write_text("imaginary", encoding="utf-8")
    assert settings.is_synthetic
    (settings.landing / "clinic_north").mkdir()
    assert not settings.is_synthetic


def recorded(settings: Settings, run_id: str, status: Status) -> None:
    first = registered()[0]
    result = RuleResult(
        schema_name=first["schema_name"],
        table_name=first["table_name"],
        rule=first["rule"],
        severity="critical",
        status=status,
        evaluated_count=10,
        unexpected_count=0 if status == "pass" else 3,
        seconds=0.0,
    )
    results.record(settings, run_id, first["gate"], [result])


def test_a_rule_fails_since_the_first_run_of_the_unbroken_series(tmp_path: Path) -> None:
    now = [NOON]
    settings = Settings(home=tmp_path, clock=lambda: now[0])
    with warehouse.open_to_write(settings) as connection:
        create_raw_tables(connection)
    statuses: list[Status] = ["fail", "pass", "fail", "error", "fail"]
    for day, status in enumerate(statuses):
        now[0] = NOON + timedelta(days=day)
        recorded(settings, f"run-{day}", status)
    facts = quality_facts.read(settings, RunReport(), release=None)
    first, *others = facts.rules
    assert first.failing_since == NOON + timedelta(days=2)
    assert first.history == tuple(statuses)
    assert {other.status for other in others} == {"not_checked"}


def test_every_registered_rule_stands_on_the_page(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, clock=lambda: NOON)
    with warehouse.open_to_write(settings) as connection:
        create_raw_tables(connection)
    recorded(settings, "run", "pass")
    told = text_of(quality_page(quality_facts.read(settings, RunReport(), release=1)))
    told = (
        told.replace("&#39;", "'").replace("&#34;", '"').replace("&gt;", ">").replace("&lt;", "<")
    )
    for rule_row in registered():
        assert rule_row["sentence"] in told
