"""Relations: which moments that SQL made go to which function of the statistics room.

What belongs here: one entry per table of estimates.
What does not: the estimating (``statistics``) or the moments (``dbt_project/models/relations``).
"""

from pandas import DataFrame, concat

from orchestration.assets.estimated_tables import EstimatedTable
from orchestration.assets.link import LINK_ESTIMATES
from orchestration.settings import Policy


def _associations(policy: Policy, moments: DataFrame, own: DataFrame) -> DataFrame:
    from orchestration.statistics import associations

    return associations.estimate(
        moments, own, minimum_pairs=policy.minimum_pairs, confidence=policy.confidence
    )


def _within_person(policy: Policy, moments: DataFrame) -> DataFrame:
    from orchestration.statistics import within_person

    return within_person.estimate(
        moments,
        minimum_clients=policy.minimum_clients_concurrent,
        minimum_clients_lagged=policy.minimum_clients_lagged,
        confidence=policy.confidence,
    )


def _within_models(policy: Policy, sums: DataFrame) -> DataFrame:
    from orchestration.statistics import within_models

    return within_models.estimate(
        sums,
        minimum_clients=policy.minimum_clients_concurrent,
        minimum_clients_lagged=policy.minimum_clients_lagged,
        confidence=policy.confidence,
    )


def _cross_lagged(policy: Policy, sums: DataFrame) -> DataFrame:
    from orchestration.statistics import cross_lagged

    return cross_lagged.estimate(
        sums, minimum_clients=policy.minimum_clients_lagged, confidence=policy.confidence
    )


def _early_change(policy: Policy, sums: DataFrame) -> DataFrame:
    from orchestration.statistics import early_change

    first, last = policy.early_change_first_day, policy.early_change_last_day
    return early_change.estimate(
        sums,
        window=f"days {first} to {last}",
        minimum_clients=policy.minimum_clients_lagged,
        confidence=policy.confidence,
    )


def _mediation(policy: Policy, sums: DataFrame, deliveries: DataFrame) -> DataFrame:
    from orchestration.statistics import mediation

    return mediation.estimate(
        concat([sums, deliveries], ignore_index=True),
        minimum_clients=policy.minimum_pairs,
        replicates=policy.bootstrap_replicates,
        seed=policy.bootstrap_seed,
        confidence=policy.confidence,
    )


def _scale_reliability(
    policy: Policy, forms: DataFrame, answers: DataFrame, memberships: DataFrame
) -> DataFrame:
    from orchestration.statistics import reliability

    return reliability.estimate(
        forms,
        answers,
        memberships,
        minimum_forms=policy.minimum_reliability_forms,
        confidence=policy.confidence,
    )


def _retest(policy: Policy, moments: DataFrame) -> DataFrame:
    from orchestration.statistics import reliability

    return reliability.retest(
        moments, minimum_pairs=policy.minimum_reliability_forms, confidence=policy.confidence
    )


RELATION_ESTIMATES = (
    EstimatedTable(
        "relations",
        "within_person_estimates",
        ("relations.int_within_person_moments",),
        "Within-person slopes with cluster-robust intervals, from the moments.",
        _within_person,
    ),
    EstimatedTable(
        "relations",
        "within_model_estimates",
        ("relations.int_panel_sums",),
        "Within-person slopes with autoregression held constant, by several methods.",
        _within_models,
        of_many_rows=("relations.int_panel_sums",),
    ),
    EstimatedTable(
        "relations",
        "cross_lagged_estimates",
        ("relations.int_wave_sums",),
        "Cross-lagged paths with a random intercept and without.",
        _cross_lagged,
    ),
    EstimatedTable(
        "relations",
        "early_change_estimates",
        ("relations.int_early_change_sums",),
        "The later slope of one scale on the early change of another.",
        _early_change,
        of_many_rows=("relations.int_early_change_sums",),
    ),
    EstimatedTable(
        "relations",
        "mediation_estimates",
        ("relations.int_mediation_sums", "relations.int_delivery_mediation_sums"),
        "Indirect paths with their bootstrap, beside the exchanged model's.",
        _mediation,
        of_many_rows=("relations.int_mediation_sums",),
    ),
    EstimatedTable(
        "relations",
        "scale_reliability_estimates",
        (
            "scoring.int_reliability_forms",
            "scoring.int_reliability_answers",
            "scoring.int_scale_memberships",
        ),
        "Alpha and omega of each scale in the clinic's own answers.",
        _scale_reliability,
    ),
    EstimatedTable(
        "relations",
        "change_association_estimates",
        ("relations.int_change_association_moments", "relations.scale_reliability_estimates"),
        "Change-change associations with intervals, from the moments.",
        _associations,
    ),
    *LINK_ESTIMATES,
    EstimatedTable(
        "relations",
        "retest_estimates",
        ("relations.int_retest_moments",),
        "The correlation of two baselines of the same people.",
        _retest,
    ),
)
