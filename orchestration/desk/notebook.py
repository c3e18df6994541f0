"""The worked questions in Python, on the current release of ``$SCOUT_HOME``.

What belongs here: a cell per question, in pandas. What does not: a number of its own making.
Open it with ``marimo edit --skip-update-check orchestration/desk/notebook.py``; without that option
marimo asks its maker once a day whether there is a newer one.
"""

import marimo

app = marimo.App(width="medium", app_title="Scout: worked questions")


@app.cell
def _():
    import marimo as mo
    import pandas as pd

    from orchestration import warehouse
    from orchestration.desk.published_tables import find_release
    from orchestration.desk.worked_questions import questions
    from orchestration.publishing.catalogue import EVALUATION_FILE
    from orchestration.settings import Settings

    return EVALUATION_FILE, Settings, find_release, mo, pd, questions, warehouse


@app.cell
def _(EVALUATION_FILE, Settings, find_release, mo, questions, warehouse):
    settings = Settings.from_environment()
    release = find_release(settings, None)
    asked = {one.number: one for one in questions()}
    answers = {}

    def table(name):
        """A mart as a data frame."""
        with warehouse.open_to_read(settings, release.folder / EVALUATION_FILE) as connection:
            return connection.table(f"marts.{name}").df()

    def shown(number, answer):
        """The question, the answer, and how to read it; the answer is kept for comparison."""
        answers[number] = answer.reset_index(drop=True)
        one = asked[number]
        return mo.vstack([mo.md(f"## {number}. {one.question}"), answer, mo.md(one.how_to_read)])

    synthetic = "**Every client of this release is imaginary.**" if settings.is_synthetic else ""
    mo.md(f"# Worked questions on release {release.sequence}\n\n{synthetic}")
    return answers, shown, table


@app.cell
def _(table):
    interval = ["estimate", "interval_low", "interval_high"]
    outcomes = table("fct_program_outcomes").query("population == 'finished_courses'")
    whole = outcomes.query("period_kind == 'all'")
    scales = table("dim_scales")
    return interval, outcomes, scales, whole


@app.cell
def _(interval, shown, whole):
    _rows = whole[
        (whole.scale_id == "scs_total")
        & (whole.metric_id == "effect_size_baseline_sd")
        & whole.stratum_kind.isin(["all", "condition", "gender", "age_band"])
    ].sort_values(["program_id", "stratum_kind", "stratum_id"])
    shown(
        1,
        _rows[
            ["program_id", "stratum_kind", "stratum_id", *interval]
            + ["sample_size", "missing_count", "status"]
        ],
    )
    return


@app.cell
def _(interval, scales, shown, whole):
    _outcome = scales[scales.role == "outcome"].scale_id
    _rows = whole[
        (whole.stratum_kind == "all")
        & (
            (whole.metric_id == "reliable_deterioration")
            | ((whole.metric_id == "effect_size_baseline_sd") & whole.scale_id.isin(_outcome))
        )
    ]
    _rows = _rows.assign(measured_by=_rows.scale_id.fillna(_rows.threshold_set)).sort_values(
        ["metric_id", "measured_by", "program_id"]
    )
    shown(
        2,
        _rows[
            ["program_id", "measured_by", "metric_id", *interval]
            + ["sample_size", "missing_count", "status"]
        ],
    )
    return


@app.cell
def _(shown, table):
    _rows = table("rel_change_associations").query(
        "stratum_kind in ['all', 'program'] and interval_name == 'first_to_last' "
        "and process_scale_id == 'scs_total'"
    )
    _rows = _rows.sort_values(["outcome_scale_id", "stratum_kind", "stratum_id"]).rename(
        columns={"stratum_id": "program_id", "pearson_r": "estimate"}
    )
    shown(
        3,
        _rows[
            ["program_id", "outcome_scale_id", "estimate", "interval_low", "interval_high"]
            + ["improvement_r", "sample_size", "status", "evidence_label"]
        ],
    )
    return


@app.cell
def _(interval, shown, table):
    _rows = table("rel_cross_lagged").query(
        "stratum_kind == 'all' and model == 'random_intercept' and process_scale_id == 'scs_total'"
    )
    _rows = _rows.sort_values(["outcome_scale_id", "direction"], ascending=[True, False]).rename(
        columns={"client_count": "sample_size"}
    )
    shown(
        4,
        _rows[
            ["outcome_scale_id", "direction", *interval]
            + ["sample_size", "wave_count", "status", "evidence_label"]
        ],
    )
    return


@app.cell
def _(interval, shown, table):
    _rows = table("rel_components").query(
        "stratum_kind == 'all' and predictor_set == 'components' "
        "and interval_name == 'first_to_last'"
    )
    _rows = _rows.sort_values(["outcome_scale_id", "relative_weight"], ascending=[True, False])
    shown(
        5,
        _rows[
            ["outcome_scale_id", "predictor_id", *interval]
            + ["relative_weight", "sample_size", "status", "evidence_label"]
        ],
    )
    return


