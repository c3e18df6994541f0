"""The page of instruments: one entry each, for a clinician to read and check.

What belongs here: how the registry reads in plain words and Markdown (``seeds/INSTRUMENTS.md``).
What does not: the registry (``landing.registry``), the list in a terminal (``instrument_list``).

Made by ``scout instruments --page``; a test says that the committed page is the current one.
"""

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from orchestration.landing.registry import Registry
from orchestration.landing.registry.constructs import CONSTRUCTS

Row = Mapping[str, str]

_HEAD = """\
# Instruments

Every questionnaire that Scout knows, as its rows in this folder say. This page is made from them by
`scout instruments --page`: change the rows, not the page. Item wording is nowhere in Scout.

*Confirmed* means that a source was read and is named in the row; *derived* that it follows from
confirmed rows by arithmetic or by the order of items; *unconfirmed* that it is from memory: such a
row is never used unless a clinic chooses it, and is marked **unconfirmed** here. *Default* is what
Scout uses where a clinic says nothing else; without a default for cases, nobody is called a case.

Change is judged by Jacobson & Truax (1991): the reliability and deviation that are named give the
reliable change index; criteria a, b and c say from where on a score counts as recovered.
"""
_KINDS = {
    "caseness": "Case",
    "remission": "Remission",
    "reliable_change": "Reliable change",
    "minimal_important_difference": "Smallest change that matters",
    "drop": "Drop from the score before",
}
_OPERATORS = {">=": "{} or more", ">": "more than {}", "<=": "{} or less", "<": "less than {}"}
_RULES = {
    "sum": "sum of {items}",
    "mean": "mean of {items}",
    "mean_of_component_means": "mean of the means of {groups}",
    "sum_of_component_means": "sum of the means of {groups}",
    "lookup": "looked up in a published table",
    "stated_only": "taken as stated, not scored from items",
}
_CUTOFFS = {
    "a": "criterion a",
    "b": "criterion b",
    "c": "criterion c",
    "none": "no recovered class, because no cut-off is published",
}
_MOST_NORMS = 4  # per scale; all are in norms.csv


def instrument_page(registry: Registry) -> str:
    """The whole page.

    Args:
        registry: every definition that Scout and the clinic hold.

    Returns:
        Markdown, one entry per instrument in the order of the registry, with one final newline.
    """
    tables = {name: _rows(frame) for name, frame in registry.frames.items()}
    instruments = tables["instruments"]
    lines = [_HEAD, "## What scales measure", ""]
    used = {row["construct"] for row in tables["scales"]}
    lines += [f"* *{_words(w)}*: {text}" for w, text in CONSTRUCTS.items() if w in used]
    lines += ["", "## The instruments", ""]
    lines += _table(
        ("instrument", "id", "role", "measures", "items"),
        (
            (
                f"[{row['instrument_name']}](#{row['instrument_id']})",
                f"`{row['instrument_id']}`",
                _words(row["role"]),
                _measures(_of(tables["scales"], "instrument_id", row["instrument_id"])),
                str(len(_of(tables["items"], "instrument_id", row["instrument_id"]))),
            )
            for row in instruments
        ),
    )
    for row in instruments:
        lines += _entry(row, tables)
    return "\n".join(lines).rstrip() + "\n"


def _entry(instrument: Row, tables: Mapping[str, Sequence[Row]]) -> list[str]:
    identifier = instrument["instrument_id"]
    scales = _of(tables["scales"], "instrument_id", identifier)
    items = _of(tables["items"], "instrument_id", identifier)
    about = [
        f"{_words(instrument['role']).capitalize()}.",
        f"{_format(items)}; asks about: {instrument['recall_window'] or 'not stated'}.",
        f"Licence: {_sentence(instrument['licence'], instrument['licence_note'])}.",
        f"Cite: {instrument['citation'].rstrip('.')}.",
    ]
    lines = ["", f'<a id="{identifier}"></a>', "", f"### {instrument['instrument_name']}", ""]
    lines += [f"`{identifier}`{_doubt(instrument)} {' '.join(about)}", ""]
    lines += _table(
        ("scale", "measures", "score", "range", "better when", "missing answers", "status"),
        (_scale(scale, tables) for scale in scales),
    )
    for scale in scales:
        points = _points(scale, tables)
        if points:
            lines += ["", f"{scale['scale_name']} (`{scale['scale_id']}`):", "", *points]
    return lines


