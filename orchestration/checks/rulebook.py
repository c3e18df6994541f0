"""Every rule that a run is judged by: those of the suites and those of the last two judges.

What belongs here: the one list that ``dq_rules`` and the quality report are made from.
What does not: judging (``expectations``, ``disclosure_audit``).
"""

from expectations.registry import catalogue
from expectations.suites._disclosure import SMALLEST

_AUDITED = (
    {
        "gate": "disclosure",
        "schema_name": "published",
        "table_name": "dashboard",
        "rule": "no_small_count_can_be_worked_out",
        "severity": "critical",
        "sentence": "No hidden count can be worked out or narrowed down from what is shown.",
        "why": "A small count that can be worked out tells of a person, as if it were shown.",
        "when_it_fails": "Report it with the table and rule named: the release was held.",
        "threshold": SMALLEST,
        "columns": "",
        "tables": "",
    },
    {
        "gate": "disclosure",
        "schema_name": "marts",
        "table_name": "dim_clients",
        "rule": "every_client_looks_like_enough_others",
        "severity": "critical",
        "sentence": "Every client shares what is stated of them with as many others as the clinic "
        "asks for (SCOUT_MINIMUM_K).",
        "why": "Somebody who knows a person's bands would find that person's scores.",
        "when_it_fails": "State wider bands, or fewer attributes, in the clients' file.",
        "threshold": "`minimum_k`, or SCOUT_MINIMUM_K; 0 judges nobody.",
        "columns": "",
        "tables": "marts.dim_client_attributes",
    },
)


def registered() -> list[dict[str, str]]:
    """One row per rule, in the order in which a run judges; keys as in ``catalogue``."""
    return [*catalogue(), *_AUDITED]
