"""``format: renamed``: a tidy table whose file and columns have names of their own.

What belongs here: which kind of record a file holds and which of its columns is which.
What does not: reading the table (tables.py), several answers a line (``format: wide``).
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Literal

from orchestration.landing import preflight
from orchestration.landing.formats.contract import Arrival, Opened, Outline, check_tidy
from orchestration.landing.formats.tables import Tidy
from orchestration.landing.mapping_values import Strict, Text
from orchestration.landing.refusals import FileRefusalError
from orchestration.landing.staged import Staged, quoted

if TYPE_CHECKING:
    from orchestration.landing.mapping import Mapping as SourceMapping
    from orchestration.warehouse import Connection


class RenamedOptions(Strict):
    """What a table holds.

    Attributes:
        kind: the kind of tidy file that it is.
        columns: column of that kind -> the column here. A column that is left out has its own name.
    """

    kind: Literal["responses", "scores", "clients", "episodes", "sessions", "practice"]
    columns: dict[Text, Text]


class Renamed(Tidy):
    """One record a line, under other names."""

    name: ClassVar[str] = "renamed"
    options: ClassVar[type[RenamedOptions]] = RenamedOptions

    def check(self, mapping: "SourceMapping") -> None:
        """As a tidy table, whose columns its own block names."""
        check_tidy(mapping)
        given = list(mapping.options.columns.values())
        if len(set(given)) != len(given):
            raise ValueError("`renamed.columns` names a column twice; map it once")

    def record_type(self, mapping: "SourceMapping", file_name: str) -> str | None:
        """The kind that the mapping states, whatever the file is called."""
        return str(mapping.options.kind)

    def id_columns(self, mapping: "SourceMapping") -> tuple[str, str]:
        """As its own block calls them."""
        names = mapping.options.columns
        return names.get("client_id", "client_id"), names.get("episode_id", "episode_id")

    def open(self, connection: "Connection", arrival: Arrival) -> Opened:
        """Look at a table."""
        return RenamedFile(super().open(connection, arrival), arrival)


class RenamedFile(Opened):
    """A table that was looked at, with its columns called by their tidy names."""

    def __init__(self, given: Opened, arrival: Arrival) -> None:
        """Rename the columns.

        Raises:
            FileRefusalError: missing_column, duplicate_header.
        """
        self.given = given
        options = arrival.mapping.options
        (outline,) = given.outlines
        missing = sorted(set(options.columns.values()) - set(outline.header))
        if missing:
            message = (
                f"{arrival.name} lacks columns that {arrival.place} maps: {', '.join(missing)}. "
                "Correct the header or `renamed.columns`."
            )
            raise FileRefusalError("missing_column", message)
        self.names: Mapping[str, str] = {here: name for name, here in options.columns.items()}
        header = [self.names.get(column, column) for column in outline.header]
        self.outlines = (
            Outline(outline.record_type, preflight.check_header(header, arrival.name)),
        )

    def stage(self, connection: "Connection") -> tuple[Staged, ...]:
        """Read the table, then call its columns otherwise."""
        (staged,) = self.given.stage(connection)
        # By way of names that no column has: two columns may swap their names.
        steps = [(here, f"scout {at}", name) for at, (here, name) in enumerate(self.names.items())]
        for old, new in (
            *((here, between) for here, between, _ in steps),
            *((between, name) for _, between, name in steps),
        ):
            connection.execute(
                f"alter table {staged.table} rename column {quoted(old)} to {quoted(new)}"
            )
        return (replace(staged, header=self.outlines[0].header),)
