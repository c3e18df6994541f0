"""Small published tables by hand, with the columns that the release has: what charts are tried on.

What belongs here: frames whose numbers can be checked by eye. What does not: claims.
Two programs: "explicit" is large, "tiny" has three clients and everything of it is held back.
"""

from functools import cache

import pandas

SHOWN, HELD, NOT = "shown", "suppressed", "not_computable"
LARGE, TINY = "explicit", "tiny"
PROCESS, OUTCOME, OTHER, MECHANISM = "scs_total", "phq9_total", "gad7_total", "ess_total"
COMPONENTS = (
    ("scs_common_humanity", "Common humanity", True),
    ("scs_isolation", "Isolation", False),
    ("scs_mindfulness", "Mindfulness", True),
    ("scs_over_identification", "Over-identification", False),
    ("scs_self_judgment", "Self-judgment", False),
    ("scs_self_kindness", "Self-kindness", True),
)


def estimated(
    column: str, value: float | None, low: float | None = None, high: float | None = None
) -> dict[str, object]:
    """A value with its interval and its status, as every published table has them."""
    return {
        column: value,
        f"{column}_interval_low": low,
        f"{column}_interval_high": high,
        f"{column}_status": HELD if value is None else SHOWN,
    }


def counted(column: str, value: int | None) -> dict[str, object]:
    return {column: value, f"{column}_status": HELD if value is None else SHOWN}


def tables(
    *, synthetic: bool = True, name: str = "Self-compassion course"
) -> dict[str, pandas.DataFrame]:
    """Every table that a chart reads, the caller's own to change."""
    return {table: frame.copy() for table, frame in _tables(synthetic, name).items()}


@cache
def _tables(synthetic: bool, name: str) -> dict[str, pandas.DataFrame]:
    made = {
        "pub_release": [
            {
                "release_number": 7,
                "built_at": pandas.Timestamp("2026-03-02 08:30"),
                "last_arrival_at": pandas.Timestamp("2026-03-01 17:00"),
                "reference_day": None,
                "is_synthetic": synthetic,
                "smallest_count": 11,
                "policy_name": "cms11",
            }
        ],
        "pub_programs": [
            {"program_id": LARGE, "program_name": name, "self_compassion_content": "explicit"},
            {"program_id": TINY, "program_name": "Tiny group", "self_compassion_content": "none"},
        ],
        "pub_scales": _scales(),
        "pub_program_measures": _measures(),
        "pub_program_outcomes": _outcomes(),
        "pub_attrition": _attrition(),
        "pub_change_associations": _associations(),
        "pub_change_bins": _change_bins(),
        "pub_change_lines": _change_lines(),
        "pub_score_bins": _score_bins(),
        "pub_course": _course(),
        "pub_sudden_gains": _sudden_gains(),
        "pub_change_order": _change_order(),
        "pub_lead_lag": _lead_lag(),
        "pub_strata": _strata(),
        "pub_components": _components(),
        "pub_mediation": _mediation(),
        "pub_delivery": _delivery(),
        "pub_dose_response": _dose_response(),
        "pub_comparisons": _comparisons(),
        "pub_benchmarks": _benchmarks(),
        "pub_completeness": _completeness(),
        "pub_metric_dictionary": [
            {"metric_id": "reliable_improvement", "name": "Reliable improvement"},
            {"metric_id": "effect_size_reference_sd", "name": "Effect size"},
        ],
    }
    return {table: pandas.DataFrame(rows) for table, rows in made.items()}


def held_back() -> dict[str, pandas.DataFrame]:
    """The same tables with every value held back, as a policy may do."""
    found = tables()
    for frame in found.values():
        for column in [name for name in frame.columns if f"{name}_status" in frame.columns]:
            frame[f"{column}_status"] = HELD
            for hidden in (column, f"{column}_interval_low", f"{column}_interval_high"):
                if hidden in frame.columns:
                    frame[hidden] = float("nan")
    return found


def empty() -> dict[str, pandas.DataFrame]:
    """The same tables without a row, as a release without clients has them."""
    return {table: frame.iloc[0:0] for table, frame in tables().items()}


