"""REDCap's own files about a project: the data dictionary, the events and the arms.

What belongs here: reading them, and the names that an export gives to a field's columns.
What does not: the export itself (redcap.py).
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestration.landing.refusals import FileRefusalError

# The columns of the dictionary as the web interface and as the API call them.
_COLUMNS = {
    "name": ("Variable / Field Name", "field_name"),
    "form": ("Form Name", "form_name"),
    "kind": ("Field Type", "field_type"),
    "label": ("Field Label", "field_label"),
    "choices": (
        "Choices, Calculations, OR Slider Labels",
        "Choices OR Calculations",
        "select_choices_or_calculations",
    ),
    "validation": (
        "Text Validation Type OR Show Slider Number",
        "text_validation_type_or_show_slider_number",
    ),
    "identifier": ("Identifier?", "identifier"),
}
_NEEDED = ("name", "form", "kind", "label", "choices", "validation", "identifier")
_WITH_CHOICES = ("radio", "dropdown", "checkbox")
_FIXED = {
    "yesno": (("1", "Yes"), ("0", "No")),
    "truefalse": (("1", "True"), ("0", "False")),
}
CHECKED = (("1", "Checked"), ("0", "Unchecked"))
_SHOWN_ONLY = "descriptive"
_LONGEST_CELL = 1 << 20


@dataclass(frozen=True)
class Field:
    """One field of a project.

    Attributes:
        name: its variable name.
        form: the form it stands on.
        kind: REDCap's field type, such as radio or notes.
        label: what a person reads beside it.
        choices: (code, label) of each answer; empty for other kinds.
        validation: REDCap's validation type, such as email; empty for none.
        is_identifier: tagged as identifying a person.
    """

    name: str
    form: str
    kind: str
    label: str
    choices: tuple[tuple[str, str], ...]
    validation: str
    is_identifier: bool

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        """(name, label) of each column that an export has for it."""
        if self.kind == "checkbox":
            return tuple(
                (f"{self.name}___{code.lower()}", f"{self.label} (choice={label})")
                for code, label in self.choices
            )
        return ((self.name, self.label),)

    @property
    def answers(self) -> tuple[tuple[str, str], ...]:
        """(code, label) of what stands in its columns; empty where anything may."""
        return CHECKED if self.kind == "checkbox" else self.choices


@dataclass(frozen=True)
class Dictionary:
    """The data dictionary of a project, in its order."""

    fields: tuple[Field, ...]

    @property
    def forms(self) -> tuple[str, ...]:
        """The forms in order."""
        return tuple(dict.fromkeys(field.form for field in self.fields))

    def by_column(self) -> dict[str, Field]:
        """Column of an export -> the field it belongs to."""
        return {column: field for field in self.fields for column, _ in field.columns}


def read_dictionary(path: Path, name: str, place: str) -> Dictionary:
    """A project's data dictionary.

    Args:
        path: the companion file, as the web interface or the API writes it.
        name: how messages call it.
        place: how messages call the mapping.

    Raises:
        FileRefusalError: wrong_companion.
    """
    rows = _rows(path, name, place)
    header = rows[0] if rows else []
    at: dict[str, int] = {}
    for key, names in _COLUMNS.items():
        found = [header.index(one) for one in names if one in header]
        at |= {key: found[0]} if found else {}
    if any(key not in at for key in _NEEDED):
        raise wrong_companion(name, place, "it lacks columns of a REDCap data dictionary")

    def cell(row: Sequence[str], key: str) -> str:
        text = row[at[key]].strip() if at[key] < len(row) else ""
        return "" if text == "NA" else text

    fields = []
    for row in rows[1:]:
        variable = row[at["name"]].strip() if row else ""
        kind = cell(row, "kind").lower() if variable else ""
        if not variable or kind == _SHOWN_ONLY:
            continue
        choices = _choices(cell(row, "choices")) if kind in _WITH_CHOICES else _FIXED.get(kind, ())
        fields.append(
            Field(
                variable,
                cell(row, "form"),
                kind,
                _plain(cell(row, "label")),
                choices,
                cell(row, "validation").lower(),
                cell(row, "identifier").lower() == "y",
            )
        )
    if not fields:
        raise wrong_companion(name, place, "it holds no fields")
    return Dictionary(tuple(fields))


def read_events(
    events: Path | None, arms: Path | None, names: tuple[str, str], place: str
) -> dict[str, str]:
    """Every spelling of an event -> its unique name, in the order of the events.

    A label without its arm is left out where two arms have an event of that label.

    Raises:
        FileRefusalError: wrong_companion.
    """
    if events is None:
        return {}
    arm_names = {}
    if arms is not None:
        rows = _records(arms, ("arm_num", "name"), names[1], place)
        arm_names = {row["arm_num"]: row["name"] for row in rows}
    columns = ("event_name", "arm_num", "unique_event_name")
    found = list(_records(events, columns, names[0], place))
    labels = Counter(row["event_name"] for row in found)
    spellings = {}
    for row in found:
        unique, label, arm = row["unique_event_name"], row["event_name"], row["arm_num"]
        spellings[unique] = unique
        if labels[label] == 1:
            spellings[label] = unique
        if arm in arm_names:
            spellings[f"{label} (Arm {arm}: {arm_names[arm]})"] = unique
    return spellings


def wrong_companion(name: str, place: str, what: str) -> FileRefusalError:
    """The refusal of data whose companion cannot be used."""
    message = (
        f"{name}, which {place} names, cannot be used: {what}. Download it from REDCap again "
        "(Data Dictionary, or Project Setup for events and arms) and put it beside the data."
    )
    return FileRefusalError("wrong_companion", message)


def _records(path: Path, columns: Sequence[str], name: str, place: str) -> Iterator[dict[str, str]]:
    rows = _rows(path, name, place)
    header = rows[0] if rows else []
    if any(column not in header for column in columns):
        raise wrong_companion(name, place, f"it lacks the columns {', '.join(columns)}")
    for row in rows[1:]:
        if len(row) == len(header):
            yield {column: row[header.index(column)].strip() for column in columns}


def _rows(path: Path, name: str, place: str) -> list[list[str]]:
    before = csv.field_size_limit(_LONGEST_CELL)
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return list(csv.reader(stream, strict=True))
    except (UnicodeDecodeError, csv.Error):
        raise wrong_companion(name, place, "it is no UTF-8 CSV file") from None
    finally:
        csv.field_size_limit(before)


def _choices(text: str) -> tuple[tuple[str, str], ...]:
    """REDCap writes ``0, Not at all | 1, Several days``."""
    parts = [part.partition(",") for part in text.split("|") if part.strip()]
    return tuple((code.strip(), _plain(label)) for code, _, label in parts)


def _plain(label: str) -> str:
    """A label without its markup, as exports show it."""
    return re.sub(r"\s+", " ", re.sub(r"<[^<>]*>", "", label)).strip()
