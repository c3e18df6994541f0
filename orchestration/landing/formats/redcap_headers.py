"""The columns of a REDCap export: the ones REDCap adds, and a header of labels turned into names.

What belongs here: names of columns. What does not: values.
"""

import re
from collections import Counter

from orchestration.landing.formats.redcap_dictionary import Dictionary
from orchestration.landing.refusals import FileRefusalError

EVENT, INSTRUMENT = "redcap_event_name", "redcap_repeat_instrument"
INSTANCE, GROUP = "redcap_repeat_instance", "redcap_data_access_group"
SURVEY, ARM = "redcap_survey_identifier", "redcap arm"
_SYSTEM_LABELS = {
    "Event Name": EVENT,
    "Repeat Instrument": INSTRUMENT,
    "Repeat Instance": INSTANCE,
    "Data Access Group": GROUP,
    "Survey Identifier": SURVEY,
}
_STATUS, _STAMP = "Complete?", "Survey Timestamp"


def names_of(cells: list[str], dictionary: Dictionary, name: str) -> list[str]:
    """Variable names of a header, whichever way it was exported.

    A header of labels says ``Complete?`` once per form: which form it is follows from the field
    before it.

    Raises:
        FileRefusalError: duplicate_header, where two exported fields share a label.
    """
    first = dictionary.fields[0]
    if not cells or cells[0] == first.name or _plain(cells[0]) != first.label:
        return cells
    owners: dict[str, list[tuple[str, str]]] = {}
    for field in dictionary.fields:
        for column, label in field.columns:
            owners.setdefault(label, []).append((column, field.form))
    counts = Counter(map(_plain, cells))
    names, form = [], first.form
    for position, cell in enumerate(map(_plain, cells), start=1):
        fields = owners.get(cell, [])
        if cell == _STATUS and not fields:
            names.append(f"{form}_complete")
        elif cell == _STAMP and not fields:
            names.append(f"survey timestamp {position}")
        elif len(fields) == 1 and counts[cell] == 1:
            column, form = fields[0]
            names.append(column)
        elif fields:
            raise FileRefusalError(
                "duplicate_header",
                f"{name}: the label of column {position} belongs to more than one field of the "
                "project. Export with variable names as headers (raw headers).",
            )
        else:
            names.append(_SYSTEM_LABELS.get(cell, cell))
    return names


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^<>]*>", "", text)).strip()
