"""What would the correlation of two changes be if both scales measured without error?

What belongs here: the reliability of a change from that of a score, and the correction.
What does not: where a reliability comes from (SQL and ``reliability``); it is named in each row.

The correction takes the reliabilities as known, so its interval is the observed one stretched and
too narrow by what nobody knows about them. It is not given where it is impossible.
"""

import numpy as np

from orchestration.statistics import NUMERICALLY_ZERO, Floats

CORRECTED = "corrected"
NO_RELIABILITY = "no_reliability"
NOT_RELIABLE = "change_is_not_reliable"
BEYOND_ONE = "beyond_one"


def change_reliability(reliability: Floats, baseline_sd: Floats, change_sd: Floats) -> Floats:
    """r_dd of a change: 1 - 2 s1^2 (1 - r) / s_d^2 (Hageman & Arrindell 1999; metrics.md 2.2).

    The same number as (s1^2 r11 + s2^2 r22 - 2 s1 s2 rho) / (s1^2 + s2^2 - 2 s1 s2 rho) with
    r11 and r22 from one standard error of measurement, because the denominator is s_d^2.

    Args:
        reliability: r of one score, above 0 and at most 1; anything else is unknown.
        baseline_sd: s1, of the people whose change it is.
        change_sd: s_d, of their changes, above 0.

    Returns:
        r_dd, at most 1; 0 or less where change is all error; NaN where unknown.
    """
    usable = (reliability > 0) & (reliability <= 1) & (change_sd > NUMERICALLY_ZERO)
    error = 2 * baseline_sd**2 * (1 - reliability)
    made: Floats = np.where(usable, 1 - error / np.where(usable, change_sd, 1.0) ** 2, np.nan)
    return made


def corrected(
    correlation: Floats, low: Floats, high: Floats, process: Floats, outcome: Floats
) -> tuple[Floats, Floats, Floats, list[str]]:
    """Observed r / sqrt(r_dd of the one x r_dd of the other), its limits, and why there is none.

    Args:
        correlation: as observed.
        low: its lower limit; what lies beyond -1 after correction is cut off.
        high: its upper limit, cut off at 1.
        process: reliability of the change, as ``change_reliability`` gives it.
        outcome: that of the other change.

    Returns:
        The corrected correlation and limits, NaN where there is none, and one word per row:
        ``corrected``, ``no_reliability``, ``change_is_not_reliable`` (0 or less) or ``beyond_one``.
    """
    is_known = np.isfinite(process) & np.isfinite(outcome)
    is_reliable = (process > 0) & (outcome > 0)
    scale = np.sqrt(np.where(is_reliable, process * outcome, 1.0))
    made = correlation / scale
    is_possible = np.abs(made) <= 1
    shown = is_known & is_reliable & is_possible
    reasons = np.where(
        ~is_known,
        NO_RELIABILITY,
        np.where(~is_reliable, NOT_RELIABLE, np.where(is_possible, CORRECTED, BEYOND_ONE)),
    )
    return (
        np.where(shown, made, np.nan),
        np.where(shown, np.clip(low / scale, -1.0, 1.0), np.nan),
        np.where(shown, np.clip(high / scale, -1.0, 1.0), np.nan),
        [str(reason) for reason in reasons],
    )
