"""What ``source.yml`` may say, and one clear message for everything it says wrongly.

What belongs here: the shape of a mapping, its validation, its canonical text (part of a load's
contract).
What does not: headers of actual files (columns.py) and rows.
"""

import difflib
import hashlib
import json
import re
from collections.abc import Iterator
from collections.abc import Mapping as Dictionary
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import yaml
from pydantic import BaseModel, Field, StringConstraints, ValidationError, model_validator

from orchestration.errors import SettingsError
from orchestration.landing.formats import FORMATS
from orchestration.landing.formats.contract import Format
from orchestration.landing.mapping_values import Strict, Text, Texts

FILE_NAME = "source.yml"
_LATER = frozenset(("redcap", "qualtrics", "fhir", "spss", "stata", "sas")) - set(FORMATS)
_DATE_DIRECTIVES = re.compile(r"%(.)")
_TIMEPOINT = Literal["baseline", "mid", "end", "follow_up"]


class Occasion(Strict):
    """When one block of columns was filled in.

    Attributes:
        day: a number of days since the first contact, or the name of a column that holds it.
        timepoint: baseline, mid, end or follow_up, where the clinic states it.
        occurred_on: the name of a column that holds the date.
    """

    day: float | Annotated[str, StringConstraints(min_length=1)] | None = None
    timepoint: _TIMEPOINT | None = None
    occurred_on: Text | None = None


class Instrument(Strict):
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


class Mapping(Strict):
    """One source's ``source.yml``; the defaults describe a folder of tidy files.

    Attributes:
        options: the block that belongs to the format alone, checked by the format's own model. In
            ``source.yml`` it stands under the format's name.
    """

    format: str = "tidy"
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
    options: Any = Field(default=None, exclude=True)

    @property
    def reader(self) -> Format:
        """The format that reads this source's files."""
        return FORMATS[self.format]

    @model_validator(mode="after")
    def _fits_its_format(self) -> "Mapping":
        self.reader.check(self)
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
        if self.options is not None:
            own = self.options.model_dump(mode="json", exclude_defaults=True)
            values |= {self.format: own} if own else {}
        # The order of occasions carries meaning: nothing is sorted.
        return json.dumps(values, ensure_ascii=True, separators=(",", ":"))

    def contract(self, fingerprint: str, companions: Dictionary[str, str]) -> str:
        """SHA-256 over this mapping, the registry's fingerprint and the companions' hashes."""
        parts = [self.canonical(), fingerprint]
        if companions:
            parts.append(json.dumps(companions, ensure_ascii=True, sort_keys=True))
        return hashlib.sha256("\n".join(parts).encode("ascii")).hexdigest()


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
    name = values.get("format", "tidy")
    if name in _LATER:
        later = f"{place}: key `format`: {name} is not supported yet. Export tidy or wide files."
        raise SettingsError(later)
    known = ", ".join(FORMATS)
    if not isinstance(name, str) or name not in FORMATS:
        raise SettingsError(f"{place}: Key `format`: use one of {known}.")
    reader = FORMATS[name]
    common = {key: value for key, value in values.items() if key != name or not reader.options}
    problems: list[str] = []
    # Only the format's own block makes options: nobody writes the key itself.
    if common.pop("options", None) is not None:
        problems.append("Key `options` is not known; remove it.")
    strangers = [key for key in common if key in FORMATS and FORMATS[key].options]
    problems += [f"Key `{key}` belongs to `format: {key}`; remove it." for key in strangers]
    common = {key: value for key, value in common.items() if key not in strangers}
    options = None
    if reader.options is not None:
        given = values.get(name)
        try:
            options = reader.options.model_validate({} if given is None else given)
        except ValidationError as error:
            problems += _sentences(error, reader.options, (name,))
    if problems:
        raise SettingsError(f"{place}: " + " ".join(problems))
    try:
        return Mapping.model_validate({**common, "options": options})
    except ValidationError as error:
        raise SettingsError(f"{place}: " + " ".join(_sentences(error, Mapping))) from None


def _sentences(
    error: ValidationError, model: type[BaseModel], within: tuple[str, ...] = ()
) -> list[str]:
    found = [_sentence(one, model, within) for one in error.errors(include_url=False)]
    return list(dict.fromkeys(found))


def _sentence(error: Any, model: type[BaseModel], within: tuple[str, ...]) -> str:
    """One fault of a mapping: the key and the fix, without repeating what was written there."""
    steps = [
        str(step)
        for step in error["loc"]
        if not re.match(
            r"(function-|constrained-|tuple\[|dict\[|Occasion$|str$|float$|nullable)", str(step)
        )
    ]
    key = ".".join((*within, *steps))
    kind = error["type"]
    if kind == "value_error":
        fix = str(error["ctx"]["error"])
        return f"Key `{key}`: {fix}." if key else f"{fix[0].upper()}{fix[1:]}."
    if kind == "extra_forbidden":
        known = [one for one in _keys_at(model, steps[:-1]) if one != "options"]
        near = difflib.get_close_matches(steps[-1], known, 1)
        hint = f"did you mean `{near[0]}`?" if near else f"use one of {', '.join(known)}."
        return f"Key `{key}` is not known; {hint}"
    if kind == "literal_error":
        return f"Key `{key}`: use one of {error['ctx']['expected']}."
    if kind in ("model_type", "model_attributes_type"):
        return f"Key `{key}`: write `key: value` lines under it."
    return f"Key `{key}`: {error['msg'][0].lower()}{error['msg'][1:]}."


def _keys_at(model: type[BaseModel], steps: list[str]) -> list[str]:
    """The keys that the block at the end of ``steps`` knows."""
    for step in steps:
        if step in model.model_fields:
            model = next(_models_in(model.model_fields[step].annotation), model)
    return list(model.model_fields)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_in(inner)
