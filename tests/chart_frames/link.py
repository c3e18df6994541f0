"""Rows of how change in self-compassion goes with change in symptoms.

What belongs here: pairs, and estimates of them. What does not: their pictures (``pictures``).
"""

from tests.chart_frames.words import (
    COMPONENTS,
    LARGE,
    MECHANISM,
    OTHER,
    OUTCOME,
    PROCESS,
    TINY,
    counted,
    estimated,
    pair,
)


def associations() -> list[dict[str, object]]:
    last = {"interval_name": "first_to_last", "method": "pearson_fisher_z"}
    return [
        pair()
        | counted("sample_size", 106)
        | estimated("pearson_r", -0.41, -0.56, -0.24)
        | {"evidence_label": "concurrent"}
        | last,
        pair(outcome=OTHER)
        | counted("sample_size", 104)
        | estimated("pearson_r", -0.1, -0.29, 0.09)
        | {"evidence_label": "concurrent"}
        | last,
        pair(TINY) | counted("sample_size", None) | estimated("pearson_r", None) | last,
    ]


def lead_lag() -> list[dict[str, object]]:
    return [
        pair()
        | {"model": model, "direction": direction, "wave_count": waves}
        | counted("sample_size", 106)
        | estimated("estimate", *found)
        for model, waves, direction, found in (
            ("random_intercept", 5, "process_to_outcome", (-0.912, -1.541, -0.283)),
            ("random_intercept", 5, "outcome_to_process", (-0.004, -0.019, 0.011)),
            ("multilevel", None, "process_to_outcome", (-0.7, -1.2, -0.2)),
            ("multilevel", None, "outcome_to_process", (-0.002, -0.01, 0.006)),
        )
    ]


def strata() -> list[dict[str, object]]:
    pair = {"process_scale_id": PROCESS, "outcome_scale_id": OUTCOME, "stratum_kind": "condition"}
    rows = [
        ("depression", "stratum", 61, (-0.44, -0.62, -0.21), None),
        ("generalised_anxiety", "stratum", 33, (-0.3, -0.59, 0.05), None),
        ("eating_disorder", "stratum", None, (None,), None),
        ("all", "pooled", 94, (-0.39, -0.55, -0.2), 0.12),
        ("all", "prediction", 94, (-0.39, -0.71, 0.04), None),
    ]
    return [
        pair
        | {"stratum_id": stratum, "row_kind": kind, "i_squared": spread, "strata_count": 2}
        | counted("sample_size", size)
        | estimated("estimate", *found)
        for stratum, kind, size, found, spread in rows
    ]


def components() -> list[dict[str, object]]:
    return [
        {
            "program_id": LARGE,
            "outcome_scale_id": OUTCOME,
            "component_scale_id": scale,
            "statistic": statistic,
            **counted("sample_size", 106),
            **estimated("estimate", *found),
        }
        for place, (scale, _, _) in enumerate(COMPONENTS)
        for statistic, found in (
            ("standardised_slope", (round(-0.25 + 0.07 * place, 2), -0.4, 0.1)),
            ("relative_weight", (0.03, 0.01, 0.08)),
        )
    ]


def mediation() -> list[dict[str, object]]:
    paths = {
        "a": (-2.16,),
        "b": (0.206,),
        "direct": (-0.421,),
        "indirect": (-0.445, -0.805, -0.147),
        "swapped_indirect": (-0.639, -1.226, -0.108),
    }
    return [
        pair()
        | {"mediator_scale_id": MECHANISM, "window_name": "first_to_last", "path": path}
        | counted("sample_size", 106)
        | estimated("estimate", *found)
        for path, found in paths.items()
    ]


def delivery() -> list[dict[str, object]]:
    return [
        {
            "program_id": LARGE,
            "predictor": predictor,
            "scale_id": OUTCOME,
            "statistic": statistic,
            **counted("sample_size", size),
            **estimated("estimate", *found),
        }
        for predictor, statistic, size, found in (
            ("presence", "standardised_slope", 88, (-0.06, -0.27, 0.15)),
            ("interventions", "standardised_slope", 88, (0.02, -0.19, 0.23)),
            ("alliance", "standardised_slope", 88, (-0.24, -0.45, -0.03)),
            ("minutes_per_week", "pearson_r", 64, (-0.28, -0.49, -0.04)),
            ("days_per_week", "pearson_r", None, (None,)),
        )
    ]
