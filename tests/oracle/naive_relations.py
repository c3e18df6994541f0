"""How change on one scale goes with change on another, by loops over people.

What belongs here: pairs and panels, correlations, least squares by its normal equations, and the
sums that the warehouse hands to ``orchestration.statistics`` (same names, same meaning).
What does not: intervals and floors, which scipy and statsmodels judge.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import fsum, sqrt
from typing import NamedTuple

from tests.oracle.naive_change import Administration, in_order


class Pair(NamedTuple):
    """Both ends of one interval of one episode, on both scales."""

    process_baseline: float
    process_final: float
    outcome_baseline: float
    outcome_final: float


class Slot(NamedTuple):
    """One moment of one episode at which both scales have a score."""

    time: float
    process: float
    outcome: float


class PanelRow(NamedTuple):
    """One row of a within-person regression."""

    client_id: str
    episode_id: str
    time: float
    regressor: float
    response: float


Series = Sequence[float]


def mean(values: Series) -> float:
    """The arithmetic mean."""
    return fsum(values) / len(values)


def standard_deviation(values: Series) -> float | None:
    """With n - 1; None for fewer than two values."""
    if len(values) < 2:
        return None
    centre = mean(values)
    return sqrt(fsum((value - centre) ** 2 for value in values) / (len(values) - 1))


def pearson(left: Series, right: Series) -> float | None:
    """Product-moment correlation; None when one side never varies."""
    if len(left) < 2 or max(left) == min(left) or max(right) == min(right):
        return None
    a, b = [x - mean(left) for x in left], [y - mean(right) for y in right]
    together = fsum(x * y for x, y in zip(a, b, strict=True))
    return together / sqrt(fsum(x * x for x in a) * fsum(y * y for y in b))


def average_ranks(values: Series) -> list[float]:
    """Rank 1 for the smallest; equal values share the mean of their ranks."""
    return [
        sum(other < value for other in values) + (sum(other == value for other in values) + 1) / 2
        for value in values
    ]


def spearman(left: Series, right: Series) -> float | None:
    """Pearson's correlation of average ranks."""
    return pearson(average_ranks(left), average_ranks(right))


def slope(regressor: Series, response: Series) -> float | None:
    """Least-squares slope of ``response`` on ``regressor`` with an intercept."""
    if len(regressor) < 2 or max(regressor) == min(regressor):
        return None
    centre_x, centre_y = mean(regressor), mean(response)
    return fsum(
        (x - centre_x) * (y - centre_y) for x, y in zip(regressor, response, strict=True)
    ) / fsum((x - centre_x) ** 2 for x in regressor)


def solve(matrix: Sequence[Series], right: Series) -> list[float] | None:
    """Gauss-Jordan elimination with pivoting; None for a singular system."""
    size = len(right)
    rows = [[*matrix[i], right[i]] for i in range(size)]
    for column in range(size):
        pivot = max(range(column, size), key=lambda i: abs(rows[i][column]))
        if abs(rows[pivot][column]) < 1e-9 * max(1.0, abs(matrix[pivot][pivot])):
            return None
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [value / rows[column][column] for value in rows[column]]
        for other in range(size):
            if other != column:
                factor = rows[other][column]
                rows[other] = [
                    value - factor * up for value, up in zip(rows[other], rows[column], strict=True)
                ]
    return [row[-1] for row in rows]


def residuals(response: Series, regressors: Sequence[Series]) -> list[float] | None:
    """What a regression with intercept leaves of ``response``; None when it has no solution.

    All series are centred first, which is the intercept, and keeps the equations well-behaved.
    """
    if len(response) < 2:
        return None
    y = [value - mean(response) for value in response]
    xs = [[value - mean(series) for value in series] for series in regressors]
    matrix = [[fsum(a * b for a, b in zip(x, w, strict=True)) for w in xs] for x in xs]
    right = [fsum(a * b for a, b in zip(x, y, strict=True)) for x in xs]
    weights = solve(matrix, right)
    if weights is None:
        return None
    left = [
        value - fsum(weight * x[i] for weight, x in zip(weights, xs, strict=True))
        for i, value in enumerate(y)
    ]
    # What is left of a response that the regressors explain whole is rounding, not a residual.
    explained_whole = fsum(e * e for e in left) <= 1e-9 * fsum(value * value for value in y)
    return None if explained_whole else left


def change_moments(pairs: Sequence[Pair]) -> dict[str, float | None]:
    """The moments one row of a change-change association is estimated from, on raw change."""
    pb, pf, ob, of = ([pair[i] for pair in pairs] for i in range(4))
    process = [last - first for first, last in zip(pb, pf, strict=True)]
    outcome = [last - first for first, last in zip(ob, of, strict=True)]
    return {
        "sample_size": len(pairs),
        "pearson_r": pearson(process, outcome),
        "spearman_rho": spearman(process, outcome),
        "slope": slope(process, outcome),
        "process_change_sd": standard_deviation(process),
        "outcome_change_sd": standard_deviation(outcome),
        "r_pb_pf": pearson(pb, pf),
        "r_pb_ob": pearson(pb, ob),
        "r_pb_of": pearson(pb, of),
        "r_pf_ob": pearson(pf, ob),
        "r_pf_of": pearson(pf, of),
        "r_ob_of": pearson(ob, of),
        "process_baseline_sd": standard_deviation(pb),
        "outcome_baseline_sd": standard_deviation(ob),
    }


