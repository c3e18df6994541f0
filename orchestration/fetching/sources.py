"""Every remote source of a home is fetched, one after the other; one that fails stops no other.

What belongs here: which sources are remote, their settings, what became of each.
What does not: how a database or REDCap is read (sql.py, redcap.py).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.errors import ScoutError, SettingsError, without_data
from orchestration.fetching.queries import require_reading
from orchestration.fetching.refusing import FetchError, Secret
from orchestration.fetching.snapshots import LeaveOut, Rows, Snapshot
from orchestration.landing.files import Note, notes
from orchestration.landing.mapping import FILE_NAME, Mapping, read_mapping
from orchestration.landing.withdrawal import SourceIds, Tombstones
from orchestration.progress import Progress
from orchestration.settings import Settings

if TYPE_CHECKING:
    from orchestration.landing.formats.remote import RedcapApiOptions, SqlOptions

# Formats whose files are fetched before landing looks at them.
REMOTE = ("sql", "redcap_api")


@dataclass(frozen=True)
class Fetched:
    """What became of the remote sources of a home.

    Attributes:
        snapshots: source -> its files.
        errors: one message per source that could not be fetched; its last snapshot stays.
    """

    snapshots: dict[str, list[Snapshot]] = field(default_factory=dict)
    errors: tuple[str, ...] = ()

    def told(self) -> str:
        """One line for the progress of a run."""
        files = [one for found in self.snapshots.values() for one in found]
        new = [one for one in files if one.is_new]
        failed = f", {len(self.errors)} not fetched" if self.errors else ""
        return (
            f"remote sources: {len(new)} new snapshots "
            f"({sum(one.rows for one in new):,} rows), {len(files) - len(new)} unchanged{failed}"
        )


def remote_sources(settings: Settings) -> dict[Path, Mapping]:
    """The folders of landing whose files come from elsewhere.

    A folder whose mapping is wrong is left out: landing says what is wrong with it.
    """
    found = {}
    folders = sorted(settings.landing.iterdir()) if settings.landing.is_dir() else []
    for folder in folders:
        if folder.name.startswith(".") or folder.is_symlink() or not folder.is_dir():
            continue
        try:
            mapping = read_mapping(folder)
        except SettingsError:
            continue
        if mapping.format in REMOTE:
            found[folder] = mapping
    return found


def fetch_all(settings: Settings, tell: Callable[[str], None] = lambda text: None) -> Fetched:
    """Bring every remote source's snapshot up to date.

    Args:
        settings: the home.
        tell: is told, source by source, what is being done.
    """
    found: dict[str, list[Snapshot]] = {}
    errors = []
    remote = remote_sources(settings)
    taken = notes(settings.archive) if remote else []
    for folder, mapping in remote.items():
        try:
            found[folder.name] = _fetch(settings, folder, mapping, taken, tell)
        except Exception as error:  # noqa: BLE001 - one source must not stop the others
            errors.append(_sentence(folder, error))
    return Fetched(found, tuple(errors))


def faults_before_fetching(settings: Settings) -> list[str]:
    """What would keep remote sources from being fetched, told without connecting to anything."""
    faults = []
    for folder, mapping in remote_sources(settings).items():
        try:
            _require_settings(mapping)
        except FetchError as error:
            faults.append(f"landing/{folder.name}/{FILE_NAME}: cannot be fetched: {error}")
    return faults


def fetch_with(settings: Settings, progress: Progress) -> Fetched:
    """:func:`fetch_all`, told as a stage of a run; a home without remote sources has no such stage.

    Raises:
        ScoutError: the archive is damaged.
    """
    if not remote_sources(settings):
        return Fetched()
    with progress.stage("fetching", "asking remote sources") as stage:
        fetched = fetch_all(settings, stage.step)
        stage.done(fetched.told())
    return fetched


def _fetch(
    settings: Settings,
    folder: Path,
    mapping: Mapping,
    taken: list[Note],
    tell: Callable[[str], None],
) -> list[Snapshot]:
    def told(text: str) -> None:
        tell(f"{folder.name}: {text}")

    secret = _require_settings(mapping)
    leave_out = _leave_out(settings, mapping)
    if mapping.format == "redcap_api":
        return _fetch_redcap(settings, folder, mapping.options, secret, taken, told, leave_out)
    return _fetch_sql(settings, folder, mapping.options, secret, taken, told, leave_out)


def _leave_out(settings: Settings, mapping: Mapping) -> LeaveOut | None:
    """A remote source still holds clients who withdrew here: Scout's copy of it does not."""
    tombstones = Tombstones(settings.withdrawals)
    if not tombstones:
        return None
    ids = SourceIds.of(tombstones, mapping)

    def test(header: Sequence[str], rows: Rows) -> Callable[[Sequence[str]], bool]:
        return mapping.reader.withdrawn_rows(mapping, ids, header, rows)

    return test


def _require_settings(mapping: Mapping) -> Secret:
    """The secret of a source whose settings are whole.

    Raises:
        FetchError: one is missing, or a query would not only read.
    """
    options = mapping.options
    if mapping.format == "redcap_api":
        if options.url is None or options.token is None:
            raise FetchError("give `url` and `token` under `redcap_api:`.")
        return Secret.of(options.token, "the project's API token")
    if options.connection is None or not options.queries:
        raise FetchError("give `connection` and `queries` under `sql:`.")
    require_reading(options.queries)
    address = "the database's address, postgresql://user:password@host/database for instance"
    return Secret.of(options.connection, address)


def _fetch_sql(
    settings: Settings,
    folder: Path,
    options: "SqlOptions",
    secret: Secret,
    taken: list[Note],
    tell: Callable[[str], None],
    leave_out: LeaveOut | None,
) -> list[Snapshot]:
    from orchestration.fetching.sql import fetch_sql

    return fetch_sql(
        folder,
        secret,
        options.queries,
        seconds=options.seconds,
        scratch=settings.scratch / "fetching",
        notes=taken,
        tell=tell,
        leave_out=leave_out,
    )


def _fetch_redcap(
    settings: Settings,
    folder: Path,
    options: "RedcapApiOptions",
    secret: Secret,
    taken: list[Note],
    tell: Callable[[str], None],
    leave_out: LeaveOut | None,
) -> list[Snapshot]:
    from orchestration.fetching.redcap import fetch_redcap
    from orchestration.fetching.redcap_server import RedcapServer
    from orchestration.fetching.retrying import Patience

    url = str(options.url)
    return fetch_redcap(
        folder,
        RedcapServer(url, secret, seconds=options.seconds, patience=Patience()),
        address=url,
        batch=options.batch,
        full_every_days=options.full_every_days,
        now=settings.clock(),
        scratch=settings.scratch / "fetching",
        notes=taken,
        tell=tell,
        leave_out=leave_out,
    )


def _sentence(folder: Path, error: Exception) -> str:
    """What is wrong with one source, without a secret, a value or a driver's words."""
    shown: ScoutError = without_data("fetching", error)
    if not isinstance(error, ScoutError):
        shown = FetchError(f"fetching failed ({type(error).__name__}). Run again.")
    return f"landing/{folder.name}/{FILE_NAME}: not fetched, the last snapshot stays: {shown}"
