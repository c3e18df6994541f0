"""PRACTICE AND DELIVERY: sessions, how they were held, and practice at home, against change.

What belongs here: dose against rate of improvement, what was delivered against change.
What does not: which interventions there are.
"""

from orchestration.charts import words
from orchestration.charts.figure import WIDTH, Figure, Tables, table_of, undrawn
from orchestration.charts.rows import Row as Drawn
from orchestration.charts.rows import Ruler, interval_rows
from orchestration.charts.selecting import (
    NOTHING,
    Row,
    estimate,
    program_name,
    rows,
    scale,
    text,
    told_count,
    value,
    why_not,
)

PREDICTORS = {
    "presence": "Therapist's presence",
    "interventions": "Interventions given",
    "alliance": "Alliance, rated by sessions",
    "alliance_score": "Alliance, questionnaire",
    "minutes_per_week": "Practice, minutes per week",
    "days_per_week": "Practice, days per week",
}


def dose_response(
    tables: Tables, *, program_id: str, threshold_set: str | None = None, width: int = WIDTH
) -> Figure:
    """The rate of reliable improvement by number of sessions."""
    name, title = "dose_response", "Reliable improvement by number of sessions"
    found = rows(tables, "pub_dose_response", program_id=program_id)
    sets = [text(row, "threshold_set") for row in found]
    chosen = threshold_set or (sets[0] if sets else "")
    found = [row for row in found if text(row, "threshold_set") == chosen]
    found.sort(key=lambda row: (_is_of_all(row), value(row, "session_band_low") or 0))
    rates = [estimate(row) for row in found]
    table = table_of(
        ["Sessions", "Improved", "Courses with a known outcome", "Rate"],
        [
            [_band(row), told_count(row, "numerator_count"), rate.told_size(), _rate(row)]
            for row, rate in zip(found, rates, strict=True)
        ],
    )
    if not any(rate.is_shown for rate in rates):
        return undrawn(name, title, why_not(tables, rates[0] if rates else NOTHING), table)
    told = [
        f"{_band(row)} {rate.told_with_n('proportion')}"
        for row, rate in zip(found, rates, strict=True)
    ]
    caption = (
        f"{program_name(tables, program_id)}, thresholds {words.plain(chosen)}. Reliably improved, "
        f"of courses with a known outcome, by sessions: {words.listed(told)}. Clients who are "
        "better may stop early and those who are worse may stay: this is not what more sessions "
        "would do."
    )
    drawn = [
        Drawn(label=_band(row), told=rate.told_with_n("proportion"), found=rate, colour="improved")
        for row, rate in zip(found, rates, strict=True)
    ]
    ruler = Ruler(kind="proportion", span=(0.0, 1.0), title="Share reliably improved")
    return Figure(
        name=name,
        title=title,
        caption=caption,
        description=f"{len(drawn)} rates with intervals. {caption}",
        table=table,
        specification=interval_rows(drawn, ruler, width),
    )


def _is_of_all(row: Row) -> bool:
    return text(row, "session_band") == "all"


def _band(row: Row) -> str:
    low, high = value(row, "session_band_low"), value(row, "session_band_high")
    if low is None or _is_of_all(row):
        return "Any number"
    if high is None:
        return f"{words.plural(low, 'session')} or more"
    if high == low:
        return words.plural(low, "session")
    return f"{words.count(low)} to {words.count(high)} sessions"


def _rate(row: Row) -> str:
    return estimate(row).told("proportion")


def delivery(tables: Tables, *, program_id: str, scale_id: str, width: int = WIDTH) -> Figure:
    """What was delivered and practised against the change of a scale."""
    one = scale(tables, scale_id)
    name, title = "delivery", f"Practice and delivery against change in {one.inside}"
    found = rows(tables, "pub_delivery", program_id=program_id, scale_id=scale_id)
    order = list(PREDICTORS)
    found.sort(
        key=lambda row: (
            text(row, "statistic") != "standardised_slope",
            order.index(text(row, "predictor")) if text(row, "predictor") in order else len(order),
        )
    )
    told = [(_predictor(row), text(row, "statistic"), estimate(row)) for row in found]
    table = table_of(
        ["Against change", "Statistic", "Estimate", "Clients"],
        [
            [label, words.plain(statistic), one_of.told(), one_of.told_size()]
            for label, statistic, one_of in told
        ],
    )
    if not any(one_of.is_shown for _, _, one_of in told):
        return undrawn(name, title, why_not(tables, told[0][2] if told else NOTHING), table)
    said = [f"{words.mid_sentence(label)} {one_of.told_with_n()}" for label, _, one_of in told]
    caption = (
        f"{program_name(tables, program_id)}. Against change in {one.inside} ({one.direction}): "
        f"{words.listed(said)}. Delivery: standardised slopes beside the change in "
        "self-compassion; practice: Pearson r. Who practises more differs in other ways too, so "
        "this is not what more practice would do."
    )
    drawn: list[Drawn] = []
    group = ""
    for label, statistic, one_of in told:
        heading = "Delivery" if statistic == "standardised_slope" else "Practice at home"
        drawn.append(
            Drawn(
                label=label,
                told=one_of.told_with_n(),
                found=one_of,
                colour="accent",
                heading=heading if heading != group else "",
            )
        )
        group = heading
    ruler = Ruler(title=f"Association with the change in {one.inside}", reference=0)
    return Figure(
        name=name,
        title=title,
        caption=caption,
        description=f"{len(drawn)} estimates with intervals around zero. {caption}",
        table=table,
        specification=interval_rows(drawn, ruler, width),
    )


def _predictor(row: Row) -> str:
    predictor = text(row, "predictor")
    return PREDICTORS.get(predictor, words.sentence(words.plain(predictor)).removesuffix("."))