def _scales() -> list[dict[str, object]]:
    def one(
        scale_id: str, name: str, role: str, construct: str, low: float, high: float, **more: object
    ) -> dict[str, object]:
        return {
            "scale_id": scale_id,
            "scale_name": name,
            "instrument_id": scale_id.split("_")[0],
            "instrument_name": name,
            "construct": construct,
            "role": role,
            "is_higher_better": False,
            "score_minimum": low,
            "score_maximum": high,
            "scale_kind": "total",
            "is_primary": True,
            "cutoff": None,
            "cutoff_operator": None,
            "reliable_change_points": None,
        } | more

    better = {"is_higher_better": True}
    return [
        one(
            PROCESS,
            "Self-compassion, total (mean of 26 items)",
            "process",
            "self_compassion",
            1,
            5,
            **better,
        ),
        one(
            OUTCOME,
            "Depression (PHQ-9), total",
            "outcome",
            "depression",
            0,
            27,
            cutoff=10.0,
            cutoff_operator=">=",
            reliable_change_points=6.0,
        ),
        one(OTHER, "Generalised anxiety, total", "outcome", "anxiety", 0, 21, cutoff=8.0),
        one(MECHANISM, "Experience of shame, total", "mechanism", "shame", 25, 100),
        *(
            one(
                scale_id,
                name,
                "process",
                "self_compassion",
                1,
                5,
                is_higher_better=up,
                scale_kind="subscale",
                is_primary=False,
            )
            for scale_id, name, up in COMPONENTS
        ),
    ]


def _measure(
    program: str,
    scale: str,
    means: tuple[float, float] | None,
    improvement: tuple[float, float, float] | None,
    classes: tuple[int | None, int | None, int | None],
    size: int | None = 106,
) -> dict[str, object]:
    improved = classes[0]
    return {
        "program_id": program,
        "scale_id": scale,
        "interval_name": "first_to_last",
        **counted("episode_count", None if size is None else size + 14),
        **counted("paired_count", size),
        "baseline_mean": means[0] if means else None,
        "baseline_mean_status": SHOWN if means else HELD,
        "final_mean": means[1] if means else None,
        "final_mean_status": SHOWN if means else HELD,
        **estimated("improvement_mean", *(improvement or (None,))),
        **counted("judged_count", size),
        **counted("improved_count", improved),
        **counted("unchanged_count", classes[1]),
        **counted("deteriorated_count", classes[2]),
        **estimated(
            "improved_proportion",
            None if improved is None or size is None else round(improved / size, 3),
            None if improved is None else 0.431,
            None if improved is None else 0.62,
        ),
    }


def _measures() -> list[dict[str, object]]:
    rows = [
        _measure(LARGE, PROCESS, (2.43, 2.69), (0.26, 0.19, 0.33), (56, None, None)),
        _measure(LARGE, OUTCOME, (15.5, 11.4), (4.2, 3.3, 5.0), (62, 32, 12)),
        _measure(LARGE, OTHER, (12.2, 9.6), (2.6, 1.9, 3.3), (60, 46, 0)),
        _measure(LARGE, MECHANISM, (63.8, 59.3), (4.5, 2.4, 6.6), (None, 69, None)),
        *(
            _measure(
                LARGE,
                scale_id,
                (2.46, 2.74) if up else (3.6, 3.33),
                (0.28 if up else 0.27, 0.17, 0.38),
                (None, 76, None),
            )
            for scale_id, _, up in COMPONENTS
        ),
    ]
    held = [
        _measure(TINY, scale, None, None, (None, None, None), None)
        for scale in (PROCESS, OUTCOME, *(scale for scale, _, _ in COMPONENTS))
    ]
    return [*rows, *held]


def _outcomes() -> list[dict[str, object]]:
    base = {"population": "finished_courses", "threshold_set": "nhs_talking_therapies"}
    return [
        base
        | {
            "program_id": program,
            "metric_id": "reliable_improvement",
            **counted("numerator_count", count),
            **counted("sample_size", size),
            **estimated("estimate", *rate),
            "method": "wilson",
        }
        for program, count, size, rate in (
            ("all", 62, 109, (0.569, 0.475, 0.658)),
            (LARGE, 62, 106, (0.585, 0.49, 0.674)),
            (TINY, None, None, (None,)),
        )
    ]


def _attrition() -> list[dict[str, object]]:
    steps = {
        "referred": 140,
        "seen": 131,
        "stayed": 112,
        "counted": 106,
        "paired": 106,
        "at_caseness": None,
        "reliably_improved": 62,
        "reliably_recovered": 27,
    }
    rows = []
    for program in (LARGE, TINY):
        before: int | None = 140
        for number, (step, count) in enumerate(steps.items(), start=1):
            now = count if program == LARGE else None
            lost = None if now is None or before is None else before - now
            share = None if now is None else round(now / 140, 3)
            rows.append(
                {
                    "program_id": program,
                    "step_number": number,
                    "step": step,
                    **counted("referred_count", 140 if program == LARGE else None),
                    **counted("episode_count", now),
                    **counted("lost_count", lost),
                    **estimated(
                        "referred_proportion",
                        share,
                        None if share is None else max(0.0, share - 0.08),
                        None if share is None else min(1.0, share + 0.07),
                    ),
                }
            )
            before = now
    return rows


