"""How a home stands: the release, what waits, what was refused, what is late, whether a run is on.

What belongs here: finding these facts without writing anything, while a run may be at work.
What does not: how they are told (``home_status_told``), or judging files (``scout doctor`` does).

The release is read, never the warehouse, except for the reason why the last run published nothing,
which stands nowhere else; that is asked only while no run is at work.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from orchestration import fingerprint, warehouse
from orchestration.at_work import is_daemon_alive, is_on, running_process
from orchestration.errors import ScoutError
from orchestration.landing.identifiers import find_in_name
from orchestration.landing.inbox import holds_no_records
from orchestration.landing.mapping import read_mapping
from orchestration.landing.sources import sources
from orchestration.publishing.catalogue import EVALUATION_FILE
from orchestration.publishing.release import Release, file_hash, read_current
from orchestration.settings import Settings


@dataclass(frozen=True)
class ReleaseStatus:
    """The current release: its number, when it was published, and under which policy."""

    sequence: int
    published_at: str
    disclosure_policy: str
    is_synthetic: bool


@dataclass(frozen=True)
class Refusal:
    """What was not taken of one file, and how to mend it; ``count`` is None for the whole file."""

    source: str
    file_name: str
    reason: str
    count: int | None
    how_to_mend: str


@dataclass(frozen=True)
class Arrival:
    """When a source last brought something.

    Attributes:
        source: the folder.
        last_arrival_at: when its last file was loaded (UTC); None if none ever was.
        expected_days: how often one is expected; None where nobody can say.
        is_late: whether more time has passed than that, as of now.
    """

    source: str
    last_arrival_at: datetime | None
    expected_days: float | None
    is_late: bool


@dataclass(frozen=True)
class Held:
    """The last run published nothing: when, the page that says why, and the rules that held it."""

    at: datetime
    page: str
    rules: tuple[str, ...]


@dataclass(frozen=True)
class HomeStatus:
    """How a home stands.

    Attributes:
        home: the folder.
        release: the current one; None before the first.
        waiting: files in landing that the release has not seen, as source/name.
        is_changed: whether a run would find news, be it a file, a mapping or a definition.
        mappings_to_mend: what was wrong with mappings at the last release, one sentence each.
        refused: what the release's files lost, and how to mend it.
        arrivals: one per source.
        running_process: the process of the run at work; None if there is none.
        held: the last run, if it published nothing.
        schedule, sensor: whether they are turned on in ``scout ui``.
        is_daemon_alive: whether ``scout ui`` is running, without which neither starts anything.
    """

    home: str
    release: ReleaseStatus | None
    waiting: tuple[str, ...]
    is_changed: bool
    mappings_to_mend: tuple[str, ...]
    refused: tuple[Refusal, ...]
    arrivals: tuple[Arrival, ...]
    running_process: int | None
    held: Held | None
    schedule: bool
    sensor: bool
    is_daemon_alive: bool

    @property
    def needs_somebody(self) -> bool:
        """Whether a person should do something; single refused rows alone do not count."""
        return bool(
            self.release is None
            or self.held
            or self.mappings_to_mend
            or any(one.count is None for one in self.refused)
            or any(one.is_late for one in self.arrivals)
        )


def look(settings: Settings) -> HomeStatus:
    """Look at a home; nothing in it changes."""
    current = read_current(settings)
    now = settings.clock().astimezone(UTC).replace(tzinfo=None)
    refused: tuple[Refusal, ...] = ()
    arrivals: tuple[Arrival, ...] = ()
    known: set[tuple[str, str]] = set()
    if current is not None:
        with warehouse.open_to_read(settings, current.folder / EVALUATION_FILE) as connection:
            refused = _refused(connection)
            arrivals = _arrivals(connection, current, now)
            known = set(connection.execute("select source, sha256 from marts.dq_loads").fetchall())
    told = current.manifest if current is not None else {}
    is_changed = told.get("inputs") != fingerprint.of_inputs(settings)
    running = running_process(settings.lock)
    return HomeStatus(
        home=str(settings.home),
        release=_release(settings, current),
        waiting=tuple(_waiting(settings, known)) if is_changed else (),
        is_changed=is_changed,
        mappings_to_mend=tuple(told.get("to_mend", {}).get("mappings", [])),
        refused=refused,
        arrivals=arrivals,
        running_process=running,
        held=_held(settings, is_running=running is not None),
        schedule=is_on(settings, "SCHEDULE"),
        sensor=is_on(settings, "SENSOR"),
        is_daemon_alive=is_daemon_alive(settings, now),
    )


def _release(settings: Settings, current: Release | None) -> ReleaseStatus | None:
    if current is None:
        return None
    return ReleaseStatus(
        current.sequence,
        str(current.manifest.get("published_at", "unknown")),
        str(current.manifest.get("policy", {}).get("disclosure_policy", "unknown")),
        settings.is_synthetic,
    )


def _refused(connection: warehouse.Connection) -> tuple[Refusal, ...]:
    rows = connection.execute(
        "select source, file_name, reason, refused_count, how_to_mend "
        "from marts.dq_refusal_report order by refused_count nulls first, source, file_name, reason"
    ).fetchall()
    return tuple(Refusal(*row) for row in rows)


def _arrivals(
    connection: warehouse.Connection, current: Release, now: datetime
) -> tuple[Arrival, ...]:
    has_freshness = connection.execute(
        "select count(*) from duckdb_tables() where table_name = 'dq_freshness'"
    ).fetchone()
    if has_freshness and has_freshness[0]:
        rows = connection.execute(
            "select source, last_arrival_at, expected_days from marts.dq_freshness order by source"
        ).fetchall()
    else:
        rows = connection.execute(
            "select source, max(loaded_at) filter (where status = 'loaded'), null "
            "from marts.dq_loads group by source order by source"
        ).fetchall()
    # The release knows what was late when it was made; what is late now is asked of today.
    factor = float(current.manifest.get("policy", {}).get("late_arrival_factor", 1.0))
    return tuple(
        Arrival(
            source,
            last,
            expected,
            is_late=bool(
                last and expected and (now - last).total_seconds() > factor * expected * 86_400
            ),
        )
        for source, last, expected in rows
    )


def _waiting(settings: Settings, known: set[tuple[str, str]]) -> Iterator[str]:
    folders, _ = sources(settings.landing)
    for folder in folders:
        try:
            mapping = read_mapping(folder)
            companions = set(mapping.reader.companions(mapping).values())
        except ScoutError:
            companions = set()
        try:
            paths = sorted(folder.iterdir())
        except OSError:
            yield f"{folder.name}/ (cannot be read)"
            continue
        for place, path in enumerate(paths, start=1):
            if holds_no_records(path.name, companions) or not path.is_file():
                continue
            try:
                is_known = (folder.name, file_hash(path)) in known
            except OSError:
                is_known = False
            if not is_known:
                # A name that may be somebody's is not shown, as in landing.
                hidden = find_in_name(path.name) is not None
                yield f"{folder.name}/{f'file {place} of the folder' if hidden else path.name}"


def _held(settings: Settings, *, is_running: bool) -> Held | None:
    page = settings.held_report
    if not page.exists():
        return None
    rules: tuple[str, ...] = ()
    if not is_running:
        try:
            with warehouse.open_to_read(settings) as connection:
                rows = connection.execute(
                    "select results.table_name, rules.sentence "
                    "from quality.rule_results as results "
                    "inner join quality.rules as rules using (gate, table_name, rule) "
                    "where results.severity = 'critical' and results.status in ('fail', 'error') "
                    "and results.run_id = (select max_by(run_id, checked_at) "
                    "from quality.rule_results) order by all"
                ).fetchall()
                rules = tuple(f"{table}: {sentence}" for table, sentence in rows)
        except (ScoutError, warehouse.Error):
            # The page says it in any case.
            rules = ()
    at = datetime.fromtimestamp(page.stat().st_mtime, UTC).replace(tzinfo=None, microsecond=0)
    return Held(at, str(page), rules)
