"""What must be true of ``published.pub_strata`` before a dashboard may open the file.

What belongs here: the table's key, and what a correlation can be.
What does not: what all tables of estimates keep (_estimates.py, _disclosure.py).
"""

from expectations.suites._estimates import claim, published_estimates

SUITE = published_estimates(
    "pub_strata",
    ("process_scale_id", "outcome_scale_id", "stratum_kind", "stratum_id", "row_kind"),
    claim(
        "a_correlation_is_possible",
        "A correlation lies between -1 and 1, I squared between 0 and 1.",
        "Beyond that it is a mistake and not a finding.",
        "estimate not between -1 and 1 or i_squared not between 0 and 1",
        "estimate",
        "i_squared",
    ),
    claim(
        "pooled_groups_are_counted_where_they_are_pooled",
        "Exactly the shown rows that pool groups say how many groups.",
        "A forest without its number of groups cannot be judged.",
        "(strata_count is not null) <> (row_kind <> 'stratum' and estimate is not null)",
        "strata_count",
        "row_kind",
        "estimate",
    ),
    about_nobody_here=("strata_count",),
)
