"""The refusal report: per file and rule how often, on which lines, and how to mend it.

What belongs here: the report's rows and the sentence that mends each reason.
What does not: how they are shown (``refusals_told``), or any value of any file.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from orchestration.landing.outcomes import FileSummary

if TYPE_CHECKING:
    from orchestration.warehouse import Connection

__all__ = ["HOW_TO_MEND", "Refused", "refusal_report", "spans"]

# Reason -> what whoever made the export can do; one for each of refusals.ROW_REASONS.
HOW_TO_MEND: dict[str, str] = {
    "missing_key": "Fill in the client or the column named here; a row without it is nobody's.",
    "missing_time": "Give a date, a day or an occasion, so that the answer stands in time.",
    "unknown_instrument": "Correct the name, or define the instrument in instruments/; "
    "`scout instruments` lists those that are known.",
    "unknown_item": "Correct the item's number or name; `scout instruments` says how many there "
    "are.",
    "unknown_scale": "Correct the scale's name; `scout instruments` lists those that are known.",
    "response_not_a_number": "Export codes instead of words, as whole numbers with digits alone; "
    "list codes for missing under `missing` in source.yml.",
    "response_out_of_range": "Correct the answer, list a code for missing under `missing`, or give "
    "`stored_minimum` where this export counts from another number.",
    "score_not_a_number": "Export the score as a number with a point for decimals.",
    "score_out_of_range": "Correct the score; it lies outside what the scale can give.",
    "unreadable_date": "Write dates as 2026-01-31 or give `date_format` in source.yml; visits "
    "lie between 1900 and today.",
    "unreadable_day": "Give days since the first contact as a number with a point for decimals.",
    "ragged_row": "The line has more or fewer cells than the header: look for a stray separator or "
    "quotation mark.",
    "duplicate_key": "The file says two different things about one key; leave the right one.",
    "unknown_label": "Export codes instead of words, or add the word and its number to "
    "instruments/response_labels.csv; a word that is not known is never guessed.",
    "ambiguous_code": "The code stands for several items or answers, or could mean no answer; "
    "correct the export, or declare under `missing.columns` what it means in this column.",
    "preview_record": "Somebody tried the survey out; nobody's answers are lost. Leave previews "
    "out of the export and the count disappears.",
    "not_final": "The record is unfinished or was withdrawn by its author; export it again when it "
    "is final.",
    "unreadable_record": "The record is damaged; export it again.",
    "empty_record": "The form holds no answer; nothing is lost by leaving it out.",
}
_OTHERWISE = "Correct the value and drop the file again; `scout doctor` tries it first."
_SPANS = 6


@dataclass(frozen=True)
class Refused:
    """One rule that part of one file, or all of it, did not meet.

    Attributes:
        source: the folder.
        file_name: the file.
        reason: the rule's code.
        count: refused rows or values; None where the whole file was refused.
        lines: where, such as ``5, 9-12 and 3 more``; empty for a whole file.
        columns: the columns concerned, as far as they are known.
        how_to_mend: one sentence.
    """

    source: str
    file_name: str
    reason: str
    count: int | None
    lines: str
    columns: str
    how_to_mend: str


def refusal_report(connection: "Connection", files: Sequence[FileSummary]) -> list[Refused]:
    """Every refusal of the files of one call, in their order.

    Args:
        connection: to the warehouse that holds ``raw.refusals``.
        files: what landing told of each file.
    """
    report: list[Refused] = []
    for file in files:
        if file.status == "refused":
            report.append(_whole(file))
            continue
        rows = connection.execute(
            "select reason, count(*), list(distinct line order by line), "
            "string_agg(distinct column_name, ', ' order by column_name) "
            "from raw.refusals where load_sequence = ? group by reason order by reason",
            [file.sequence],
        ).fetchall()
        report += [
            Refused(
                file.source,
                file.file_name,
                str(reason),
                int(count),
                spans(lines),
                str(columns or ""),
                HOW_TO_MEND.get(str(reason), _OTHERWISE),
            )
            for reason, count, lines, columns in rows
        ]
    return report


def _whole(file: FileSummary) -> Refused:
    message = file.message or _OTHERWISE
    return Refused(file.source, file.file_name, file.refusal or "", None, "", "", message)


def spans(lines: Iterable[int]) -> str:
    """Line numbers in ascending order as spans, the first few: ``2, 5-7 and 12 more``."""
    found: list[list[int]] = []
    for line in lines:
        if found and line == found[-1][1] + 1:
            found[-1][1] = line
        else:
            found.append([line, line])
    shown = [str(a) if a == b else f"{a}-{b}" for a, b in found[:_SPANS]]
    rest = sum(b - a + 1 for a, b in found[_SPANS:])
    return ", ".join(shown) + (f" and {rest:,} more" if rest else "")
