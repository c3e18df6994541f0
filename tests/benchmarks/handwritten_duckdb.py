"""The leanest hand-written DuckDB script for the imaginary clinic: files in, changes out.

What belongs here: what an expert writes in an afternoon who knows this one clinic by heart.
What does not: provenance, checks, a registry, a second source. That is what Scout adds, and what
the benchmark prices. Keys are those of ``seeds/scale_items.csv``, spelt out.

Run: ``python handwritten_duckdb.py LANDING_FOLDER OUT.duckdb [totals]``.
"""

import sys
from pathlib import Path

import duckdb

SUBSCALES = {
    "scs_self_kindness": (5, 12, 19, 23, 26),
    "scs_common_humanity": (3, 7, 10, 15),
    "scs_mindfulness": (9, 14, 17, 22),
    "scs_self_judgment": (1, 8, 11, 16, 21),
    "scs_isolation": (4, 13, 18, 25),
    "scs_over_identification": (2, 6, 20, 24),
}
COMPASSIONATE = tuple(i for items in list(SUBSCALES.values())[:3] for i in items)
UNCOMPASSIONATE = tuple(i for items in list(SUBSCALES.values())[3:] for i in items)
ESS_SUBSCALES = {
    "ess_characterological": range(1, 13),
    "ess_behavioural": range(13, 22),
    "ess_bodily": range(22, 26),
}
# Instrument: items, lowest and highest answer.
FORMS = {"scs": (26, 1, 5), "ess": (25, 1, 4), "gad7": (7, 0, 3), "phq9": (9, 0, 3)}
# The fewest answers that are scored where some may be missing: the others take their mean.
FEWEST = {"phq9": 7}
TOTALS = {
    "scs": f"sum(case when item in {UNCOMPASSIONATE} then 6 - answer else answer end) / 26",
    "ess": "sum(answer)",
    "gad7": "sum(answer)",
    "phq9": "sum(answer)",
}
# Scale: is higher better, retest or alpha reliability, caseness from this score on.
CRITERIA = """(values
    ('scs_total', true, 0.93, null), ('scs_total_mean_of_subscale_means', true, 0.93, null),
    ('scs_total_sum_of_subscale_means', true, 0.93, null),
    ('scs_compassionate', true, null, null), ('scs_uncompassionate', false, null, null),
    ('scs_self_kindness', true, 0.88, null), ('scs_common_humanity', true, 0.80, null),
    ('scs_mindfulness', true, 0.85, null), ('scs_self_judgment', false, 0.88, null),
    ('scs_isolation', false, 0.85, null), ('scs_over_identification', false, 0.88, null),
    ('ess_total', false, 0.92, null), ('ess_characterological', false, 0.90, null),
    ('ess_behavioural', false, 0.87, null), ('ess_bodily', false, 0.86, null),
    ('gad7_total', false, 0.89, 8), ('phq9_total', false, 0.89, 10)
) as criteria (scale_id, is_higher_better, reliability, caseness)"""


def answers(landing: Path, instrument: str) -> str:
    """One file of responses; an answer outside the form's range counts as missing."""
    _, low, high = FORMS[instrument]
    columns = (
        "{client_id: 'varchar', episode_id: 'varchar', instrument_id: 'varchar', "
        "item: 'smallint', response: 'smallint', occurred_on: 'date', occasion: 'smallint', "
        "mode: 'varchar'}"
    )
    return f"""(
        select * exclude (response),
            case when response between {low} and {high} then response end as answer
        from read_csv('{landing}/responses_{instrument}.csv', header = true, auto_detect = false,
            delim = ',', columns = {columns})
    )"""


def total(landing: Path, instrument: str) -> str:
    """The total of each form; no score where more answers are missing than the form forgives."""
    count = FORMS[instrument][0]
    return f"""
        select client_id, episode_id, '{instrument}_total' as scale_id, occurred_on, occasion,
            case when count(answer) >= {FEWEST.get(instrument, count)}
                then cast({TOTALS[instrument]} as double) * {count} / count(answer) end as score
        from {answers(landing, instrument)}
        group by all"""


