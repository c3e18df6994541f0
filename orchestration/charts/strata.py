"""STRATA: is the link the same across programs, conditions and kinds of content?

What belongs here: the forest of strata with its pooled and prediction interval.
What does not: pooling (``statistics``).
"""

from orchestration.charts import words
from orchestration.charts.figure import WIDTH, Figure, Tables, table_of, undrawn
from orchestration.charts.rows import Row, Ruler, interval_rows
from orchestration.charts.selecting import (
    NOTHING,
    Estimate,
    estimate,
    program_name,
    rows,
    scale,
    text,
    value,
    why_not,
)

KINDS = {
    "program": "programs",
    "condition": "diagnoses",
    "self_compassion_content": "kinds of self-compassion content",
}
THIS, CHOSEN = " (this program)", " (chosen)"
POOLED, PREDICTION = "Pooled", "A new stratum would lie in"


def forest(
    tables: Tables,
    *,
    process_scale_id: str,
    outcome_scale_id: str,
    stratum_kind: str,
    program_id: str | None = None,
    chosen_id: str | None = None,
    width: int = WIDTH,
) -> Figure:
    """The correlation of the changes in every stratum, pooled, and where a new one would lie.

    Among programs, the one of ``program_id`` is named as this one and stands out; so is any
    stratum of ``chosen_id`` as the chosen one, whose numbers come first.
    """
    process, outcome = scale(tables, process_scale_id), scale(tables, outcome_scale_id)
    kinds = KINDS.get(stratum_kind, words.plain(stratum_kind))
    title = f"{process.name} and {outcome.inside} across {kinds}"
    found = rows(
        tables,
        "pub_strata",
        process_scale_id=process_scale_id,
        outcome_scale_id=outcome_scale_id,
        stratum_kind=stratum_kind,
    )
    of_kind = {
        kind: [row for row in found if text(row, "row_kind") == kind]
        for kind in ("stratum", "pooled", "prediction")
    }
    strata = [
        (
            _name(tables, stratum_kind, text(row, "stratum_id"), program_id)
            + (CHOSEN if text(row, "stratum_id") == chosen_id else ""),
            estimate(row),
        )
        for row in of_kind["stratum"]
    ]
    strata.sort(key=lambda pair: (pair[1].value is None, pair[1].value or 0, pair[0]))
    pooled_row = of_kind["pooled"][0] if of_kind["pooled"] else None
    pooled = estimate(pooled_row)
    prediction = estimate(of_kind["prediction"][0]) if of_kind["prediction"] else NOTHING
    told = [*strata]
    told += [(POOLED, pooled)] if pooled_row is not None else []
    table = table_of(
        ["Stratum", "Pearson r", "Clients"],
        [[label, one.told(), one.told_size()] for label, one in told]
        + (
            [[PREDICTION, _reach(prediction), prediction.told_size()]]
            if of_kind["prediction"]
            else []
        ),
    )
    shown = [one for _, one in strata if one.is_shown]
    if not shown:
        return undrawn("forest", title, why_not(tables, strata[0][1] if strata else NOTHING), table)
    chosen = [(label, one) for label, one in strata if label.endswith(CHOSEN)]
    heterogeneity = value(pooled_row, "i_squared")
    caption = " ".join(
        part
        for part in (
            *(
                f"{label.removesuffix(CHOSEN)}, chosen: r {one.told_with_n()}."
                for label, one in chosen
            ),
            f"Pearson r of the changes in {process.inside} and {outcome.inside}, "
            f"{len(shown)} of {len(strata)} {kinds} shown:",
            words.listed([f"{label} {one.told_with_n()}" for label, one in strata]) + ".",
            f"Pooled over them {pooled.told_with_n()}." if pooled_row is not None else "",
            f"Share of the spread that is not chance (I²): {words.percent(heterogeneity)}."
            if heterogeneity is not None
            else "",
            f"In a new one like these r would lie in {_reach(prediction)}."
            if prediction.is_shown
            else "",
            "Below zero: more self-compassion goes with fewer symptoms. Same time, not controlled.",
        )
        if part
    )
    drawn = [
        Row(
            label=label,
            told=one.told_with_n(),
            found=one,
            colour="process" if label.endswith((THIS, CHOSEN)) else "accent",
        )
        for label, one in strata
    ]
    if pooled_row is not None:
        drawn.append(
            Row(
                label=POOLED,
                told=pooled.told_with_n(),
                found=pooled,
                colour="ink",
                shape="diamond",
                heading="Together",
            )
        )
    if of_kind["prediction"]:
        drawn.append(
            Row(
                label=PREDICTION,
                told=_reach(prediction),
                found=prediction,
                colour="before",
                shape="bar",
            )
        )
    ruler = Ruler(title="Pearson r of the two changes", reference=0)
    return Figure(
        name="forest",
        title=title,
        caption=caption,
        note="Below zero: more self-compassion goes with fewer symptoms. Not controlled.",
        description=f"Forest of {len(strata)} {kinds}. {caption}",
        table=table,
        specification=interval_rows(drawn, ruler, width),
    )


def _name(tables: Tables, kind: str, stratum_id: str, program_id: str | None) -> str:
    if kind == "program":
        return program_name(tables, stratum_id) + (THIS if stratum_id == program_id else "")
    return words.sentence(words.plain(stratum_id)).removesuffix(".")


def _reach(found: Estimate) -> str:
    if found.low is None or found.high is None:
        return words.instead(found.status)
    return f"{words.number(found.low)} to {words.number(found.high)}"
