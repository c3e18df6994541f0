"""What ``source.yml`` may say, and one clear message for everything it says wrongly.

What belongs here: the shape of a mapping, its validation, its canonical text (part of a load's
contract).
What does not: headers of actual files (columns.py) and rows.
"""

import difflib
import hashlib
import json
import re
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from orchestration.errors import SettingsError

FILE_NAME = "source.yml"
_LATER = ("redcap", "qualtrics", "fhir", "spss", "stata", "sas")
# Keys that only make sense where one line holds many answers.
_WIDE_ONLY = (
    "client_id",
    "episode_id",
    "day",
    "occurred_on",
    "occasion",
    "instruments",
    "attributes",
)
_DATE_DIRECTIVES = re.compile(r"%(.)")
_TIMEPOINT = Literal["baseline", "mid", "end", "follow_up"]


def _as_label(value: object) -> object:
    """YAML reads ``1`` as a number; a label or a column name is text all the same."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str | int) and not isinstance(value, bool) else value


Text = Annotated[str, BeforeValidator(_as_label), StringConstraints(min_length=1)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(_as_list)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Occasion(_Strict):
    """When one block of columns was filled in.

    Attributes:
        day: a number of days since the first contact, or the name of a column that holds it.
        timepoint: baseline, mid, end or follow_up, where the clinic states it.
        occurred_on: the name of a column that holds the date.
    """

    day: float | Annotated[str, StringConstraints(min_length=1)] | None = None
    timepoint: _TIMEPOINT | None = None
    occurred_on: Text | None = None


class Instrument(_Strict):
    """Where one instrument's answers and stated totals stand.

    Attributes:
        items: a template such as ``cesd{item:02d}`` or ``depr{occasion}i{item}``, the columns
            in the order of the items, or item -> column.
        stored_minimum: the lowest answer as this export stores it, where the registry has another.
        stated: scale_id -> a column, a template with ``{occasion}``, or occasion -> column.
        occasions: labels, or label -> :class:`Occasion`; a line then holds several administrations.
    """

    items: Text | tuple[Text, ...] | dict[Text, Text] | None = None
    stored_minimum: int | None = Field(default=None, ge=-1000, le=1000)
    stated: dict[str, Text | dict[Text, Text]] = Field(default_factory=dict)
    occasions: tuple[Text, ...] | dict[Text, Occasion | None] | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "Instrument":
        if self.items is None and not self.stated:
            raise ValueError("give `items` or `stated` (or both)")
        if self.occasions is not None and not self.occasions:
            raise ValueError("`occasions` is empty; list the labels or leave it out")
        labels = list(self.occasions or ())
        if len(set(labels)) != len(labels):
            raise ValueError("`occasions` names a label twice")
        for scale, columns in self.stated.items():
            if isinstance(columns, dict) and set(columns) - set(labels):
                raise ValueError(
                    f"`stated.{scale}` names an occasion that `occasions` does not list"
                )
        return self

    @property
    def blocks(self) -> tuple[tuple[str, Occasion] | None, ...]:
        """The occasions in order; one None where a line is a single administration."""
        if self.occasions is None:
            return (None,)
        if isinstance(self.occasions, dict):
            return tuple((label, when or Occasion()) for label, when in self.occasions.items())
        return tuple((label, Occasion()) for label in self.occasions)


class Mapping(_Strict):
    """One source's ``source.yml``; the defaults describe a folder of tidy files."""

    format: Literal["tidy", "wide"] = "tidy"
    files: Texts = ("*",)
    program_id: Text | None = None
    clinic_id: Text | None = None
    client_id: Text | None = None
    client_id_prefix: Text | None = None
    episode_id: Text | None = None
    day: Text | None = None
    occurred_on: Text | None = None
    occasion: Text | None = None
    date_format: Text | None = None
    delimiter: Literal[",", ";", "\t", "|"] | None = None
    encoding: Literal["utf-8", "cp1252", "latin-1"] = "utf-8"
    missing: tuple[Text, ...] = ()
    instruments: dict[str, Instrument] = Field(default_factory=dict)
    attributes: dict[str, Text] = Field(default_factory=dict)
    ignore: Texts = ()

    @model_validator(mode="after")
    def _fits_its_format(self) -> "Mapping":
        if self.format == "tidy":
            for key in _WIDE_ONLY:
                if getattr(self, key):
                    raise ValueError(
                        f"`{key}` belongs to `format: wide`; remove it, or set the format"
                    )
            return self
        if self.client_id is None:
            raise ValueError("`client_id` is missing; name the column that holds the pseudonym")
        if not self.instruments:
            raise ValueError("`instruments` is missing; map at least one instrument")
        timed = self.day or self.occurred_on or self.occasion
        for name, block in self.instruments.items():
            if not timed and block.occasions is None:
                raise ValueError(
                    f"`instruments.{name}` has no time; give `occurred_on`, `day` or `occasion` "
                    "for the whole file, or `occasions` for this instrument"
                )
        return self

    @model_validator(mode="after")
    def _dates_can_be_read(self) -> "Mapping":
        if self.date_format is not None:
            used = set(_DATE_DIRECTIVES.findall(self.date_format))
            if not used <= set("dmyYbBHMS") or not (
                {"d"} <= used and used & set("yY") and used & set("mbB")
            ):
                raise ValueError("`date_format` needs day, month and year, such as %d/%m/%Y")
        return self

    def canonical(self) -> str:
        """The mapping as one line of JSON, equal for equal meaning."""
        values = self.model_dump(mode="json", exclude_defaults=True)
        # The order of occasions carries meaning: nothing is sorted.
        return json.dumps(values, ensure_ascii=True, separators=(",", ":"))

    def contract(self, fingerprint: str) -> str:
        """SHA-256 over this mapping and the registry's fingerprint."""
        return hashlib.sha256(f"{self.canonical()}\n{fingerprint}".encode("ascii")).hexdigest()


