"""The cells of a REDCap export: codes for labels, boxes nobody touched, what tells of people.

What belongs here: rules for the columns of one field.
What does not: which export, which mapping (redcap.py).
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from orchestration.landing.formats.redcap_dictionary import Dictionary, Field
from orchestration.landing.formats.redcap_headers import SURVEY
from orchestration.landing.staged import TABLE, literal, quoted

if TYPE_CHECKING:
    from orchestration.warehouse import Connection

Answers = tuple[tuple[str, str], ...] | list[tuple[str, str]]
# Kinds of fields and validations that hold what identifies a person, whatever is tagged.
_TELLING_KINDS = {
    "notes": "notes are free text",
    "file": "uploaded files are named by whoever uploaded them",
    "signature": "signatures are biometric",
}
_TELLING_VALIDATIONS = ("email", "phone", "ssn", "zipcode", "postalcode", "mrn", "vmrn")


def telling(column: str, field: Field | None) -> str | None:
    """Why a column that holds values identifies people, or None."""
    if column == SURVEY:
        return "survey identifiers name participants"
    if field is None:
        return None
    if field.is_identifier:
        return "the dictionary tags it as an identifier"
    if field.kind in _TELLING_KINDS:
        return _TELLING_KINDS[field.kind]
    if field.validation.startswith(_TELLING_VALIDATIONS):
        return f"REDCap validates it as {field.validation}"
    return None


def recode(connection: "Connection", column: str, choices: Answers) -> None:
    """Put codes in place of labels; what is no label stays a word, so that it is refused later."""
    text = quoted(column)
    codes = {label: code for code, label in choices}
    assign(connection, column, case(text, codes, f"'not a label: ' || {text}"))


def case(text: str, values: Mapping[str, str], other: str) -> str:
    """SQL of the value that stands for a text, and of what stands for any other."""
    if not values:
        return f"({other})"
    whens = " ".join(f"when {literal(key)} then {literal(value)}" for key, value in values.items())
    return f"(case {text} {whens} else {other} end)"


def assign(connection: "Connection", column: str, expression: str) -> None:
    """Give a column of the landed table another content."""
    connection.execute(f"update {TABLE} set {quoted(column)} = {expression}")


def blank_untouched_boxes(
    connection: "Connection", dictionary: Dictionary, header: tuple[str, ...]
) -> None:
    """Make the boxes of a form that nobody completed, none of them ticked, no answer.

    REDCap exports 0 for each box of a form that was never opened; its status is 0, or blank
    where the export marks such forms grey.
    """
    for field in dictionary.fields:
        boxes = [column for column, _ in field.columns if column in header]
        status = f"{field.form}_complete"
        if field.kind != "checkbox" or not boxes or status not in header:
            continue
        none = " and ".join(f"coalesce({quoted(box)}, '0') = '0'" for box in boxes)
        untouched = f"coalesce({quoted(status)}, '0') = '0' and {none}"
        assigned = ", ".join(f"{quoted(box)} = null" for box in boxes)
        connection.execute(f"update {TABLE} set {assigned} where {untouched}")
