"""Which series of columns are the items of which instrument.

What belongs here: judging one series, choosing among series that share columns, joining those of
one instrument into occasions.
What does not: names of scales (totals.py), the client and time (roles.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from orchestration.proposing.fitting import Fit, fit
from orchestration.proposing.known import Questionnaire
from orchestration.proposing.names import Naming, naming, pieces
from orchestration.proposing.profiles import Column
from orchestration.proposing.proposal import Block, Certainty, Reason
from orchestration.proposing.series import Series, all_series
from orchestration.proposing.templates import common_template

_FEWEST_OPEN = 4
# REDCap's mark between a field of boxes and the code of one box.
_CHECKBOX = "___"


@dataclass(frozen=True)
class _Judged:
    series: Series
    certainty: Certainty
    instrument: Questionnaire | None
    candidates: tuple[Questionnaire, ...]
    fit: Fit | None
    why: str
    is_named: bool

    @property
    def rank(self) -> tuple[int, int, int]:
        order = {Certainty.SURE: 0, Certainty.LIKELY: 1, Certainty.OPEN: 2}
        return (order[self.certainty], not self.is_named, -self.series.count)


def find_items(
    columns: Mapping[str, Column], known: Sequence[Questionnaire], file_words: Sequence[str]
) -> tuple[list[Block], list[tuple[Reason, tuple[str, ...]]]]:
    """Every series of columns that is, or may be, an instrument.

    Args:
        columns: name -> profile, in the order of the file.
        known: the registry's instruments.
        file_words: words of the file's name, which may name an instrument.

    Returns:
        The blocks that are placed, and what is left open with the columns it concerns.
    """
    blocks, rest = _by_code(columns, known)
    judged = sorted(
        (
            _judge(one, columns, known, file_words)
            for one in all_series([name for name in rest if _CHECKBOX not in name])
            if not _are_totals(one, columns, known)
        ),
        key=lambda one: one.rank,
    )
    taken: set[str] = set()
    chosen: list[_Judged] = []
    for one in judged:
        mine = set(one.series.columns.values())
        if mine & taken or (one.certainty is Certainty.OPEN and not _is_worth_saying(one)):
            continue
        taken |= mine
        chosen.append(one)
    order = {name: n for n, name in enumerate(columns)}
    chosen.sort(key=lambda one: order[next(iter(one.series.columns.values()))])
    groups: dict[str, list[_Judged]] = {}
    left: list[tuple[Reason, tuple[str, ...]]] = []
    for one in chosen:
        if one.instrument is None or one.certainty is Certainty.OPEN:
            left.append((Reason(Certainty.OPEN, one.why), tuple(one.series.columns.values())))
        else:
            groups.setdefault(one.instrument.instrument_id, []).append(one)
    placed = {block.instrument_id for block in blocks}
    for identifier, group in groups.items():
        block = None if identifier in placed else _joined(identifier, group)
        if block is None:
            told = "; ".join(one.series.told for one in group)
            why = f"{told}: {identifier} several times, but the names do not differ in one place"
            names = tuple(n for one in group for n in one.series.columns.values())
            left.append((Reason(Certainty.OPEN, why), names))
        else:
            blocks.append(block)
    return blocks, left


def _are_totals(
    series: Series, columns: Mapping[str, Column], known: Sequence[Questionnaire]
) -> bool:
    """Whether numbered columns of an instrument's name are its scores at several occasions."""
    said = naming(series.words, known)
    meant = [said.exact] if said.exact is not None else list(said.near)
    if not meant or any(len(one.items) == series.count for one in meant):
        return False
    highest = max((high for one in meant for _, high in one.items.values()), default=-1)
    greatest = [columns[name].maximum for name in series.columns.values()]
    return max((value for value in greatest if value is not None), default=-1.0) > highest + 1


def _judge(
    series: Series,
    columns: Mapping[str, Column],
    known: Sequence[Questionnaire],
    file_words: Sequence[str],
) -> _Judged:
    said = naming(series.words, known)
    profiles = {number: columns[name] for number, name in series.columns.items()}
    fitting = [
        (one, found) for one in known if (found := _fit_of(series, profiles, one)) is not None
    ]
    words = f"{series.count} columns {series.told}"
    if said.exact is not None:
        return _named(series, said.exact, fitting, words, profiles)
    near = [(one, found) for one, found in fitting if one in said.near]
    if len(near) == 1:
        one, found = near[0]
        why = (
            f"{words}, named {said.said}; {found.told}: of what is called so only "
            f"{one.instrument_id} has {series.count} items"
        )
        return _Judged(series, Certainty.LIKELY, one, (), found, why, True)
    if near:
        return _left(series, words, [one for one, _ in near], True)
    counted = [one for one in said.near if len(one.items) == series.count]
    if counted:
        return _unfitting(series, counted[0], f"{words}, named {said.said}", profiles)
    by_file = naming(file_words, known).exact
    if by_file is not None and _is_plain(said):
        for one, found in fitting:
            if one == by_file:
                why = (
                    f"{words}; the file is named {one.instrument_id}, which has {series.count} "
                    f"items; {found.told}"
                )
                return _Judged(series, Certainty.LIKELY, one, (), found, why, True)
    return _left(series, words, [one for one, _ in fitting], False)


