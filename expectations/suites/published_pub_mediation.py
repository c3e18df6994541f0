"""What must be true of ``published.pub_mediation`` before a dashboard may open the file.

What belongs here: the table's key, and that the exchanged model stands beside each.
What does not: what all tables of estimates keep (_estimates.py, _disclosure.py).
"""

from expectations.suites._estimates import published_estimates, together

BLOCK = ("program_id", "process_scale_id", "mediator_scale_id", "outcome_scale_id", "window_name")

SUITE = published_estimates(
    "pub_mediation",
    (*BLOCK, "path"),
    together(
        "the_exchanged_model_stands_beside_it",
        "All five paths are there, of the same people, and shown or held back alike.",
        "An indirect path without the exchanged one is read as the order of things.",
        BLOCK,
        5,
    ),
    without_limits="path in ('a', 'b', 'direct')",
)
