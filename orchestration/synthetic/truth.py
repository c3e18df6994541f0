"""What is true of the imaginary clinic and can be recovered from its files.

What belongs here: each identified effect with the warehouse row that should show it, and what is
not claimed and why.
What does not: an effect that an estimate on the observed scores cannot recover.
"""

from dataclasses import asdict

from orchestration.synthetic.design import (
    CONDITIONS,
    ESS_LINE,
    FIRST_SESSION_TO_LEAVE_AFTER,
    GAD7_LINE,
    LEAVING,
    PHQ9_LINE,
    PROGRAMS,
    SCS_GROWTH_SPREAD,
    SCS_LEVEL,
    SCS_LEVEL_SPREAD,
    SCS_NOISE,
    Line,
)

STATEMENT = (
    "This data set is synthetic: every client, clinic, clinician, program and answer in it was "
    "drawn from a seeded random generator. Nothing in it describes a person or a treatment."
)
OUTCOMES = {"ess_total": ESS_LINE, "phq9_total": PHQ9_LINE, "gad7_total": GAD7_LINE}
SHAME_ON_SCS = ESS_LINE.direct

_LAGGED_NOTE = (
    "Points on the outcome at a session per point of self-compassion (mean of 26 items) at the "
    "session before, client effects and a linear time trend taken out. Noise is white and "
    "self-compassion never answers to symptoms, so no other path opens between the two."
)
_JOINT_NOTE = (
    "Both in one model with client effects and a linear time trend: outcome at t on "
    "self-compassion at t-1 and shame at t. No row of rel_within_person holds it."
)


def lagged_slope(line: Line) -> float:
    """Total effect of one point of self-compassion, one session later: direct plus by shame."""
    return line.direct + line.by_shame * SHAME_ON_SCS


def effects() -> list[dict[str, object]]:
    """Every identified effect.

    Returns:
        Records with name, table, where (column to value), column, statistic (``value``: the one
        row that ``where`` selects; ``mean``: the mean of all of them), value and note. ``table``
        is null for an effect that is identified but that no table of the contract holds.
    """
    return [*_lagged_effects(), *_joint_effects(), *_growth_effects()]


def _lagged_effects() -> list[dict[str, object]]:
    strata = [("all", {"stratum_kind": "all"})]
    for program in PROGRAMS:
        stratum = {"stratum_kind": "program", "stratum_id": program.program_id}
        strata.append((program.program_id, stratum))
    return [
        {
            "name": f"scs_before_{outcome}_in_{stratum_name}",
            "table": "rel_within_person",
            "where": {
                **stratum,
                "process_scale_id": "scs_total",
                "outcome_scale_id": outcome,
                "direction": "process_to_outcome",
                "is_adjusted_for_time": True,
            },
            "column": "within_slope",
            "statistic": "value",
            "value": round(lagged_slope(line), 6),
            "note": _LAGGED_NOTE,
        }
        for stratum_name, stratum in strata
        for outcome, line in OUTCOMES.items()
    ]


def _joint_effects() -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for outcome, line in OUTCOMES.items():
        if line.by_shame == 0:
            continue
        parts = {
            "direct": line.direct,
            "on_shame_now": line.by_shame,
            "through_shame": line.by_shame * SHAME_ON_SCS,
        }
        for part, value in parts.items():
            found.append(
                {
                    "name": f"scs_before_{outcome}_{part}",
                    "table": None,
                    "where": {
                        "process_scale_id": "scs_total",
                        "mediator_scale_id": "ess_total",
                        "outcome_scale_id": outcome,
                    },
                    "column": None,
                    "statistic": "value",
                    "value": round(value, 6),
                    "note": _JOINT_NOTE,
                }
            )
    return found


def _growth_effects() -> list[dict[str, object]]:
    last = FIRST_SESSION_TO_LEAVE_AFTER
    return [
        {
            "name": f"scs_growth_to_session_{last}_in_{program.program_id}",
            "table": "fct_changes",
            "where": {
                "program_id": program.program_id,
                "scale_id": "scs_total",
                "interval_name": f"baseline_to_{last}",
            },
            "column": "change",
            "statistic": "mean",
            "value": round(program.growth * (last - 1), 6),
            "note": (
                f"{last - 1} sessions of {program.growth} points each. Nobody leaves before "
                f"session {last}, so leaving cannot bias it; later growth is as steep, but those "
                "who stay are not those who left."
            ),
        }
        for program in PROGRAMS
    ]


def not_claimed() -> list[dict[str, str]]:
    """Numbers a reader may look for that are not identified, each with the reason."""
    return [
        {
            "name": "slopes not adjusted for time",
            "reason": "symptoms and self-compassion both have trends; the slope holds both.",
        },
        {
            "name": "concurrent slopes",
            "reason": "symptoms answer to the session before; what is seen at the same session "
            "comes from clients' own growth and from centring on few sessions.",
        },
        {
            "name": "slopes from outcome to process",
            "reason": "planted as zero, but centring on a client's own mean over 4-16 sessions "
            "bends them away from zero, because symptoms answer to earlier self-compassion.",
        },
        {
            "name": "slopes between clients and correlations of changes",
            "reason": "they depend on levels, growth, lengths of stay and who leaves.",
        },
        {
            "name": "growth after session 4, and outcomes of those who finish",
            "reason": "who stays depends on symptoms, and so on self-compassion.",
        },
    ]


def residual_bias() -> dict[str, object]:
    """How far the expectation of the textbook estimate lies from the stated values.

    Measured on totals of 4 million clients (8 seeds), not derived.
    """
    return {
        "measured_minus_stated": {"ess_total": -0.002, "phq9_total": 0.003, "gad7_total": 0.001},
        "standard_error": {"ess_total": 0.002, "phq9_total": 0.001, "gad7_total": 0.001},
        "clients": 4_000_000,
        "why": (
            "Who leaves depends on the symptoms just observed, and a mean over fewer sessions "
            "leans on each of them more; 1 total in 3000 is clipped to its range."
        ),
        "gaps": (
            "An estimate that pairs the forms on either side of an incomplete one, rather than "
            "adjacent sessions only, is diluted by about another 0.3 percent."
        ),
    }


def model() -> dict[str, object]:
    """The coefficients that drew the data, for whoever wants more than the effects."""
    return {
        "self_compassion": {
            "level": SCS_LEVEL,
            "level_spread": SCS_LEVEL_SPREAD,
            "growth_per_session": {p.program_id: p.growth for p in PROGRAMS},
            "growth_spread": SCS_GROWTH_SPREAD,
            "noise": SCS_NOISE,
        },
        "lines": {outcome: asdict(line) for outcome, line in OUTCOMES.items()},
        "conditions": {
            c.condition_id: {
                "ess_total": c.ess_shift,
                "phq9_total": c.phq9_shift,
                "gad7_total": c.gad7_shift,
            }
            for c in CONDITIONS
        },
        "leaving": {
            **asdict(LEAVING),
            "first_session_to_leave_after": FIRST_SESSION_TO_LEAVE_AFTER,
        },
    }
