"""What kind of file this is, by its header.

What belongs here: the marks of tidy, REDCap and Qualtrics exports, and of long tables that are
nearly tidy.
What does not: files that are no tables; their ending or first bytes tell (the rim).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from orchestration.landing.registry import plain_name
from orchestration.landing.tidy import KINDS
from orchestration.proposing.profiles import Column
from orchestration.proposing.proposal import Certainty, Reason
from orchestration.proposing.vocabulary import QUALTRICS, TIDY

_FEWEST_MARKS = 4


@dataclass(frozen=True)
class Shape:
    """A kind of file.

    Attributes:
        format: value of ``format`` in ``source.yml``.
        reason: how sure and why.
        kind: of a tidy file: what its name must begin with.
        known: columns that the format understands by itself.
        to_fill: what the analyst must do first.
        settings: keys of ``source.yml`` that the kind of file needs.
    """

    format: str
    reason: Reason
    kind: str | None = None
    known: frozenset[str] = frozenset()
    to_fill: tuple[str, ...] = ()
    settings: tuple[tuple[str, object, Reason], ...] = ()


def shape_of(columns: Mapping[str, Column]) -> Shape:
    """The kind of a table."""
    return _tidy(columns) or _redcap(columns) or _qualtrics(columns) or _long(columns) or _wide()


def _tidy(columns: Mapping[str, Column]) -> Shape | None:
    for kind, tidy in KINDS.items():
        is_timed = not tidy.one_of or any(column in columns for column in tidy.one_of)
        named = set(tidy.columns) & set(columns)
        if set(tidy.required) <= set(columns) and is_timed and len(named) > 1:
            why = f"it has the columns of a tidy file of {kind}: {', '.join(tidy.required)}"
            known = frozenset(columns) if tidy.has_attributes else frozenset(tidy.columns)
            return Shape("tidy", Reason(Certainty.SURE, why), kind, known)
    return None


def _redcap(columns: Mapping[str, Column]) -> Shape | None:
    names = list(columns)
    marks = [name for name in names if name.startswith("redcap_")]
    forms = [
        name
        for name, column in columns.items()
        if name.endswith("_complete") and (column.values or frozenset()) <= {"0", "1", "2"}
    ]
    if not marks and not forms:
        return None
    is_sure = bool(marks) or (bool(forms) and plain_name(names[0]) in ("recordid", "studyid"))
    told = [f"columns {', '.join(marks)}"] if marks else []
    told += [f"status of {len(forms)} forms (_complete)"] if forms else []
    certainty = Certainty.SURE if is_sure else Certainty.LIKELY
    reason = Reason(certainty, f"a REDCap export: {' and '.join(told)}")
    return Shape("redcap", reason, known=frozenset(marks) | frozenset(forms))


def _qualtrics(columns: Mapping[str, Column]) -> Shape | None:
    marks = [name for name in columns if plain_name(name) in QUALTRICS]
    legacy = {f"V{number}" for number in range(1, 11)} <= set(columns)
    if len(marks) < _FEWEST_MARKS and not legacy:
        return None
    told = "columns V1 to V10" if legacy else f"columns {', '.join(marks[:4])} and more"
    reason = Reason(Certainty.SURE, f"a Qualtrics export: {told}")
    return Shape("qualtrics", reason, known=frozenset(marks))


def _long(columns: Mapping[str, Column]) -> Shape | None:
    plain = {plain_name(name): name for name in columns}
    found = {
        key: next((plain[word] for word in words if word in plain), None)
        for key, words in TIDY.items()
    }
    if not (found["client_id"] and found["response"] and found["instrument_id"]):
        return None
    renames = ", ".join(f"{name} to {key}" for key, name in found.items() if name)
    why = "it looks like one record a line, but its columns are not called as a tidy file's"
    fill = (
        f"Rename the columns ({renames}; one of occurred_on, day, occasion) and let the file's "
        "name begin with responses or scores, or say so with `format: renamed`; map it as wide if "
        "it is not one answer a line."
    )
    return Shape("tidy", Reason(Certainty.OPEN, why), None, to_fill=(fill,))


def _wide() -> Shape:
    return Shape("wide", Reason(Certainty.SURE, "no other kind fits: one line holds many answers"))
