"""Imaginary clinics for what is estimated from moments: associations, classes, parts and pools.

What belongs here: drawing clinics whose true effects are known, as the moments that SQL would make
of them, and calling the estimator. What does not: judging (``calibration_judged``), or what is
estimated from rows of people (``calibration_people``).
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy import stats

from orchestration.statistics import associations, components, concordance, pooling
from orchestration.statistics.relative_weights import relative_weights
from tests.benchmarks.calibration_judged import FLOORS, Floats, judged, tested

LINK = {"process_scale_id": "care", "outcome_scale_id": "mood", "interval_name": "first_to_last"}

# Order: process and outcome at baseline, process and outcome at the end; true scores.
BASELINE_R, RELIABILITY = -0.4, 0.8


def _true_covariance(link: float) -> Floats:
    """Of (pb, ob, pf, of): change is independent of where one began; SD of true change 1."""
    start = np.array([[1.0, BASELINE_R], [BASELINE_R, 1.0]])
    change = np.array([[1.0, link], [link, 1.0]])
    return np.block([[start, start], [start, start + change]])


def _moments(scores: Floats) -> dict[str, Floats]:
    """Moments of each clinic; ``scores`` is clinics x clients x 4."""
    centred = scores - scores.mean(axis=1, keepdims=True)
    covariance = np.einsum("cni,cnj->cij", centred, centred) / (scores.shape[1] - 1)
    spread = np.sqrt(np.einsum("cii->ci", covariance))
    r = covariance / spread[:, :, None] / spread[:, None, :]
    change = scores[:, :, 2:] - scores[:, :, :2]
    moved = change - change.mean(axis=1, keepdims=True)
    squares = np.einsum("cni,cnj->cij", moved, moved) / (scores.shape[1] - 1)
    sd = np.sqrt(np.einsum("cii->ci", squares))
    ranks = stats.rankdata(change, axis=1)
    ranks = ranks - ranks.mean(axis=1, keepdims=True)
    rank_squares = np.einsum("cni,cnj->cij", ranks, ranks)
    return {
        "pearson_r": squares[:, 0, 1] / sd.prod(axis=1),
        "spearman_rho": rank_squares[:, 0, 1]
        / np.sqrt(rank_squares[:, 0, 0] * rank_squares[:, 1, 1]),
        "slope": squares[:, 0, 1] / squares[:, 0, 0],
        "process_change_sd": sd[:, 0],
        "outcome_change_sd": sd[:, 1],
        "process_baseline_sd": spread[:, 0],
        "outcome_baseline_sd": spread[:, 1],
        **{
            name: r[:, i, j]
            for name, (i, j) in {
                "r_pb_ob": (0, 1),
                "r_pb_pf": (0, 2),
                "r_pb_of": (0, 3),
                "r_pf_ob": (2, 1),
                "r_pf_of": (2, 3),
                "r_ob_of": (1, 3),
            }.items()
        },
    }


def _associations(random: np.random.Generator, clinics: int, clients: int) -> Iterator[dict]:
    noise = np.sqrt(1 / RELIABILITY - 1)
    for link, planted in ((0.5, "true r of change .5"), (0.0, "nothing")):
        truth = _true_covariance(link)
        scores = random.multivariate_normal(np.zeros(4), truth, (clinics, clients))
        scores = scores + random.normal(0, noise, scores.shape)
        seen = truth + noise**2 * np.eye(4)
        step = np.array([[-1, 0, 1, 0], [0, -1, 0, 1.0]])
        change = step @ seen @ step.T
        r = change[0, 1] / np.sqrt(change[0, 0] * change[1, 1])
        frame = pd.DataFrame(_moments(scores)).assign(
            **dict.fromkeys(associations.KEYS, "x"),
            **dict.fromkeys(associations.DIRECTIONS, True),
            **dict.fromkeys(associations.SOURCES, "known"),
            sample_size=clients,
            process_reliability=RELIABILITY,
            outcome_reliability=RELIABILITY,
            process_difference_error=1.0,
            outcome_difference_error=1.0,
        )
        found = associations.estimate(frame, minimum_pairs=20)

        def left(given: Floats, covariance: Floats = seen) -> Floats:
            """Covariance of the finals, given linear combinations of the baselines each."""
            take = np.hstack([given, np.eye(2)])
            made: Floats = take @ covariance @ take.T
            return made

        both = np.linalg.solve(seen[:2, :2], seen[:2, 2:]).T
        own = np.diag([seen[0, 2] / seen[0, 0], seen[1, 3] / seen[1, 1]])
        partial, residual = left(-both), left(-own)
        truths = {
            "pearson_r": (r, ""),
            "spearman_rho": (6 / np.pi * np.arcsin(r / 2), "spearman_"),
            "partial_r": (partial[0, 1] / np.sqrt(partial[0, 0] * partial[1, 1]), "partial_"),
            "residualised_r": (
                residual[0, 1] / np.sqrt(residual[0, 0] * residual[1, 1]),
                "residualised_",
            ),
            "slope": (change[0, 1] / change[0, 0], "slope_"),
            "true_r": (link, "true_r_"),
        }
        for name, (target, prefix) in truths.items():
            columns = (name, f"{prefix}interval_low", f"{prefix}interval_high")
            # With nothing planted a partial correlation of noisy scores is not quite 0.
            near = 0.0 if abs(target) < 1e-12 else target
            yield judged(f"associations: {name}", planted, found, near, columns)


# ---------------------------------------------------------------- concordance


def _concordance(random: np.random.Generator, clinics: int, clients: int) -> Iterator[dict]:
    for improved, others in ((0.6, 0.3), (0.4, 0.4)):
        process = random.random((clinics, clients)) < 0.5
        chance = np.where(process, improved, others)
        outcome = random.random((clinics, clients)) < chance
        cells = dict.fromkeys(concordance.CELLS, 0)
        frame = pd.DataFrame([dict.fromkeys(concordance.KEYS, "x") | cells] * clinics).assign(
            improved_improved_count=(process & outcome).sum(axis=1),
            improved_unchanged_count=(process & ~outcome).sum(axis=1),
            unchanged_improved_count=(~process & outcome).sum(axis=1),
            unchanged_unchanged_count=(~process & ~outcome).sum(axis=1),
        )
        found = concordance.estimate(frame, minimum_pairs=20)
        planted = "nothing" if improved == others else f"difference {improved - others:.1f}"
        yield judged("concordance: difference", planted, found, round(improved - others, 10))


# ---------------------------------------------------------------- components


def _components(random: np.random.Generator, clinics: int, clients: int) -> Iterator[dict]:
    names = [f"part_{place}" for place in range(6)]
    between = np.full((6, 6), 0.5) + 0.5 * np.eye(6)
    for slopes in (np.array([0.3, 0.15, 0, 0, 0.1, 0]), np.zeros(6)):
        x = random.multivariate_normal(np.zeros(6), between, (clinics, clients))
        y = x @ slopes + random.normal(0, 1, (clinics, clients))
        both = np.concatenate([y[:, :, None], x], axis=2)
        both = both - both.mean(axis=1, keepdims=True)
        covariance = np.einsum("cni,cnj->cij", both, both) / (clients - 1)
        i, j = np.triu_indices(7)
        variables = np.array(["outcome", *names])
        products = pd.DataFrame(
            {
                **dict.fromkeys(components.KEYS, "x"),
                "stratum_id": np.repeat(np.arange(clinics).astype(str), len(i)),
                "left_variable": np.tile(variables[i], clinics),
                "right_variable": np.tile(variables[j], clinics),
                "covariance": covariance[:, i, j].ravel(),
                "sample_size": clients,
            }
        )
        found = components.estimate(products, **FLOORS)
        variance = slopes @ between @ slopes + 1
        r = np.block(
            [
                [np.ones((1, 1)), (between @ slopes)[None] / np.sqrt(variance)],
                [np.zeros((6, 1)), between],
            ]
        )
        r[1:, 0] = r[0, 1:]
        weights = relative_weights(r)
        for place in (0, 1, 2) if slopes.any() else (0,):
            part = found[found["predictor_id"] == names[place]]
            target = slopes[place] / np.sqrt(variance)
            planted = f"slope {target:.2f}" if target else "nothing"
            yield judged("components: standardised slope", planted, part, target)
            if slopes.any():
                yield judged(
                    "components: relative weight",
                    f"weight {weights[place]:.3f}",
                    part,
                    weights[place],
                    tuple(
                        f"relative_weight{end}" for end in ("", "_interval_low", "_interval_high")
                    ),
                )


# ---------------------------------------------------------------- pooling


def _pooling(random: np.random.Generator, clinics: int, clients: int) -> Iterator[dict]:
    groups, centre = 8, 0.3
    for tau in (0.2, 0.0):
        true = np.arctanh(centre) + random.normal(0, tau, (clinics, groups + 1))
        sizes = np.tile(np.linspace(clients // 2, 2 * clients, groups).astype(int), (clinics, 1))
        # Correlations of samples, drawn as samples: Fisher's z only comes near their law.
        r = np.empty((clinics, groups))
        for group in range(groups):
            n = sizes[0, group]
            x = random.normal(0, 1, (clinics, n))
            rho = np.tanh(true[:, group])[:, None]
            y = rho * x + np.sqrt(1 - rho**2) * random.normal(0, 1, (clinics, n))
            x, y = (v - v.mean(axis=1, keepdims=True) for v in (x, y))
            r[:, group] = (x * y).sum(axis=1) / np.sqrt((x**2).sum(axis=1) * (y**2).sum(axis=1))
        frame = pd.DataFrame(
            {
                "stratum_kind": "program",
                "stratum_id": np.tile(np.arange(groups).astype(str), clinics),
                **LINK,
                "process_scale_id": np.repeat(np.arange(clinics).astype(str), groups),
                "sample_size": sizes.ravel(),
                "pearson_r": r.ravel(),
                "status": "estimated",
            }
        )
        found = pooling.estimate(frame, pooled_over=("program",), interval_names=("first_to_last",))
        order = found["process_scale_id"].astype(int).to_numpy()
        planted = f"mean r {centre}, SD of z {tau}"
        yield judged("pooled: mean r", planted, found, centre)
        ends = ("estimate", "prediction_low", "prediction_high")
        if tau:
            another = np.tanh(true[order, groups])
            yield judged("pooled: another group's true r", planted, found, another, ends)
            ends = ("tau_squared", "tau_squared_interval_low", "tau_squared_interval_high")
            yield judged("pooled: tau squared", planted, found, tau**2, ends)
        else:
            yield tested("pooled: Q", "all groups the same", found["heterogeneity_p_value"])


STUDIES = (_associations, _concordance, _components, _pooling)