@app.cell
def _(shown, table):
    _rows = table("rel_mediation").query(
        "stratum_kind == 'all' and cause_id == 'scs_total' and window_name == 'middle_then_last'"
    )
    _rows = _rows.sort_values(["mediator_scale_id", "outcome_scale_id"]).rename(
        columns={"indirect": "estimate"}
    )
    shown(
        6,
        _rows[
            ["mediator_scale_id", "outcome_scale_id", "window_name", "estimate", "interval_low"]
            + ["interval_high", "swapped_indirect", "swapped_interval_low"]
            + ["swapped_interval_high", "sample_size", "status", "evidence_label"]
        ],
    )
    return


@app.cell
def _(interval, shown, table):
    _rows = table("fct_dose_response").query(
        "metric_id == 'improved_by_session' and ending_kind == 'all' "
        "and session_count in [4, 8, 12]"
    )
    _rows = _rows.sort_values(["scale_id", "program_id", "session_count"])
    shown(
        7,
        _rows[
            ["program_id", "scale_id", "session_count", *interval]
            + ["sample_size", "censored_count", "status", "evidence_label"]
        ],
    )
    return


@app.cell
def _(pd, shown, table):
    _episodes = table("dim_episodes")
    _conditions = _episodes.merge(table("dim_episode_conditions"), on="episode_id")
    _grouped = pd.concat(
        [
            _episodes.assign(stratum_kind="program", stratum_id=_episodes.program_id),
            _conditions.assign(stratum_kind="condition", stratum_id=_conditions.condition_id),
        ]
    )
    _grouped = _grouped[_grouped.ending.isin(["planned", "unplanned"])]
    _left = (_grouped.ending == "unplanned").groupby([_grouped.stratum_kind, _grouped.stratum_id])
    _rows = pd.DataFrame({"estimate": _left.mean(), "sample_size": _left.size()}).reset_index()
    _rows.loc[_rows.sample_size < 20, "estimate"] = None
    _z = 3.8415 / _rows.sample_size
    _middle = _rows.estimate + _z / 2
    _half = (_z * _rows.estimate * (1 - _rows.estimate) + _z**2 / 4) ** 0.5
    _rows["interval_low"] = (_middle - _half) / (1 + _z)
    _rows["interval_high"] = (_middle + _half) / (1 + _z)
    _rows["status"] = _rows.estimate.isna().map({True: "too_few", False: "estimated"})
    shown(
        8,
        _rows[
            ["stratum_kind", "stratum_id", "estimate", "sample_size"]
            + ["interval_low", "interval_high", "status"]
        ],
    )
    return


@app.cell
def _(interval, shown, whole):
    _rows = whole[
        (whole.metric_id == "reliable_recovery")
        & whole.stratum_kind.isin(["all", "condition", "gender", "age_band", "ethnicity"])
    ].sort_values(["program_id", "threshold_set", "stratum_kind", "stratum_id"])
    shown(
        9,
        _rows[
            ["program_id", "threshold_set", "stratum_kind", "stratum_id", *interval]
            + ["sample_size", "missing_count", "bound_low", "bound_high", "status"]
        ],
    )
    return


@app.cell
def _(interval, shown, table):
    _rows = table("rel_pooled").query(
        "process_scale_id == 'scs_total' and interval_name == 'first_to_last'"
    )
    _rows = _rows.sort_values(["pooled_over", "outcome_scale_id"])
    shown(
        10,
        _rows[
            ["pooled_over", "outcome_scale_id", *interval, "prediction_low", "prediction_high"]
            + ["i_squared", "strata_count", "sample_size", "status"]
        ],
    )
    return


@app.cell
def _(interval, shown, table):
    _rows = table("rel_sensitivity").query(
        "stratum_kind == 'all' and process_scale_id == 'scs_total' "
        "and interval_name == 'first_to_last'"
    )
    _rows = _rows.sort_values(["outcome_scale_id", "analysis"])
    shown(
        11,
        _rows[
            ["outcome_scale_id", "analysis", *interval]
            + ["standardised_estimate", "sample_size", "status", "method"]
        ],
    )
    return


@app.cell
def _(interval, shown, table):
    _rows = table("fct_benchmarks").query(
        "is_comparable and stratum_kind == 'all' and population == 'finished_courses'"
    )
    _rows = _rows.sort_values(
        ["program_id", "outcome", "published_period"], ascending=[True, True, False]
    )
    shown(
        12,
        _rows[
            ["program_id", "outcome", "study", "published_period", "published_estimate", *interval]
            + ["sample_size", "missing_count", "difference", "is_published_inside_interval"]
            + ["status"]
        ],
    )
    return


@app.cell
def _(interval, outcomes, shown):
    _paired = outcomes[outcomes.metric_id == "paired_data"]
    _rows = _paired[
        (_paired.stratum_kind.isin(["all", "clinic"]) & (_paired.period_kind == "all"))
        | ((_paired.stratum_kind == "all") & (_paired.period_kind == "year"))
    ].sort_values(["program_id", "threshold_set", "stratum_kind", "stratum_id", "period"])
    shown(
        13,
        _rows[
            ["program_id", "threshold_set", "stratum_kind", "stratum_id", "period", *interval]
            + ["sample_size", "missing_count", "status"]
        ],
    )
    return


if __name__ == "__main__":
    app.run()