def partial_correlation(pairs: Sequence[Pair]) -> float | None:
    """r(process final, outcome final | both baselines), by the residuals of two regressions."""
    pb, pf, ob, of = ([pair[i] for pair in pairs] for i in range(4))
    left, right = residuals(pf, [pb, ob]), residuals(of, [pb, ob])
    return None if left is None or right is None else pearson(left, right)


def residualised_correlation(pairs: Sequence[Pair]) -> float | None:
    """Each final score without its own baseline, correlated."""
    pb, pf, ob, of = ([pair[i] for pair in pairs] for i in range(4))
    left, right = residuals(pf, [pb]), residuals(of, [ob])
    return None if left is None or right is None else pearson(left, right)


def slots(
    process: Sequence[Administration],
    outcome: Sequence[Administration],
    *,
    is_time_in_days: bool,
) -> list[Slot]:
    """The moments of one episode at which both scales have a score, in order.

    A moment is a day if every scored administration of the two scales has one, else an occasion
    order. Of two scores of one scale at one moment the first counts. ``time`` is the day, or the
    position in the panel (0, 1, 2 ...), whichever the whole analysis uses.
    """
    scored = [*in_order(process), *in_order(outcome)]
    by_day = all(each.day is not None for each in scored)

    def by_moment(administrations: Sequence[Administration]) -> dict[float, Administration]:
        found: dict[float, Administration] = {}
        for each in in_order(administrations):
            moment = each.day if by_day else each.occasion_order
            if moment is not None and moment not in found:
                found[moment] = each
        return found

    left, right = by_moment(process), by_moment(outcome)
    panel = []
    for position, moment in enumerate(sorted(left.keys() & right.keys())):
        x, y = left[moment].score, right[moment].score
        day = left[moment].day
        time = day if is_time_in_days else float(position)
        if x is not None and y is not None and time is not None:
            panel.append(Slot(time, x, y))
    return panel


def panel_rows(panels: Mapping[tuple[str, str], Sequence[Slot]], direction: str) -> list[PanelRow]:
    """The regression rows of all episodes; ``panels`` maps (client_id, episode_id) to its slots.

    ``concurrent``: process and outcome of one slot. Lagged: the regressor of one slot and the
    response (and the time) of the next. An episode with fewer than two rows tells nothing about
    change within a person and is left out.
    """
    rows = []
    for (client, episode), panel in panels.items():
        mine = []
        if direction == "concurrent":
            for slot in panel:
                mine.append(PanelRow(client, episode, slot.time, slot.process, slot.outcome))
        else:
            for before, after in pairwise(panel):
                x, y = before.process, after.outcome
                if direction == "outcome_to_process":
                    x, y = before.outcome, after.process
                mine.append(PanelRow(client, episode, after.time, x, y))
        if len(mine) >= 2:
            rows.extend(mine)
    return rows


def within_moments(
    panels: Mapping[tuple[str, str], Sequence[Slot]], direction: str, *, is_adjusted: bool
) -> dict[str, float | None]:
    """The moments one within-person slope is estimated from.

    Centred by episode, robust by client. With ``is_adjusted`` both sides are freed of the common
    straight line in centred time (Frisch & Waugh 1933: the slope is that of a regression with time
    in it). ``between_slope`` is the slope over clients, each at the mean of their episodes' means
    of the rows used; time plays no part in it.
    """
    rows = panel_rows(panels, direction)
    episodes: dict[str, list[PanelRow]] = {}
    for row in rows:
        episodes.setdefault(row.episode_id, []).append(row)

    clients, t, x, y = [], [], [], []
    people: dict[str, list[tuple[float, float]]] = {}
    for mine in episodes.values():
        mean_t, mean_x = mean([row.time for row in mine]), mean([row.regressor for row in mine])
        mean_y = mean([row.response for row in mine])
        people.setdefault(mine[0].client_id, []).append((mean_x, mean_y))
        for row in mine:
            clients.append(row.client_id)
            t.append(row.time - mean_t)
            x.append(row.regressor - mean_x)
            y.append(row.response - mean_y)
    if is_adjusted:
        x, y = _without_time(x, t), _without_time(y, t)

    sum_squares = fsum(value * value for value in x)
    within = meat = None
    if sum_squares > 1e-9:
        within = fsum(a * b for a, b in zip(x, y, strict=True)) / sum_squares
        scores: dict[str, float] = {}
        for client, a, b in zip(clients, x, y, strict=True):
            scores[client] = scores.get(client, 0.0) + a * (b - within * a)
        meat = fsum(value * value for value in scores.values())
    used = {row.client_id for row in rows}
    long = {
        client
        for (client, episode), panel in panels.items()
        if episode in episodes and len(panel) >= 4
    }
    return {
        "client_count": len(used),
        "long_client_count": len(long),
        "occasion_count": len(rows),
        "regressor_sum_squares": sum_squares,
        "within_slope": within,
        "cluster_score_sum_squares": meat,
        "between_slope": slope(
            [mean([x for x, _ in means]) for means in people.values()],
            [mean([y for _, y in means]) for means in people.values()],
        ),
    }


def _without_time(values: list[float], time: list[float]) -> list[float]:
    spread = fsum(value * value for value in time)
    if spread == 0:
        return values
    weight = fsum(a * b for a, b in zip(values, time, strict=True)) / spread
    return [value - weight * moment for value, moment in zip(values, time, strict=True)]
