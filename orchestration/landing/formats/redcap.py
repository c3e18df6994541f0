"""``format: redcap``: a project's CSV export, raw or with labels, read with its data dictionary.

What belongs here: what REDCap adds to a wide table (events, arms, repeating instruments, form
status, checkboxes, tagged identifiers) and how it becomes occasions and answers.
What does not: the dictionary's own shape (redcap_dictionary.py), reading text (delimited.py).
"""

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Mapping as Dict
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field as Key

from orchestration.landing.formats.contract import Arrival, Format, Opened, Outline, check_wide
from orchestration.landing.formats.delimited import DELIMITERS, Delimited
from orchestration.landing.formats.erasure import Erased, Erasure, Ids, RowFinder, RowTest
from orchestration.landing.formats.redcap_cells import (
    assign,
    blank_untouched_boxes,
    case,
    recode,
    telling,
)
from orchestration.landing.formats.redcap_dictionary import (
    Dictionary,
    read_dictionary,
    read_events,
    wrong_companion,
)
from orchestration.landing.formats.redcap_erasing import erase_export, test_of_records
from orchestration.landing.formats.redcap_headers import (
    ARM,
    EVENT,
    GROUP,
    INSTANCE,
    INSTRUMENT,
    SURVEY,
    names_of,
)
from orchestration.landing.formats.searching import refuse_telling
from orchestration.landing.mapping_values import Strict, Text
from orchestration.landing.refusals import FileRefusalError
from orchestration.landing.registry.values import plain_label
from orchestration.landing.staged import TABLE, Staged, literal, quoted

if TYPE_CHECKING:
    from orchestration.landing.mapping import Mapping
    from orchestration.warehouse import Connection

OCCASION, DAY = "redcap occasion", "redcap day"
_COMPLETE = ("Incomplete", "Unverified", "Complete")


class RedcapEvent(Strict):
    """When an event takes place."""

    timepoint: Literal["baseline", "mid", "end", "follow_up"] | None = None
    day: float | None = None


class RedcapOptions(Strict):
    """The ``redcap`` block of ``source.yml``.

    Attributes:
        dictionary: the data dictionary's file, beside the data.
        event_file: the file of the project's events, which gives their order and their labels.
        arm_file: the file of its arms, which label exports name beside the events.
        events: unique event name -> when it takes place, in the order of time.
        export: raw (codes) or labels; found by the form status where it is left out.
    """

    dictionary: Text
    event_file: Text | None = None
    arm_file: Text | None = None
    events: dict[Text, RedcapEvent | None] = Key(default_factory=dict)
    export: Literal["raw", "labels"] | None = None


class Redcap(Format):
    """A CSV export of a REDCap project."""

    name: ClassVar[str] = "redcap"
    extensions: ClassVar[tuple[str, ...]] = tuple(DELIMITERS)
    erasable: ClassVar[tuple[str, ...]] = extensions
    options = RedcapOptions

    def check(self, mapping: "Mapping") -> None:
        """Occasions come from events and instances."""
        check_wide(mapping, has_time=True)
        if mapping.occasion is not None:
            raise ValueError("`occasion` is made of REDCap's event and repeat instance; remove it")
        if mapping.day is not None and _has_days(mapping.options):
            raise ValueError("`day` and days of `redcap.events` exclude each other; keep one")

    def is_wide(self, mapping: "Mapping") -> bool:
        """Always."""
        return True

    def seen_as(self, mapping: "Mapping") -> "Mapping":
        """With the occasion, and the day where events state it."""
        made = {"occasion": OCCASION} | ({"day": DAY} if _has_days(mapping.options) else {})
        return mapping.model_copy(update=made)

    def companions(self, mapping: "Mapping") -> Dict[str, str]:
        """The dictionary, and the events and arms where they are named."""
        keys = ("dictionary", "event_file", "arm_file")
        named = {key: getattr(mapping.options, key) for key in keys}
        return {f"redcap.{key}": name for key, name in named.items() if name is not None}

    def open(self, connection: "Connection", arrival: Arrival) -> Opened:
        """Look at an export."""
        return _Export(arrival)

    def withdrawn_rows(
        self,
        mapping: "Mapping",
        ids: Ids,
        header: Sequence[str],
        rows: Callable[[], Iterable[Sequence[str]]],
    ) -> RowTest:
        """A record goes as a whole: events that do not repeat the client's id are the client's."""
        return test_of_records(RowFinder(ids, *self.id_columns(mapping)), header, rows)

    def erase(self, erasure: Erasure) -> Erased:
        """Record by record; a header of labels is read with the dictionary."""
        return erase_export(erasure, RowFinder(erasure.ids, *self.id_columns(erasure.mapping)))


def _has_days(options: RedcapOptions) -> bool:
    return any(one is not None and one.day is not None for one in options.events.values())


