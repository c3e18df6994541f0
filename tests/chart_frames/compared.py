"""Rows of units and published numbers that programs are set beside.

What belongs here: comparisons and benchmarks. What does not: a program's own rows (``programs``).
"""

from tests.chart_frames.words import (
    HELD,
    LARGE,
    OUTCOME,
    SHOWN,
    counted,
    estimated,
)


def comparisons() -> list[dict[str, object]]:
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


def benchmarks() -> list[dict[str, object]]:
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
