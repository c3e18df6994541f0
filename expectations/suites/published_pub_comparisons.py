"""What must be true of ``published.pub_comparisons`` before a dashboard may open the file.

What belongs here: the table's key, and that limits stand only beside what they are the limits of.
What does not: what all tables of estimates keep (_estimates.py, _disclosure.py).
"""

from expectations.suites._estimates import claim, published_estimates

LIMITS = ("limit_95_low", "limit_95_high", "limit_998_low", "limit_998_high")
TOLD = " or ".join(f"{name} is not null" for name in ("target", *LIMITS, "position"))
MISSING = " or ".join(f"{name} is null" for name in ("target", *LIMITS, "position"))

SUITE = published_estimates(
    "pub_comparisons",
    ("unit_kind", "unit_id", "population", "threshold_set", "metric_id"),
    claim(
        "limits_stand_beside_their_rate",
        "Target, limits and position are told together, and only where the unit's rate is.",
        "The limits follow from the number of people: they would give it away.",
        f"(target_status = 'shown' and (estimate is null or {MISSING})) "
        f"or (target_status is distinct from 'shown' and ({TOLD}))",
        "target_status",
        "estimate",
        "target",
        *LIMITS,
        "position",
    ),
    claim(
        "limits_enclose_their_target",
        "The wider limits enclose the narrower, and those the target.",
        "A unit would be marked that chance alone puts there.",
        "not (limit_998_low <= limit_95_low and limit_95_low <= target + 0.006 "
        "and target - 0.006 <= limit_95_high and limit_95_high <= limit_998_high)",
        "target",
        *LIMITS,
    ),
    claim(
        "a_unit_is_no_person",
        "A unit is a program, a clinic, a condition or a period.",
        "A clinician is a person.",
        "unit_kind not in ('program', 'clinic', 'condition', 'period')",
        "unit_kind",
    ),
    claim(
        "only_programs_and_clinics_have_limits",
        "A condition or a period has no target and no limits.",
        "Conditions differ in what they are: a common rate would make outliers of the hard ones.",
        "unit_kind in ('condition', 'period') and target_status <> 'not_computable'",
        "unit_kind",
        "target_status",
    ),
    shares={"estimate": ("numerator_count", "sample_size")},
    about_nobody_here=("target", *LIMITS),
)
