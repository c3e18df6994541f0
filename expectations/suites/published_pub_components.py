"""What must be true of ``published.pub_components`` before a dashboard may open the file.

What belongs here: the table's key, and that components are told together.
What does not: what all tables of estimates keep (_estimates.py, _disclosure.py).
"""

from expectations.suites._estimates import claim, published_estimates

SUITE = published_estimates(
    "pub_components",
    (
        "program_id",
        "process_instrument_id",
        "outcome_scale_id",
        "component_scale_id",
        "statistic",
    ),
    claim(
        "a_statistic_is_possible",
        "A correlation lies between -1 and 1 and a share between 0 and 1.",
        "Beyond that it is a mistake and not a finding.",
        "(statistic = 'pearson_r' and estimate not between -1 and 1) "
        "or (statistic = 'relative_weight' and estimate not between 0 and 1)",
        "statistic",
        "estimate",
    ),
    without_limits="statistic = 'pearson_r'",
)