def _pair(program: str = LARGE, outcome: str = OUTCOME) -> dict[str, object]:
    return {
        "program_id": program,
        "process_scale_id": PROCESS,
        "outcome_scale_id": outcome,
    }


def _associations() -> list[dict[str, object]]:
    last = {"interval_name": "first_to_last", "method": "pearson_fisher_z"}
    return [
        _pair()
        | counted("sample_size", 106)
        | estimated("pearson_r", -0.41, -0.56, -0.24)
        | {"evidence_label": "concurrent"}
        | last,
        _pair(outcome=OTHER)
        | counted("sample_size", 104)
        | estimated("pearson_r", -0.1, -0.29, 0.09)
        | {"evidence_label": "concurrent"}
        | last,
        _pair(TINY) | counted("sample_size", None) | estimated("pearson_r", None) | last,
    ]


def _change_bins() -> list[dict[str, object]]:
    columns = {
        (-4.0, -0.2): [(-27, 0, None), (0, 27, 12)],
        (-0.2, 0.1): [(-27, -6, 11), (-6, -2, 14), (-2, 27, 13)],
        (0.1, 0.5): [(-27, -8, 14), (-8, -3, 17), (-3, 27, 12)],
        (0.5, 4.0): [(-27, -7, 19), (-7, 27, 11)],
    }
    found = []
    for (low, high), cells in columns.items():
        for bottom, top, count in cells:
            found.append(
                _pair()
                | {
                    "cell_number": len(found) + 1,
                    "process_bin_low": low,
                    "process_bin_high": high,
                    "outcome_bin_low": bottom,
                    "outcome_bin_high": top,
                }
                | counted("sample_size", 106)
                | counted("pair_count", count)
            )
    return found


def _change_lines() -> list[dict[str, object]]:
    return [
        _pair()
        | {"process_change": x}
        | counted("sample_size", 106)
        | estimated("fitted_outcome_change", y, y - width, y + width)
        for x, y, width in (
            (-0.4, -1.4, 1.7),
            (0.0, -2.8, 1.1),
            (0.3, -3.9, 0.8),
            (0.6, -5.0, 1.1),
            (0.9, -6.1, 1.6),
        )
    ]


def _score_bins() -> list[dict[str, object]]:
    edges = [0, 5, 10, 13, 16, 20, 27]
    counts = {"first": [None, 14, 21, 28, 26, 15], "last": [19, 26, 22, 17, 11, 11]}
    return [
        {
            "program_id": LARGE,
            "scale_id": OUTCOME,
            "score_moment": moment,
            "bin_number": number + 1,
            "bin_low": edges[number],
            "bin_high": edges[number + 1],
            **counted("paired_count", 106),
            **counted("episode_count", count),
        }
        for moment, found in counts.items()
        for number, count in enumerate(found)
    ]


def _course() -> list[dict[str, object]]:
    means = ((0, 0, 15.5, 106), (1, 2, 14.8, 98), (3, 4, 13.6, 95), (5, 8, 12.4, None))
    last = ((9, 12, 11.6, 71), (13, 26, None, None), (27, None, 10.9, 24))
    return [
        {
            "program_id": LARGE,
            "scale_id": OUTCOME,
            "week_from": start,
            "week_to": end,
            **counted("course_count", 106),
            **counted("client_count", size),
            **estimated(
                "score_mean",
                mean,
                None if mean is None else round(mean - 0.9, 1),
                None if mean is None else round(mean + 0.9, 1),
            ),
        }
        for start, end, mean, size in (*means, *last)
    ]


def _sudden_gains() -> list[dict[str, object]]:
    return [
        {
            "program_id": LARGE,
            "scale_id": scale,
            **counted("course_count", 106),
            **counted("gain_count", count),
            **estimated("gain_proportion", share, low, high),
            **counted("loss_count", None),
        }
        for scale, count, share, low, high in (
            (OUTCOME, 24, 0.226, 0.157, 0.315),
            (PROCESS, None, None, None, None),
        )
    ]


def _change_order() -> list[dict[str, object]]:
    return [
        _pair(outcome=outcome)
        | {"order_basis": "observed"}
        | counted("sample_size", 54)
        | counted("process_first_count", first)
        | counted("together_count", together)
        | counted("outcome_first_count", last)
        | estimated("estimate", 0.37, 0.25, 0.5)
        for outcome, first, together, last in ((OUTCOME, 20, 18, 16), (OTHER, 23, None, None))
    ]


