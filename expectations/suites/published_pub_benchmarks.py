"""What must be true of ``published.pub_benchmarks`` before a dashboard may open the file.

What belongs here: the table's key, and that a reason stands where two numbers may not be compared.
What does not: what all tables of estimates keep (_estimates.py, _disclosure.py).
"""

from expectations.suites._estimates import claim, published_estimates

SUITE = published_estimates(
    "pub_benchmarks",
    ("published_effect_id", "program_id", "population", "threshold_set", "scale_id"),
    claim(
        "what_may_not_be_compared_says_why",
        "A row has a reason exactly where its two numbers may not be compared.",
        "Numbers side by side are compared unless something says they may not be.",
        "is_comparable is null or is_comparable = (not_comparable_reason is not null)",
        "is_comparable",
        "not_comparable_reason",
    ),
    claim(
        "a_published_number_has_its_source",
        "A published number is there and says where it is from; its people are stated or not.",
        "A number without a source cannot be checked.",
        "published_estimate is null or citation is null "
        "or (published_sample_size is not null) <> (published_sample_size_status = 'shown') "
        "or published_sample_size_status not in ('shown', 'not_stated')",
        "published_estimate",
        "citation",
        "published_sample_size",
        "published_sample_size_status",
    ),
    about_nobody_here=(
        "published_estimate",
        "published_estimate_interval_low",
        "published_estimate_interval_high",
        "published_sample_size",
    ),
)
