"""The page of rules: what data must be like before Scout publishes anything from them.

What belongs here: how the registry of rules reads in Markdown (``expectations/RULES.md``).
What does not: the rules (``expectations``), or what came of them (``reporting.quality``).

Made by ``scout check --page``; a test says that the committed page is the current one.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

Row = Mapping[str, str]

_HEAD = """\
# Rules

What must be true of the data at every gate before the next stage is built. This page is made from
the rules themselves by `scout check --page`: change `expectations/suites`, not the page.

A **critical** rule that fails holds the release: nothing is published, the last good release stays.
A *warning* is published and told: in the run's summary, in `reports/quality.html`, in
`marts.dq_results` and `published.pub_rule_results`. A rule that could not be computed is an error,
which says nothing of the data and holds the release like a failure where the rule is critical.
Numbers that rules are judged by stand under `vars` in `dbt_project/dbt_project.yml`, once; every
release's `manifest.json` has them as they were (`thresholds`). Each rule has a counter-example in
`tests/unit/test_expectations_rules.py`: data made to break it, and how often it must then fail.
"""
_GATES = {
    "raw": "Records as the files had them, before anything is typed.",
    "staging": "Typed records: clients, episodes, sessions, forms, answers.",
    "scoring": "Scores of forms.",
    "change": "Changes of scores within an episode.",
    "marts": "The tables of `evaluation.duckdb`, in the candidate that nobody reads yet.",
    "published": "The tables of `dashboard.duckdb`, likewise.",
    "disclosure": "The last judges: an attacker on the candidate, and how alike clients look.",
}


def rules_page(rules: Sequence[Row], policy: Mapping[str, object]) -> str:
    """The whole page.

    Args:
        rules: every rule in the order of the gates (``checks.rulebook.registered``).
        policy: the policy numbers by name; a threshold that names one in backticks gets its value.

    Returns:
        Markdown with one final newline.
    """
    gates = [(gate, list(rows)) for gate, rows in groupby(rules, lambda rule: rule["gate"])]
    critical = sum(rule["severity"] == "critical" for rule in rules)
    lines = [_HEAD, f"{len(rules)} rules, {critical} of them critical.", ""]
    lines += [f"* [{gate}](#gate-{gate}): {len(rows)}. {_GATES[gate]}" for gate, rows in gates]
    for gate, rows in gates:
        lines += ["", f'<a id="gate-{gate}"></a>', "", f"## {gate}", "", _GATES[gate]]
        for table, own in groupby(rows, lambda rule: f"{rule['schema_name']}.{rule['table_name']}"):
            lines += ["", f"### {table}", "", *_table(own, policy)]
    return "\n".join(lines).rstrip() + "\n"


def _table(rules: Iterable[Row], policy: Mapping[str, object]) -> list[str]:
    head = ("rule", "severity", "what must be true", "why", "judged by", "when it fails")
    rows = (
        (
            f"`{rule['rule']}`",
            "**critical**" if rule["severity"] == "critical" else "*warning*",
            rule["sentence"],
            rule["why"],
            _with_values(rule["threshold"], policy) or "true or false",
            rule["when_it_fails"],
        )
        for rule in rules
    )
    cells = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    return [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *cells)]


def _with_values(threshold: str, policy: Mapping[str, object]) -> str:
    """A threshold's words with the value behind each name of the policy."""

    def told(name: re.Match[str]) -> str:
        return f"`{name.group(1)}` ({policy[name.group(1)]})"

    return re.sub(r"`([a-z_]+)`", told, threshold)
