"""The link of change with change: which sums and rows go to which function of the statistics room.

What belongs here: one entry per table of estimates, in the order in which they need each other.
What does not: the estimating (``statistics``) or the sums (``dbt_project/models/relations``).
"""

from pandas import DataFrame

from orchestration.assets.estimated_tables import EstimatedTable
from orchestration.settings import Policy

# Kinds of group over which the link is pooled, and those whose slopes are compared.
POOLED_OVER = ("condition", "program", "self_compassion_content", "clinic")
COMPARED = ("condition", "program", "self_compassion_content", "arm", "population")


def _concordance(policy: Policy, counts: DataFrame) -> DataFrame:
    from orchestration.statistics import concordance

    return concordance.estimate(
        counts, minimum_pairs=policy.minimum_pairs, confidence=policy.confidence
    )


def _components(policy: Policy, products: DataFrame) -> DataFrame:
    from orchestration.statistics import components

    return components.estimate(
        products,
        minimum_pairs=policy.minimum_pairs,
        minimum_cases_per_predictor=policy.minimum_cases_per_predictor,
        confidence=policy.confidence,
    )


def _pooled(policy: Policy, associations: DataFrame) -> DataFrame:
    from orchestration.statistics import pooling

    return pooling.estimate(
        associations,
        pooled_over=POOLED_OVER,
        interval_names=("first_to_last",),
        confidence=policy.confidence,
    )


def _moderation(
    policy: Policy, rows: DataFrame, covariates: DataFrame, groups: DataFrame
) -> DataFrame:
    from orchestration.statistics import moderation

    return moderation.estimate(
        rows,
        covariates,
        groups,
        group_kinds=COMPARED,
        minimum_pairs=policy.minimum_pairs,
        minimum_cases_per_predictor=policy.minimum_cases_per_predictor,
        confidence=policy.confidence,
    )


def _sensitivity(policy: Policy, rows: DataFrame, associations: DataFrame) -> DataFrame:
    from orchestration.statistics import sensitivity

    return sensitivity.estimate(
        rows, associations, minimum_pairs=policy.minimum_pairs, confidence=policy.confidence
    )


def _delivery(policy: Policy, rows: DataFrame, covariates: DataFrame) -> DataFrame:
    from orchestration.statistics import delivery

    return delivery.estimate(
        rows,
        covariates,
        minimum_pairs=policy.minimum_pairs,
        minimum_cases_per_predictor=policy.minimum_cases_per_predictor,
        confidence=policy.confidence,
    )


def _practice(policy: Policy, rows: DataFrame, covariates: DataFrame) -> DataFrame:
    from orchestration.statistics import practice

    return practice.estimate(
        rows, covariates, minimum_pairs=policy.minimum_pairs, confidence=policy.confidence
    )


_ASSOCIATIONS = "relations.change_association_estimates"
_ROWS, _COVARIATES = "relations.int_link_rows", "relations.int_link_covariates"
_MANY_ROWS = (_ROWS, _COVARIATES)

LINK_ESTIMATES = (
    EstimatedTable(
        "relations",
        "concordance_estimates",
        ("relations.int_concordance_counts",),
        "How much commoner improvement is where the process improved, from the counts.",
        _concordance,
    ),
    EstimatedTable(
        "relations",
        "component_estimates",
        ("relations.int_component_products",),
        "Which part of the process goes with relief, from the covariances.",
        _components,
    ),
    EstimatedTable(
        "relations",
        "pooled_estimates",
        (_ASSOCIATIONS,),
        "Whether the link is the same in every group, from the groups' correlations.",
        _pooled,
    ),
    EstimatedTable(
        "relations",
        "moderation_estimates",
        (_ROWS, _COVARIATES, _ASSOCIATIONS),
        "For whom the link is stronger.",
        _moderation,
        of_many_rows=_MANY_ROWS,
    ),
    EstimatedTable(
        "relations",
        "sensitivity_estimates",
        (_ROWS, _ASSOCIATIONS),
        "The link by other analyses.",
        _sensitivity,
        of_many_rows=_MANY_ROWS,
    ),
    EstimatedTable(
        "relations",
        "delivery_estimates",
        (_ROWS, _COVARIATES),
        "Process change beside how the therapy was delivered.",
        _delivery,
        of_many_rows=_MANY_ROWS,
    ),
    EstimatedTable(
        "relations",
        "practice_estimates",
        (_ROWS, _COVARIATES),
        "Practice at home beside change of each part of the process.",
        _practice,
        of_many_rows=_MANY_ROWS,
    ),
)
