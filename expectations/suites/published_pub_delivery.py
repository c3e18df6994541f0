"""What must be true of ``published.pub_delivery`` before a dashboard may open the file.

What belongs here: the table's key, and what its statistics can be.
What does not: what all tables of estimates keep (_estimates.py, _disclosure.py).
"""

from expectations.suites._estimates import claim, published_estimates

SUITE = published_estimates(
    "pub_delivery",
    ("program_id", "process_scale_id", "scale_id", "predictor"),
    claim(
        "a_correlation_is_possible",
        "A correlation lies between -1 and 1.",
        "Beyond that it is a mistake and not a finding.",
        "statistic = 'pearson_r' and estimate not between -1 and 1",
        "statistic",
        "estimate",
    ),
)