def _scale(scale: Row, tables: Mapping[str, Sequence[Row]]) -> tuple[str, ...]:
    members = _of(tables["scale_items"], "scale_id", scale["scale_id"])
    numbers = sorted({int(row["item"]) for row in members})
    reverse = sorted({int(row["item"]) for row in members if row["is_reversed"] == "true"})
    groups = len({row["component"] for row in members})
    score = _RULES[scale["scoring_rule"]].format(
        items=f"items {_ranges(numbers)}", groups=f"{groups} groups of items"
    )
    if scale["multiplier"] != "1":
        score += f", times {scale['multiplier']}"
    if reverse:
        score += f"; reversed: {_ranges(reverse)}"
    name = f"**{scale['scale_name']}**" if scale["is_primary"] == "true" else scale["scale_name"]
    measures = _words(scale["construct"])
    if scale["shame_type"]:
        measures += f" ({scale['shame_type']})"
    return (
        f"{name} `{scale['scale_id']}`",
        measures,
        score,
        f"{scale['score_minimum']} to {scale['score_maximum']}",
        "higher" if scale["is_higher_better"] == "true" else "lower",
        _gaps(scale, len(numbers), tables),
        scale["status"],
    )


def _gaps(scale: Row, size: int, tables: Mapping[str, Sequence[Row]]) -> str:
    rules = _of(tables["missing_rules"], "scale_id", scale["scale_id"])
    chosen = next((row for row in rules if row["is_default"] == "true"), scale)
    if scale["scoring_rule"] in ("stated_only", "lookup"):
        return "as stated" if scale["scoring_rule"] == "stated_only" else "as the scale looked up"
    if chosen["missing_rule"] == "none":
        return "none may be missing"
    source = f" ({chosen['citation']})" if chosen is not scale else ""
    return f"mean of the answers if at least {chosen['minimum_items_answered']} of {size}{source}"


def _points(scale: Row, tables: Mapping[str, Sequence[Row]]) -> list[str]:
    """What a score of the scale means, as list items."""
    scale_id = scale["scale_id"]
    lines = [
        f"* {_KINDS[row['threshold_kind']]}{_choice(row)}: "
        f"{_OPERATORS[row['operator']].format(row['value'])}; "
        f"{_sentence(row['population'], row['note'])} "
        f"[{row['citation']}]{_dates(row)}{_doubt(row)}"
        for row in _of(tables["thresholds"], "scale_id", scale_id)
    ]
    lines += _bands(_of(tables["severity_bands"], "scale_id", scale_id))
    lines += [
        f"* Change{_choice(row)}: {row['reliability_kind']} {row['reliability']}, "
        f"{_deviation(row, tables)}; {_cutoff(row, tables)} [{row['citation']}]{_doubt(row)}"
        for row in _of(tables["change_rules"], "scale_id", scale_id)
    ]
    lines += [
        f"* Missing answers, another rule: at least {row['minimum_items_answered']} answered "
        f"[{row['citation']}]{_doubt(row)}"
        for row in _of(tables["missing_rules"], "scale_id", scale_id)
        if row["is_default"] == "false"
    ]
    lines += _norms(_of(tables["norms"], "scale_id", scale_id))
    lines += [
        f"* Beside `{row['equivalent_scale_id']}`: {_words(row['relation'])}; {row['note']}"
        for row in _of(tables["equivalences"], "scale_id", scale_id)
    ]
    return lines


