"""The script an analyst would write in pandas: the four totals and their changes, as CSV.

What belongs here: plain pandas, whole files in memory, no more columns than are needed.
What does not: subscales, provenance, checks.

Run: ``python pandas_script.py LANDING_FOLDER OUT_FOLDER``.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

FORM = ["client_id", "episode_id", "occurred_on", "occasion"]
# Instrument: items, lowest and highest answer.
FORMS = {"scs": (26, 1, 5), "ess": (25, 1, 4), "gad7": (7, 0, 3), "phq9": (9, 0, 3)}
# The fewest answers that are scored where some may be missing: the others take their mean.
FEWEST = {"phq9": 7}
SCS_REVERSED = [1, 2, 4, 6, 8, 11, 13, 16, 18, 20, 21, 24, 25]
RELIABILITY = {"scs_total": 0.93, "ess_total": 0.92, "gad7_total": 0.89, "phq9_total": 0.89}
CASENESS = {"gad7_total": 8, "phq9_total": 10}


def score(landing: Path, instrument: str) -> pd.DataFrame:
    """The total of each form; no score where more answers are missing than the form forgives."""
    item_count, low, high = FORMS[instrument]
    answers = pd.read_csv(
        landing / f"responses_{instrument}.csv", usecols=[*FORM, "item", "response"]
    )
    answers["response"] = answers["response"].where(answers["response"].between(low, high))
    if instrument == "scs":
        is_reversed = answers["item"].isin(SCS_REVERSED)
        answers.loc[is_reversed, "response"] = 6 - answers["response"]
    forms = answers.groupby(FORM, sort=False)["response"].agg(["sum", "count"]).reset_index()
    fills = forms["count"] >= FEWEST.get(instrument, item_count)
    forms["score"] = (forms["sum"] * item_count / forms["count"]).where(fills)
    if instrument == "scs":
        forms["score"] /= item_count
    return forms[[*FORM, "score"]].assign(scale_id=f"{instrument}_total")


def measure_change(scores: pd.DataFrame) -> pd.DataFrame:
    """First-to-last and baseline-to-each-occasion change with Jacobson and Truax's index."""
    group = ["client_id", "scale_id"]
    valid = scores.dropna(subset="score").sort_values("occurred_on", kind="stable")
    ends = valid.groupby(group)["score"].agg(["first", "last", "count"])
    ends["last"] = ends["last"].where(ends["count"] > 1)
    everyone = scores[group].drop_duplicates()
    first_to_last = everyone.merge(ends.reset_index(), on=group, how="left").rename(
        columns={"first": "baseline_score", "last": "final_score"}
    )
    first_to_last["interval_name"] = "first_to_last"
    later = valid[valid.duplicated(group)].merge(ends["first"].reset_index(), on=group)
    later = later.rename(columns={"first": "baseline_score", "score": "final_score"})
    later["interval_name"] = "baseline_to_" + later["occasion"].astype(str)
    kept = [*group, "interval_name", "baseline_score", "final_score"]
    changes = pd.concat([first_to_last[kept], later[kept]], ignore_index=True)

    scale = changes["scale_id"]
    spread = ends["first"].groupby("scale_id").std()
    s_diff = scale.map({s: spread[s] * np.sqrt(2 * (1 - r)) for s, r in RELIABILITY.items()})
    changes["change"] = changes["final_score"] - changes["baseline_score"]
    changes["improvement"] = changes["change"].where(scale == "scs_total", -changes["change"])
    changes["reliable_change_index"] = changes["change"] / s_diff
    index = changes["improvement"] / s_diff
    changes["reliable_change_class"] = np.select(
        [index.isna(), index > 1.96, index < -1.96],
        ["unknown", "improved", "deteriorated"],
        "unchanged",
    )
    caseness = scale.map(CASENESS)
    was_case = changes["baseline_score"] >= caseness
    is_case = changes["final_score"] >= caseness
    changes["outcome_class"] = np.select(
        [
            caseness.isna() | index.isna(),
            (index > 1.96) & was_case & ~is_case,
            (index < -1.96) & ~was_case & is_case,
        ],
        ["unknown", "recovered", "harmed"],
        changes["reliable_change_class"],
    )
    return changes


def main(landing: Path, out: Path) -> None:
    """Write ``scores.csv`` and ``changes.csv`` into a new folder."""
    out.mkdir()
    scores = pd.concat([score(landing, i) for i in FORMS], ignore_index=True)
    scores.to_csv(out / "scores.csv", index=False)
    measure_change(scores).to_csv(out / "changes.csv", index=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
