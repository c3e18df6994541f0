"""The page of rules is the current one and says where every number comes from.

What belongs here: ``expectations/RULES.md`` and what it needs of the registry.
What does not: whether a rule holds (``test_expectations_rules``).
"""

from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest

from expectations.registry import SUITES
from expectations.rules import Rule, Situation, Specification, TableSuite, Thresholds
from orchestration.checks.rulebook import registered
from orchestration.rules_page import rules_page
from orchestration.settings import CHECKOUT, Settings

ALL = [(suite, rule) for suites in SUITES.values() for suite in suites for rule in suite.rules]
SOME = Thresholds(
    disclosure_threshold=11, disclosure_rounding=5, refused_share=0.1, missing_share=0.1,
    volume_share=0.1, volume_arrivals=2, paired_share=0.1, paired_courses=2,
    stated_score_tolerance=0.1, today=date(2026, 1, 1),
)  # fmt: skip
OTHERS = Thresholds(
    disclosure_threshold=5, disclosure_rounding=1, refused_share=0.2, missing_share=0.2,
    volume_share=0.2, volume_arrivals=3, paired_share=0.2, paired_courses=3,
    stated_score_tolerance=0.2, today=date(2026, 2, 1),
)  # fmt: skip


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    return rules_page(registered(), settings.policy.model_dump())


def test_the_committed_page_is_the_current_one(page: str) -> None:
    committed = Path(CHECKOUT / "expectations/RULES.md").read_text(encoding="utf-8")
    assert committed == page, "run: scout check --page > expectations/RULES.md"


def test_every_rule_is_on_the_page_with_what_to_do(page: str) -> None:
    for rule in registered():
        for word in (rule["rule"], rule["sentence"], rule["why"], rule["when_it_fails"]):
            assert word.replace("|", "\\|") in page, rule["rule"]


def test_a_number_of_the_policy_stands_beside_its_name(page: str) -> None:
    assert "`volume_share` (0.5)" in page


def worded(suite: TableSuite, rule: Rule, thresholds: Thresholds) -> Specification:
    columns = dict.fromkeys(("some_count", "some_count_status", *rule.columns), "BIGINT")
    return rule.expectation(
        Situation(schema=suite.schema, table=suite.table, columns=columns, thresholds=thresholds)
    )


@pytest.mark.parametrize("name", [field.name for field in fields(Thresholds)])
def test_whoever_is_judged_by_a_number_says_where_it_comes_from(name: str) -> None:
    """Found by turning one number: what is worded otherwise then is judged by it."""
    turned = replace(SOME, **{name: getattr(OTHERS, name)})
    judged = [
        (suite, rule)
        for suite, rule in ALL
        if worded(suite, rule, SOME) != worded(suite, rule, turned)
    ]
    assert judged, "a number by which nothing is judged"
    assert [f"{suite.table} {rule.rule_id}" for suite, rule in judged if not rule.threshold] == []