def all_scales(landing: Path, instrument: str) -> str:
    """Every scale of each form: one column per item, so that a missing answer makes a sum NULL."""
    items = range(1, FORMS[instrument][0] + 1)
    wide = ", ".join(f"max(case when item = {i} then answer end) as i{i}" for i in items)
    scores = ", ".join(
        f"cast({formula} as double) as {scale}" for scale, formula in formulas(instrument).items()
    )
    return f"""
        select *
        from (
            select client_id, episode_id, occurred_on, occasion, {scores}
            from (
                select client_id, episode_id, occurred_on, occasion, {wide}
                from {answers(landing, instrument)}
                group by all
            )
        )
        unpivot include nulls (score for scale_id in ({", ".join(formulas(instrument))}))"""


def formulas(instrument: str) -> dict[str, str]:
    """Each scale of SCS or ESS in terms of the columns i1, i2, ..."""

    def plus(items: tuple[int, ...] | range, reverse: bool = False) -> str:
        return "(" + " + ".join(f"(6 - i{i})" if reverse else f"i{i}" for i in items) + ")"

    if instrument == "ess":
        return {"ess_total": plus(range(1, 26))} | {
            scale: plus(items) for scale, items in ESS_SUBSCALES.items()
        }
    means = " + ".join(
        f"{plus(items, reverse=number > 3)} / {len(items)}"
        for number, items in enumerate(SUBSCALES.values(), start=1)
    )
    return {
        "scs_total": f"({plus(COMPASSIONATE)} + {plus(UNCOMPASSIONATE, reverse=True)}) / 26",
        "scs_total_mean_of_subscale_means": f"({means}) / 6",
        "scs_total_sum_of_subscale_means": means,
        "scs_compassionate": f"{plus(COMPASSIONATE)} / 13",
        "scs_uncompassionate": f"{plus(UNCOMPASSIONATE)} / 13",
    } | {scale: f"{plus(items)} / {len(items)}" for scale, items in SUBSCALES.items()}


CHANGES = f"""
    create table changes as
    with ends as (
        select client_id, episode_id, scale_id,
            min(occurred_on) filter (score is not null) as first_on,
            min_by(score, occurred_on) as baseline_score,
            case when count(score) > 1 then max_by(score, occurred_on) end as final_score
        from scores
        group by all
    ),
    rules as (
        select scale_id, is_higher_better, caseness,
            stddev_samp(baseline_score) * sqrt(2 * (1 - any_value(reliability))) as s_diff
        from ends inner join {CRITERIA} using (scale_id)
        group by all
    ),
    pairs as (
        select client_id, episode_id, scale_id, 'first_to_last' as interval_name,
            baseline_score, final_score
        from ends
        union all
        select scores.client_id, episode_id, scale_id, 'baseline_to_' || occasion,
            baseline_score, score
        from scores inner join ends using (episode_id, scale_id)
        where score is not null and occurred_on > first_on
    ),
    measured as (
        select pairs.*,
            final_score - baseline_score as change,
            if(is_higher_better, 1, -1) * change as improvement,
            change / s_diff as reliable_change_index,
            case
                when reliable_change_index is null then 'unknown'
                when improvement / s_diff > 1.96 then 'improved'
                when improvement / s_diff < -1.96 then 'deteriorated'
                else 'unchanged'
            end as reliable_change_class,
            caseness
        from pairs inner join rules using (scale_id)
    )
    select * exclude (caseness),
        case
            when reliable_change_class = 'unknown' or caseness is null then 'unknown'
            when reliable_change_class = 'improved'
                and baseline_score >= caseness and final_score < caseness then 'recovered'
            when reliable_change_class = 'deteriorated'
                and baseline_score < caseness and final_score >= caseness then 'harmed'
            else reliable_change_class
        end as outcome_class
    from measured
"""


def main(landing: Path, out: Path, is_totals_only: bool) -> None:
    """Score the four forms of the clinic and measure change into a new DuckDB file."""
    columns = "client_id, episode_id, scale_id, occurred_on, occasion, score"
    wide = () if is_totals_only else ("scs", "ess")
    parts = [all_scales(landing, i) if i in wide else total(landing, i) for i in FORMS]
    with duckdb.connect(str(out)) as connection:
        for number, part in enumerate(parts):
            verb = "insert into scores" if number else "create table scores as"
            connection.execute(f"{verb} select {columns} from ({part})")
        connection.execute(CHANGES)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), "totals" in sys.argv[3:])
