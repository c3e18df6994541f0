"""A throw-away home with a landing folder, for tests of the landing room.

What belongs here: dropping files, calling ``receive``, asking raw. What does not: any claim.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from unittest import mock

from orchestration import warehouse
from orchestration.landing import registry as registry_room
from orchestration.landing.inbox import FileSummary, LandingEvent, LandingSummary, receive
from orchestration.landing.registry import Registry, load_registry
from orchestration.landing.registry.reading import Entry, Origin, Problems, read_table
from orchestration.landing.registry.tables import Table
from orchestration.settings import CHECKOUT, Settings

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
RESPONSES = "client_id,instrument_id,item,response,occurred_on\n"


@cache
def seeds() -> Registry:
    """The shipped definitions, read once."""
    return load_registry(CHECKOUT / "seeds", None)


_SHIPPED: dict[Path, list[Entry]] = {}


def _read_once(path: Path, table: Table, origin: Origin, problems: Problems) -> list[Entry]:
    """A table of the registry; a shipped file, which no test changes, is read once per process."""
    if origin != "seed":
        return read_table(path, table, origin, problems)
    if path not in _SHIPPED:
        _SHIPPED[path] = read_table(path, table, origin, problems)
    return list(_SHIPPED[path])


def registry_with(local: Path) -> Registry:
    """The shipped definitions with a clinic's own, all checked anew.

    Raises:
        SettingsError: a definition of the clinic's is wrong.
    """
    with mock.patch.object(registry_room, "read_table", _read_once):
        return load_registry(CHECKOUT / "seeds", local)


class Home:
    """One home and one warehouse in memory."""

    def __init__(self, folder: Path, registry: Registry | None = None) -> None:
        self.settings = Settings(home=folder, clock=lambda: NOW, threads=1, memory_limit="1GB")
        self.registry = registry or seeds()
        self.events: list[LandingEvent] = []
        self.connection: warehouse.Connection

    @contextmanager
    def opened(self) -> Iterator["Home"]:
        """With a fresh, empty warehouse."""
        with warehouse.in_memory(self.settings) as self.connection:
            yield self

    def drop(self, name: str, content: str | bytes, source: str = "clinic") -> Path:
        """Put a file into landing."""
        path = self.settings.landing / source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def receive(self) -> LandingSummary:
        """One call of landing."""
        return receive(self.connection, self.settings, self.registry, report=self.events.append)

    def receive_one(self) -> FileSummary:
        """One call that concerns one file."""
        summary = self.receive()
        assert not summary.mapping_errors, summary.mapping_errors
        assert len(summary.files) == 1, [file.file_name for file in summary.files]
        return summary.files[0]

    def ask(self, query: str) -> list[tuple]:  # type: ignore[type-arg]
        """Rows of the warehouse."""
        return self.connection.execute(query).fetchall()

    def current(self, table: str, columns: str) -> list[tuple]:  # type: ignore[type-arg]
        """Rows of a raw table that no later file corrected or replaced."""
        return self.ask(
            f"""
            select {columns} from raw.{table} as r
            where load_sequence not in (
                select load_sequence from raw.loads where retired_by is not null)
            and not exists (select 1 from raw.superseded as s where s.record_type = '{table}'
                and s.load_sequence = r.load_sequence and s.record_key = r.record_key)
            order by all
            """
        )


def assert_conserved(file: FileSummary) -> None:
    """Every row that was read has one fate."""
    assert file.rows_read == file.rows_loaded + file.rows_refused + file.rows_repeated