class _UniqueKeyLoader(yaml.SafeLoader):
    """Refuses a key that is given twice: the second would silently replace the first."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, "a key is given twice", key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep)


def read_mapping(folder: Path) -> Mapping:
    """The mapping of one source folder; a folder without ``source.yml`` holds tidy files.

    Raises:
        SettingsError: the file cannot be read or says something wrong; every fault is named with
            the key and the fix.
    """
    path = folder / FILE_NAME
    place = f"landing/{folder.name}/{FILE_NAME}"
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return Mapping()
    except UnicodeDecodeError:
        raise SettingsError(f"{place}: this is not UTF-8 text. Save it again as UTF-8.") from None
    except OSError:
        message = f"{place} cannot be read. Give Scout permission to read it (chmod u+r)."
        raise SettingsError(message) from None
    try:
        # The loader is a SafeLoader that refuses more, so no object is ever built from a tag.
        values = yaml.load(text, Loader=_UniqueKeyLoader)  # noqa: S506 - a SafeLoader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None)
        what = problem if problem == "a key is given twice" else "this is not valid YAML"
        fix = (
            "Keep one of them."
            if what != "this is not valid YAML"
            else "Check colons, quotes and indentation."
        )
        raise SettingsError(f"{place}{where}: {what}. {fix}") from None
    return parse_mapping(values, place)


def parse_mapping(values: object, place: str) -> Mapping:
    """A checked mapping from what YAML or JSON held; ``place`` opens every message.

    Raises:
        SettingsError: as :func:`read_mapping`.
    """
    if values is None:
        values = {}
    if not isinstance(values, dict):
        raise SettingsError(f"{place}: write `key: value` lines, for example `format: wide`.")
    if values.get("format") in _LATER:
        later = (
            f"{place}: key `format`: {values['format']} is not supported yet. Export tidy or "
            "wide files."
        )
        raise SettingsError(later)
    try:
        return Mapping.model_validate(values)
    except ValidationError as error:
        problems = list(dict.fromkeys(_sentence(one) for one in error.errors(include_url=False)))
        raise SettingsError(f"{place}: " + " ".join(problems)) from None


def _sentence(error: Any) -> str:
    """One fault of a mapping: the key and the fix, without repeating what was written there."""
    steps = [
        str(step)
        for step in error["loc"]
        if not re.match(
            r"(function-|constrained-|tuple\[|dict\[|Occasion$|str$|float$|nullable)", str(step)
        )
    ]
    key = ".".join(steps)
    kind = error["type"]
    if kind == "value_error":
        fix = str(error["ctx"]["error"])
        return f"Key `{key}`: {fix}." if key else f"{fix[0].upper()}{fix[1:]}."
    if kind == "extra_forbidden":
        known = _known_keys(steps)
        near = difflib.get_close_matches(steps[-1], known, 1)
        hint = f"did you mean `{near[0]}`?" if near else f"use one of {', '.join(known)}."
        return f"Key `{key}` is not known; {hint}"
    if kind == "literal_error":
        return f"Key `{key}`: use one of {error['ctx']['expected']}."
    if kind == "model_type":
        return f"Key `{key}`: write `key: value` lines under it."
    return f"Key `{key}`: {error['msg'][0].lower()}{error['msg'][1:]}."


def _known_keys(steps: list[str]) -> list[str]:
    if steps[0] == "instruments" and len(steps) > 2:
        return list((Occasion if "occasions" in steps else Instrument).model_fields)
    return list(Mapping.model_fields)