class _Export(Opened):
    """An export that was looked at."""

    def __init__(self, arrival: Arrival) -> None:
        self.arrival, self.options = arrival, arrival.mapping.options
        companions = arrival.companions
        self.dictionary: Dictionary = read_dictionary(
            companions["redcap.dictionary"], self.options.dictionary, arrival.place
        )
        self.events = read_events(
            companions.get("redcap.event_file"),
            companions.get("redcap.arm_file"),
            (str(self.options.event_file), str(self.options.arm_file)),
            arrival.place,
        )
        self.fields = self.dictionary.by_column()
        self.statuses = {f"{form}_complete": form for form in self.dictionary.forms}
        self._check_codes()
        self.text = Delimited(
            arrival, "wide", lambda cells: names_of(cells, self.dictionary, arrival.name)
        )
        header = self.text.facts.header
        stamps = {f"{form}_timestamp" for form in self.dictionary.forms}
        known = {EVENT, INSTANCE, INSTRUMENT, GROUP, SURVEY, *self.statuses, *stamps}
        known |= {column for column in header if column.startswith("survey timestamp ")}
        strangers = [one for one in header if one not in known and one not in self.fields]
        if strangers:
            # A column that the dictionary does not know cannot be told from an identifier.
            positions = ", ".join(str(header.index(one) + 1) for one in strangers[:8])
            raise FileRefusalError(
                "unmapped_column",
                f"{arrival.name} has {len(strangers)} columns that {self.options.dictionary} does "
                f"not know, such as those at position {positions}. Download data and dictionary "
                "from REDCap on the same day, as it exports them.",
            )
        self.made = [OCCASION, ARM] + ([DAY] if _has_days(self.options) else [])
        self.outlines = (
            Outline("wide", (*header, *self.made), frozenset(known) | {OCCASION, ARM, DAY}),
        )

    def stage(self, connection: "Connection") -> tuple[Staged, ...]:
        """Read the export, refuse what is tagged, then give codes and occasions their columns."""
        (staged,) = self.text.stage(connection)
        self._refuse_tagged(connection, staged)
        self._codes_for_labels(connection, staged)
        for column in staged.header:
            field = self.fields.get(column)
            # Validated by REDCap itself as a number with a comma, whatever the source declares.
            if field and "comma_decimal" in field.validation:
                mark = self.arrival.mapping.decimal
                text = quoted(column)
                assign(connection, column, f"replace({text}, ',', {literal(mark)})")
        blank_untouched_boxes(connection, self.dictionary, staged.header)
        return (self._with_occasions(connection, staged),)

    def _check_codes(self) -> None:
        """Refuse a dictionary whose codes mean other answers than the mapping says."""
        wide, labels = self.arrival.wide, self.arrival.registry.response_labels
        for slot in wide.slots if wide else ():
            field = self.fields.get(slot.column)
            if field is None or slot.table != "item_responses":
                continue
            instrument = wide.blocks[slot.block].instrument_id if wide else ""
            for code, label in field.choices:
                meant = labels.get((instrument, plain_label(label)))
                if meant is None or code == str(meant + slot.shift):
                    continue
                raise wrong_companion(
                    self.options.dictionary,
                    self.arrival.place,
                    f"field {field.name} gives the code {code} to the answer that {instrument} "
                    f"counts as {meant}; write `stored_minimum` (the lowest code) for this "
                    "instrument, or correct the mapping",
                )

    def _refuse_tagged(self, connection: "Connection", staged: Staged) -> None:
        told = {}
        for column in staged.header:
            reason = telling(column, self.fields.get(column))
            if reason is not None:
                told[column] = reason
        refuse_telling(
            connection,
            staged.table,
            told,
            f"{self.arrival.name} identifies people by its own dictionary; nothing of it was kept.",
            "Export again and tick REDCap's options that remove identifier fields, notes and "
            "files.",
        )

    def _codes_for_labels(self, connection: "Connection", staged: Staged) -> None:
        """In an export with labels, put the code in place of each answer's label."""
        statuses = [column for column in staged.header if column in self.statuses]
        words = ", ".join(map(literal, _COMPLETE))
        is_labelled = self.options.export == "labels"
        if self.options.export is None and statuses:
            found = " or ".join(f"bool_or({quoted(one)} in ({words}))" for one in statuses)
            row = connection.execute(f"select {found} from {staged.table}").fetchall()[0]
            is_labelled = bool(row[0])
        if not is_labelled:
            return
        for column in statuses:
            recode(connection, column, [(str(n), one) for n, one in enumerate(_COMPLETE)])
        for column in staged.header:
            field = self.fields.get(column)
            if field and field.answers:
                recode(connection, column, field.answers)

    def _with_occasions(self, connection: "Connection", staged: Staged) -> Staged:
        """Add the columns that events and instances make."""
        event = quoted(EVENT) if EVENT in staged.header else "null"
        instance = quoted(INSTANCE) if INSTANCE in staged.header else "null"
        if self.events and EVENT in staged.header:
            assign(connection, EVENT, case(event, self.events, event))
        for column in self.made:
            connection.execute(f"alter table {TABLE} add column {quoted(column)} varchar")
        assign(connection, OCCASION, f"nullif(concat_ws(' ', {event}, {instance}), '')")
        assign(connection, ARM, f"nullif(regexp_extract({event}, '_arm_([0-9]+)[a-z]?$', 1), '')")
        told = {name: when or RedcapEvent() for name, when in self.options.events.items()}
        if DAY in self.made:
            days = {name: _plain(when.day) for name, when in told.items() if when.day is not None}
            assign(connection, DAY, case(event, days, "null"))
        timepoints = {name: when.timepoint for name, when in told.items() if when.timepoint}
        names = list(told or dict.fromkeys(self.events.values()))
        event_column = f"{TABLE}.{event}" if EVENT in staged.header else "null"
        order = case(event_column, {name: str(n) for n, name in enumerate(names)}, "null")
        number = (
            "0"
            if INSTANCE not in staged.header
            else (f"coalesce(try_cast({TABLE}.{instance} as bigint), 0)")
        )
        ordered = number if EVENT not in staged.header else f"{order}::bigint * 100000 + {number}"
        return replace(
            staged,
            header=(*staged.header, *self.made),
            timepoint=case(event_column, timepoints, "null") if timepoints else None,
            occasion_order=ordered,
        )


def _plain(number: float) -> str:
    return str(int(number)) if number.is_integer() else str(number)
