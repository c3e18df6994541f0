"""Outcomes: which sums that SQL made go to which function of the statistics room.

What belongs here: one entry per table of estimates.
What does not: the estimating (``statistics``) or the sums (``dbt_project/models/change``).
"""

from pandas import DataFrame

from orchestration.assets.estimated_tables import EstimatedTable
from orchestration.settings import Policy


def _multilevel(policy: Policy, moments: DataFrame) -> DataFrame:
    from orchestration.statistics import multilevel

    return multilevel.estimate(moments, minimum_clients=policy.minimum_clients_concurrent)


def _rates(policy: Policy, counts: DataFrame) -> DataFrame:
    from orchestration.statistics import program_outcomes

    return program_outcomes.estimate(counts, confidence=policy.confidence)


def _funnel(policy: Policy, rates: DataFrame, cells: DataFrame) -> DataFrame:
    import pandas

    from orchestration.statistics import case_mix, funnel

    units = funnel.units(rates)
    awaited = case_mix.expected(
        cells, metrics=funnel.METRICS, minimum_courses=policy.minimum_case_mix_courses
    )
    both = [funnel.raw(units), funnel.case_mix(units, awaited)]
    return funnel.limits(pandas.concat(both, ignore_index=True))


def _effects(policy: Policy, moments: DataFrame) -> DataFrame:
    from orchestration.statistics import effect_sizes

    return effect_sizes.estimate(
        moments, minimum_pairs=policy.minimum_pairs, confidence=policy.confidence
    )


def _trajectories(policy: Policy, moments: DataFrame) -> DataFrame:
    from orchestration.statistics import trajectories

    return trajectories.estimate(
        moments, minimum_courses=policy.minimum_tracking_courses, band=policy.tracking_band
    )


def _change_order(policy: Policy, counts: DataFrame) -> DataFrame:
    from orchestration.statistics import change_order

    return change_order.estimate(
        counts, minimum_pairs=policy.minimum_pairs, confidence=policy.confidence
    )


def _severity_adjusted(policy: Policy, moments: DataFrame) -> DataFrame:
    from orchestration.statistics import severity_adjustment

    return severity_adjustment.estimate(
        moments, minimum_pairs=policy.minimum_pairs, confidence=policy.confidence
    )


def _dose_response(policy: Policy, counts: DataFrame) -> DataFrame:
    from orchestration.statistics import dose_response

    return dose_response.estimate(
        counts, minimum_courses=policy.minimum_dose_courses, confidence=policy.confidence
    )


OUTCOME_ESTIMATES = (
    EstimatedTable(
        "change",
        "multilevel_estimates",
        ("change.int_course_moments",),
        "Each episode's slope on each primary scale, beside the mean slope.",
        _multilevel,
    ),
    EstimatedTable(
        "change",
        "program_rate_estimates",
        ("change.int_program_counts",),
        "Rates of outcomes with intervals and bounds, from the counts.",
        _rates,
    ),
    EstimatedTable(
        "change",
        "funnel_estimates",
        ("change.program_rate_estimates", "change.int_case_mix"),
        "Control limits around the common rate of clinics and the like, raw and by case mix.",
        _funnel,
    ),
    EstimatedTable(
        "change",
        "program_effect_estimates",
        ("change.int_program_moments",),
        "Effect sizes of groups with intervals, from the moments.",
        _effects,
    ),
    EstimatedTable(
        "change",
        "trajectory_estimates",
        ("change.int_trajectory_moments",),
        "What score to expect after so long, given the score at the start.",
        _trajectories,
    ),
    EstimatedTable(
        "relations",
        "change_order_estimates",
        ("relations.int_change_order_counts",),
        "How often the process improved before the outcome, with intervals and a sign test.",
        _change_order,
    ),
    EstimatedTable(
        "change",
        "severity_estimates",
        ("change.int_program_moments",),
        "Both severity-adjusted effect sizes of groups with intervals, from the moments.",
        _severity_adjusted,
    ),
    EstimatedTable(
        "change",
        "dose_response_estimates",
        ("change.int_dose_counts",),
        "Rates by number of sessions and shares improved by session, from the counts.",
        _dose_response,
    ),
)
