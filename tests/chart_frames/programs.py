"""Rows of what programs came to.

What belongs here: scales, measures, rates, funnels and courses by length.
What does not: the link (``link``), pictures (``pictures``), or what they are set beside
(``compared``).
"""

from tests.chart_frames.words import (
    COMPONENTS,
    HELD,
    LARGE,
    MECHANISM,
    OTHER,
    OUTCOME,
    PROCESS,
    SHOWN,
    TINY,
    counted,
    estimated,
)


def scales() -> list[dict[str, object]]:
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


def measure(
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


def measures() -> list[dict[str, object]]:
    rows = [
        measure(LARGE, PROCESS, (2.43, 2.69), (0.26, 0.19, 0.33), (56, None, None)),
        measure(LARGE, OUTCOME, (15.5, 11.4), (4.2, 3.3, 5.0), (62, 32, 12)),
        measure(LARGE, OTHER, (12.2, 9.6), (2.6, 1.9, 3.3), (60, 46, 0)),
        measure(LARGE, MECHANISM, (63.8, 59.3), (4.5, 2.4, 6.6), (None, 69, None)),
        *(
            measure(
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
        measure(TINY, scale, None, None, (None, None, None), None)
        for scale in (PROCESS, OUTCOME, *(scale for scale, _, _ in COMPONENTS))
    ]
    return [*rows, *held]


def outcomes() -> list[dict[str, object]]:
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


def attrition() -> list[dict[str, object]]:
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


def dose_response() -> list[dict[str, object]]:
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


def completeness() -> list[dict[str, object]]:
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
