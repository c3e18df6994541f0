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
from pydantic import AfterValidator, BaseModel, Field, ValidationError, model_validator

from orchestration.errors import SettingsError
from orchestration.landing.formats import FORMATS
from orchestration.landing.formats.contract import Format
from orchestration.landing.mapping_blocks import Instrument, Missing
from orchestration.landing.mapping_values import Codes, Days, Strict, Text, Texts

FILE_NAME = "source.yml"
# What a stored row says beyond mapping and registry: another way to make its keys, for one. Count
# on, and every archived file is read again; else keys of two makings would stand side by side and
# a correction would miss what it corrects.
RULES = "2: the key of a record is that of its administration and that of its item"
_LATER = frozenset(("redcap", "qualtrics", "fhir", "spss", "stata", "sas")) - set(FORMATS)
# The encodings in which exports have been met; any other is a spelling mistake or a risk.
Encoding = Literal[
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "cp1250",
    "cp1251",
    "cp1252",
    "cp1253",
    "cp1254",
    "cp1257",
    "latin-1",
    "iso8859-2",
    "iso8859-5",
    "iso8859-7",
    "iso8859-9",
    "iso8859-15",
    "koi8-r",
    "mac-roman",
]
_DATE_DIRECTIVES = re.compile(r"%(.)")


def _can_separate(mark: str) -> str:
    if len(mark) != 1 or not mark.isascii() or mark.isalnum() or mark in '"\r\n .-_':
        raise ValueError(
            "give one character that separates columns, such as ';' or '\\t', "
            "and that no number or name holds"
        )
    return mark


class Mapping(Strict):
    """One source's ``source.yml``; the defaults describe a folder of tidy files.

    Attributes:
        missing: codes for no answer, in every column or as :class:`Missing` tells them apart.
        sas_tiny_zeros: what numbers nearer to zero than 1e-70 mean: SAS transport files hold 0 as
            5.4e-79, and other programs export that number.
        stated_wins: whether a stated total stands in for the one its items give, where both are
            there; without it the items win.
        expected_every: how often a new file is expected, in days. It says nothing about how a file
            is read, so it is no part of the contract.
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
    delimiter: Annotated[str, AfterValidator(_can_separate)] | None = None
    encoding: Encoding = "utf-8"
    decimal: Literal[".", ","] = "."
    missing: Missing | Codes = ()
    sas_tiny_zeros: Literal["zero", "missing"] | None = None
    stated_wins: bool = False
    instruments: dict[str, Instrument] = Field(default_factory=dict)
    attributes: dict[str, Text] = Field(default_factory=dict)
    ignore: Texts = ()
    expected_every: Days | None = Field(default=None, exclude=True)
    options: Any = Field(default=None, exclude=True)

    @property
    def missing_codes(self) -> Missing:
        """The declared codes, by where they hold."""
        return (
            self.missing if isinstance(self.missing, Missing) else Missing(everywhere=self.missing)
        )

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
        """SHA-256 over this mapping, the registry's fingerprint, the companions' hashes, RULES."""
        parts = [self.canonical(), fingerprint, RULES]
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
            r"(function-|constrained-|tuple\[|dict\[|Occasion$|Missing$|str$|float$|nullable)",
            str(step),
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
