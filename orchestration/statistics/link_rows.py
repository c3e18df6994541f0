"""The one narrow frame of rows that some questions about the link need, cut into its groups.

What belongs here: its columns and how it is cut into links (all programs, and each).
What does not: any estimate. What moments can answer never comes here.

One row is one person (one episode of each client, SQL's choice) and pair of scales, whether or not
the person was measured twice: who is missing is part of the question.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pandas as pd
from numpy.typing import NDArray

from orchestration.statistics import Flags, Floats, floats, require_columns

LINK_KEYS = (
    "stratum_kind",
    "stratum_id",
    "process_scale_id",
    "outcome_scale_id",
    "interval_name",
)
SCORES = ("process_baseline", "process_change", "outcome_baseline", "outcome_change")
ROW_COLUMNS = (
    *("episode_number", "program_id", "is_counted_overall", "process_scale_id", "outcome_scale_id"),
    *("is_negative_control", "is_completer"),
    *SCORES,
)
COVARIATE_COLUMNS = ("episode_number", "covariate_kind", "covariate_id", "covariate_value")
INTERVAL = "first_to_last"


class Link(NamedTuple):
    """People of one group on one pair of scales; unknown is NaN. All of shape (people,).

    ``is_completer`` is 1, 0 or NaN where the program states no endings.
    """

    episode: NDArray[Any]
    is_completer: Floats
    process_baseline: Floats
    process_change: Floats
    outcome_baseline: Floats
    outcome_change: Floats
    is_negative_control: bool

    def only(self, kept: Flags) -> "Link":
        """Some of the people."""
        return Link(
            self.episode[kept],
            self.is_completer[kept],
            self.process_baseline[kept],
            self.process_change[kept],
            self.outcome_baseline[kept],
            self.outcome_change[kept],
            self.is_negative_control,
        )


def links(rows: pd.DataFrame) -> Iterator[tuple[dict[str, str], Link]]:
    """Every pair of scales in all programs together and in each of several.

    Args:
        rows: ``ROW_COLUMNS``; ``episode_number`` means nothing, the flags are booleans or NULL.

    Yields:
        ``LINK_KEYS`` by name, and the people.

    Raises:
        ValueError: a column is missing.
    """
    require_columns(rows, ROW_COLUMNS)
    for (process, outcome), pair in rows.groupby(
        ["process_scale_id", "outcome_scale_id"], sort=True
    ):
        completers = pair.assign(
            is_completer=pair["is_completer"].astype("boolean").astype("Float64")
        )
        people = Link(
            pair["episode_number"].to_numpy(),
            floats(completers, "is_completer"),
            floats(pair, "process_baseline"),
            floats(pair, "process_change"),
            floats(pair, "outcome_baseline"),
            floats(pair, "outcome_change"),
            bool(pair["is_negative_control"].iloc[0]),
        )
        shared = {
            "process_scale_id": str(process),
            "outcome_scale_id": str(outcome),
            "interval_name": INTERVAL,
        }
        yield (
            {"stratum_kind": "all", "stratum_id": "all", **shared},
            people.only(pair["is_counted_overall"].to_numpy(bool)),
        )
        codes, programs = pd.factorize(pair["program_id"], sort=True)
        for code, program in enumerate(programs):
            keys = {"stratum_kind": "program", "stratum_id": str(program), **shared}
            yield keys, people.only(codes == code)


def by_covariate(covariates: pd.DataFrame, kind: str) -> dict[str, pd.Series]:
    """What is known of episodes beside their scores on a link.

    Args:
        covariates: ``COVARIATE_COLUMNS``; one value per episode and thing known of it.
        kind: which kind of thing.

    Returns:
        By ``covariate_id``, in its order: the values, indexed by ``episode_number``.

    Raises:
        ValueError: a column is missing.
    """
    require_columns(covariates, COVARIATE_COLUMNS)
    wanted = covariates[covariates["covariate_kind"] == kind]
    return {
        str(name): pd.Series(
            floats(found, "covariate_value"), index=found["episode_number"].to_numpy()
        )
        for name, found in wanted.groupby("covariate_id", sort=True)
    }