def _bands(bands: Sequence[Row]) -> list[str]:
    sets: dict[str, list[Row]] = {}
    for row in bands:
        sets.setdefault(row["band_set"], []).append(row)
    return [
        f"* Severity{_choice(rows[0])}: "
        + ", ".join(f"{r['label']} {r['score_minimum']}-{r['score_maximum']}" for r in rows)
        + f" [{_sentence(rows[0]['citation'], rows[0]['note'])}]{_doubt(rows[0])}"
        for rows in sets.values()
    ]


def _norms(norms: Sequence[Row]) -> list[str]:
    """The largest samples with mean and deviation; the others are counted."""
    with_mean = [row for row in norms if row["mean"] and row["standard_deviation"]]
    largest = sorted(with_mean, key=lambda row: -int(row["sample_size"] or 0))[:_MOST_NORMS]
    lines = [
        f"* Norm: {row['population']}{', ' + row['country'] if row['country'] else ''}: "
        f"mean {row['mean']}, SD {row['standard_deviation']}"
        f"{', n = ' + row['sample_size'] if row['sample_size'] else ''} "
        f"[{row['citation']}]{_doubt(row)}"
        for row in largest
    ]
    more = len(norms) - len(largest)
    return [*lines, f"* {more} more in `norms.csv`"] if more else lines


def _deviation(rule: Row, tables: Mapping[str, Sequence[Row]]) -> str:
    if rule["sd_source"] == "clinic_baseline":
        return "the clinic's own deviation at baseline"
    (row,) = _of(tables["norms"], "norm_id", rule["sd_norm_id"])
    return f"published deviation {row['standard_deviation']} ({row['population']})"


def _cutoff(rule: Row, tables: Mapping[str, Sequence[Row]]) -> str:
    if rule["cutoff_kind"] != "threshold":
        return _CUTOFFS[rule["cutoff_kind"]]
    (row,) = _of(tables["thresholds"], "threshold_id", rule["cutoff_threshold_id"])
    return f"a case is {_OPERATORS[row['operator']].format(row['value'])}"


def _rows(frame: pd.DataFrame) -> list[Row]:
    return [{str(k): str(v) for k, v in row.items()} for row in frame.fillna("").to_dict("records")]


def _of(rows: Sequence[Row], column: str, value: str) -> list[Row]:
    return [row for row in rows if row[column] == value]


def _words(identifier: str) -> str:
    return identifier.replace("_", " ")


def _measures(scales: Sequence[Row]) -> str:
    return ", ".join(dict.fromkeys(_words(row["construct"]) for row in scales if row["construct"]))


def _format(items: Sequence[Row]) -> str:
    """How many items with which answers, such as ``9 items answered 0-3``."""
    counts: dict[str, int] = {}
    for row in items:
        answers = f"{row['response_minimum']}-{row['response_maximum']}"
        answers += " or between" if row["is_fractional"] == "true" else ""
        counts[answers] = counts.get(answers, 0) + 1
    parts = [f"{count} items answered {answers}" for answers, count in counts.items()]
    return " and ".join(parts) or "No items"


def _ranges(numbers: Sequence[int]) -> str:
    """``1-3, 5`` for 1, 2, 3, 5."""
    parts: list[list[int]] = []
    for number in numbers:
        if parts and parts[-1][-1] == number - 1:
            parts[-1].append(number)
        else:
            parts.append([number])
    return ", ".join(f"{p[0]}-{p[-1]}" if len(p) > 1 else str(p[0]) for p in parts)


def _sentence(text: str, note: str) -> str:
    return "; ".join(part for part in (text or "not stated", note) if part)


def _choice(row: Row) -> str:
    return " (default)" if row["is_default"] == "true" else ""


def _doubt(row: Row) -> str:
    if row.get("origin") == "local":
        return " *the clinic's own*"
    return " **unconfirmed**" if row["status"] == "unconfirmed" else ""


def _dates(row: Row) -> str:
    ends = ((" from ", row["valid_from"]), (" until ", row["valid_to"]))
    return "".join(word + day for word, day in ends if day)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    cells = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    return [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *cells)]