def _lead_lag() -> list[dict[str, object]]:
    return [
        _pair()
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


def _strata() -> list[dict[str, object]]:
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


def _components() -> list[dict[str, object]]:
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


def _mediation() -> list[dict[str, object]]:
    paths = {
        "a": (-2.16,),
        "b": (0.206,),
        "direct": (-0.421,),
        "indirect": (-0.445, -0.805, -0.147),
        "swapped_indirect": (-0.639, -1.226, -0.108),
    }
    return [
        _pair()
        | {"mediator_scale_id": MECHANISM, "window_name": "first_to_last", "path": path}
        | counted("sample_size", 106)
        | estimated("estimate", *found)
        for path, found in paths.items()
    ]


def _delivery() -> list[dict[str, object]]:
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


def _dose_response() -> list[dict[str, object]]:
    return [
        {
            "program_id": LARGE,
            "threshold_set": "nhs_talking_therapies",
            "metric_id": "reliable_improvement_of_known",
            "session_band_low": low,
            "session_band_high": high,
            **counted("numerator_count", count),
            **counted("sample_size", size),
            **estimated("estimate", *found),
        }
        for low, high, count, size, found in (
            (1, 4, None, None, (None,)),
            (5, 8, 21, 40, (0.525, 0.375, 0.67)),
            (9, 12, 30, 46, (0.652, 0.508, 0.773)),
            (13, None, 11, 20, (0.55, 0.342, 0.742)),
        )
    ]


def _comparisons() -> list[dict[str, object]]:
    return [
        {
            "unit_kind": "clinic",
            "unit_id": unit,
            "metric_id": "reliable_improvement",
            "threshold_set": "nhs_talking_therapies",
            "population": "finished_courses",
            **counted("numerator_count", count),
            **counted("sample_size", size),
            **estimated("estimate", *found),
            "target": 0.58 if size else None,
            "target_status": SHOWN if size else HELD,
            "limit_95_low": 0.58 - reach if size else None,
            "limit_95_high": 0.58 + reach if size else None,
            "limit_998_low": 0.58 - 1.6 * reach if size else None,
            "limit_998_high": 0.58 + 1.6 * reach if size else None,
            "position": position,
        }
        for unit, count, size, found, reach, position in (
            ("clinic-a", 24, 60, (0.4, 0.286, 0.526), 0.12, "below_95"),
            ("clinic-b", 30, 46, (0.652, 0.508, 0.773), 0.14, "within"),
            ("clinic-c", None, None, (None,), 0.2, None),
        )
    ] + [
        {
            "unit_kind": kind,
            "unit_id": unit,
            "metric_id": metric,
            "threshold_set": "nhs_talking_therapies",
            "population": "finished_courses",
            **counted("numerator_count", count),
            **counted("sample_size", size),
            **estimated("estimate", *found),
            "target": None,
            "target_status": "not_computable",
            **dict.fromkeys(f"limit_{w}_{side}" for w in ("95", "998") for side in ("low", "high")),
            "position": None,
        }
        for kind, unit, metric, count, size, found in (
            ("condition", "worry", "reliable_deterioration", None, 60, (None,)),
            ("condition", "worry", "reliable_improvement", 24, 60, (0.4, 0.286, 0.526)),
            ("condition", "low_mood", "reliable_improvement", 30, 46, (0.652, 0.508, 0.773)),
            ("period", "2025", "reliable_improvement", None, None, (None,)),
        )
    ]


def _benchmarks() -> list[dict[str, object]]:
    base = {
        "published_effect_id": "x",
        "program_id": LARGE,
        "population": "finished_courses",
        "threshold_set": "nhs_talking_therapies",
    }
    return [
        base
        | {
            "scale_id": scale,
            "metric_id": metric,
            **counted("sample_size", 106),
            **estimated("estimate", *found),
            **estimated("published_estimate", published),
            "published_sample_size": size,
            "is_comparable": reason is None,
            "not_comparable_reason": reason,
            "study": study,
        }
        for scale, metric, found, published, size, study, reason in (
            (
                None,
                "reliable_improvement",
                (0.585, 0.49, 0.674),
                0.675,
                670419,
                "NHS Talking Therapies 2024-25",
                None,
            ),
            (
                OUTCOME,
                "effect_size_reference_sd",
                (0.69, 0.5, 0.88),
                0.8,
                None,
                "NHS Talking Therapies 2024-25",
                "the published group is another",
            ),
        )
    ]


def _completeness() -> list[dict[str, object]]:
    return [
        {
            "program_id": LARGE,
            "instrument_id": instrument,
            "scale_id": scale,
            **counted("episode_count", 120),
            **counted("measured_count", measured),
            **counted("paired_count", paired),
            **estimated("measured_proportion", *share),
            **estimated("paired_proportion", *both),
        }
        for instrument, scale, measured, paired, share, both in (
            ("phq9", OUTCOME, 118, 106, (0.983, 0.941, 0.995), (0.898, 0.83, 0.941)),
            ("ess", MECHANISM, None, None, (None,), (None,)),
        )
    ]
