"""The kinds of values that ``source.yml`` holds, for the mapping and for every format's own block.

What belongs here: the strict base of all blocks, names and lists as people write them in YAML.
What does not: any key.
"""

import re
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints


def _as_label(value: object) -> object:
    """YAML reads ``1`` as a number; a label or a column name is text all the same."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str | int) and not isinstance(value, bool) else value


def _as_code(value: object) -> object:
    """A missing code as the export writes it, though YAML reads it as a number."""
    if isinstance(value, bool):
        raise ValueError("YAML reads this as true or false; put the code between quotes")
    return str(value) if isinstance(value, int | float) else value


def _as_codes(value: object) -> object:
    return [value] if isinstance(value, str | int | float) else value


def _as_days(value: object) -> object:
    """``7 days``, ``2 weeks`` or a number of days, as a whole number of days."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    found = re.fullmatch(r"([0-9]{1,4}) *(day|week)s?", str(value).strip())
    if found is None:
        raise ValueError("give a number of days or weeks, such as 7 days")
    return int(found.group(1)) * (7 if found.group(2) == "week" else 1)


Text = Annotated[str, BeforeValidator(_as_label), StringConstraints(min_length=1)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(_as_list)]
Code = Annotated[str, BeforeValidator(_as_code), StringConstraints(min_length=1)]
Codes = Annotated[tuple[Code, ...], BeforeValidator(_as_codes)]
Days = Annotated[int, BeforeValidator(_as_days), Field(ge=1, le=3660)]


class Strict(BaseModel):
    """A block of a mapping: an unknown key is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid")
