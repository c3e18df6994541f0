"""What must be true of ``published.pub_lead_lag`` before a dashboard may open the file.

What belongs here: the table's key, and that the two directions are never told apart.
What does not: what all tables of estimates keep (_estimates.py, _disclosure.py).
"""

from expectations.suites._estimates import claim, published_estimates, together

PAIR = ("program_id", "process_scale_id", "outcome_scale_id")

SUITE = published_estimates(
    "pub_lead_lag",
    (*PAIR, "model", "direction"),
    together(
        "both_directions_are_told_or_neither",
        "Both directions of a model are there, of the same people, and shown or held back alike.",
        "One direction alone looks like an answer to which comes first.",
        (*PAIR, "model"),
        2,
    ),
    claim(
        "waves_are_told_with_their_estimate",
        "A number of waves stands only beside an estimate, and is two or more.",
        "It describes a model; of a model that is not told it is noise.",
        "wave_count is not null and (estimate is null or wave_count < 2)",
        "wave_count",
        "estimate",
    ),
    about_nobody_here=("wave_count",),
)