def _named(
    series: Series,
    one: Questionnaire,
    fitting: Sequence[tuple[Questionnaire, Fit]],
    words: str,
    profiles: Mapping[int, Column],
) -> _Judged:
    name = one.instrument_id
    for other, found in fitting:
        if other == one:
            certainty = Certainty.SURE if found.is_clear else Certainty.LIKELY
            why = f"{words}, named {name}, which has {series.count} items; {found.told}"
            return _Judged(series, certainty, one, (), found, why, True)
    longer = [(o, f) for o, f in fitting if _begins(o, one)]
    if len(longer) == 1:
        other, found = longer[0]
        why = (
            f"{words}, named {name}, which has {len(one.items)} items; {other.instrument_id} has "
            f"{series.count}; {found.told}"
        )
        return _Judged(series, Certainty.LIKELY, other, (), found, why, True)
    return _unfitting(series, one, f"{words}, named {name}", profiles)


def _unfitting(
    series: Series, one: Questionnaire, told: str, profiles: Mapping[int, Column]
) -> _Judged:
    """A series that is named as an instrument and does not look like it."""
    if len(one.items) != series.count:
        has = f"{len(one.items)} items" if one.items else "no items in the registry"
        why = f"{told}: {one.instrument_id} has {has}"
    elif all(column.kind == "empty" for column in profiles.values()):
        why = f"{told}, but all are empty"
    else:
        why = (
            f"{told}, but some values are not within {one.answers} of {one.instrument_id}. If they "
            "are codes for no answer, declare them under `missing`; if answers are stored from "
            "another number, set stored_minimum"
        )
    return _Judged(series, Certainty.OPEN, None, (one,), None, why, True)


def _left(
    series: Series, words: str, candidates: Sequence[Questionnaire], is_named: bool
) -> _Judged:
    if candidates:
        names = ", ".join(one.instrument_id for one in candidates)
        fits = "fits" if len(candidates) == 1 else "fit equally"
        why = f"{words}: by number and values {names} {fits}; only you can tell"
    else:
        why = f"{words}: no instrument of the registry has {series.count} items with such answers"
    return _Judged(series, Certainty.OPEN, None, tuple(candidates), None, why, is_named)


def _fit_of(series: Series, profiles: Mapping[int, Column], one: Questionnaire) -> Fit | None:
    if series.count != len(one.items):
        return None
    start = min(profiles)
    return fit({number - start + 1: column for number, column in profiles.items()}, one)


def _begins(other: Questionnaire, one: Questionnaire) -> bool:
    return other != one and other.instrument_id.startswith(one.instrument_id)


def _is_plain(said: Naming) -> bool:
    return not said.said and not said.rest


def _is_worth_saying(one: _Judged) -> bool:
    return one.is_named or one.series.count >= _FEWEST_OPEN


def _joined(identifier: str, group: Sequence[_Judged]) -> Block | None:
    """One block of all series of an instrument; None where no template says which is when."""
    first = group[0]
    shifts = {one.fit.shift for one in group if one.fit is not None}
    low = min(bounds[0] for bounds in first.instrument.items.values()) if first.instrument else 0
    columns = tuple(name for one in group for name in one.series.columns.values())
    certainty = (
        Certainty.SURE if all(o.certainty is Certainty.SURE for o in group) else Certainty.LIKELY
    )
    if len(shifts) != 1:
        return None
    shift = shifts.pop()
    stored = low + shift if shift else None
    if len(group) == 1:
        series = first.series
        items = series.template if series.is_even else tuple(series.columns.values())
        return Block(identifier, items, columns, (), stored, Reason(certainty, first.why))
    template = common_template([one.series.marked for one in group])
    widths = {one.series.width for one in group}
    if template is None or len(widths) > 1 or not all(one.series.is_even for one in group):
        return None
    items = template.text.replace("\0", first.series.place)
    told = f"{len(group)} times {first.series.count} columns, named {identifier}"
    fits = {one.fit.told for one in group if one.fit is not None}
    why = f"{told}; {'; '.join(sorted(fits))}; occasions {', '.join(template.labels)}"
    return Block(identifier, items, columns, template.labels, stored, Reason(certainty, why))


def _by_code(
    columns: Mapping[str, Column], known: Sequence[Questionnaire]
) -> tuple[list[Block], list[str]]:
    """Columns named by the LOINC code of an item; the rest of the names."""
    blocks: list[Block] = []
    rest = list(columns)
    # The longer first: the items of a short form carry the codes of the long one.
    for one in sorted(known, key=lambda one: -len(one.items)):
        mine: dict[int, str] = {}
        for name in rest:
            code = next((c for c in one.codes if _has_code(name, c)), None)
            if code is not None:
                mine.setdefault(one.codes[code], name)
        if not mine or len(mine) < len(one.items):
            continue
        found = fit({item: columns[name] for item, name in mine.items()}, one)
        if found is None:
            continue
        ordered = tuple(mine[item] for item in sorted(mine))
        low = min(bounds[0] for bounds in one.items.values())
        certainty = Certainty.SURE if found.is_clear else Certainty.LIKELY
        why = (
            f"{len(ordered)} columns named by the LOINC codes of {one.instrument_id}; {found.told}"
        )
        stored = low + found.shift if found.shift else None
        blocks.append(
            Block(one.instrument_id, ordered, ordered, (), stored, Reason(certainty, why))
        )
        rest = [name for name in rest if name not in ordered]
    return blocks, rest


def _has_code(name: str, code: str) -> bool:
    at = name.lower().find(code)
    if at < 0:
        return False
    around = name[max(0, at - 1) : at] + name[at + len(code) : at + len(code) + 1]
    return not any(sign.isdigit() for sign in around)


def words_of(text: str) -> tuple[str, ...]:
    """The words and numbers of a file's name."""
    return tuple(one.text for one in pieces(text))
