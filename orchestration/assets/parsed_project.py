"""The dbt project as dbt reads it: once for all homes of this checkout, and kept beside it.

What belongs here: where the reading is kept, when it is out of date, and reading ahead in a process
of its own while this one has other things to do.
What does not: how dbt is called (``dbt_calling``), or building anything (``dbt_in_process``).

Reading costs ten processor seconds, taking it up again a third of one.
"""

import contextlib
import gc
import hashlib
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.assets.dbt_calling import invoke
from orchestration.errors import SettingsError
from orchestration.settings import Settings

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

_MANIFEST, _PACKED = "manifest.json", "manifest.msgpack"
_READ_BY_DBT = frozenset({".sql", ".yml", ".md", ".csv"})
# A reading of another state of the project may be in use by a run that began before a change.
_STALE_AFTER_SECONDS = 24 * 60 * 60

# What this process has read, by digest, and which readings are under way.
_PARSED: "dict[str, ParsedProject]" = {}
_AHEAD: dict[str, subprocess.Popen[bytes]] = {}


@dataclass(frozen=True)
class ParsedProject:
    """What dbt knows of the project.

    Attributes:
        path: dbt's manifest as a file, which dagster-dbt reads.
        manifest: the same as dbt's own object.
    """

    path: Path
    manifest: "Manifest"


def parsed_project(settings: Settings) -> ParsedProject:
    """The project as it stands; read anew only when a file of it, or dbt, has changed.

    Raises:
        SettingsError: the project does not parse.
    """
    digest = _digest(settings)
    if digest not in _PARSED:
        if (ahead := _AHEAD.pop(digest, None)) is not None:
            ahead.wait()
        # Whatever went wrong elsewhere is told by reading here.
        _PARSED[digest] = _kept(settings, digest) or _read(settings, digest)
    return _PARSED[digest]


def read_ahead(settings: Settings) -> None:
    """Start reading the project in another process unless that has been done.

    ``parsed_project`` waits for it. Another process, because reading keeps a processor busy all
    the time and Python works on one thing at a time.
    """
    digest = _digest(settings)
    if digest in _PARSED or digest in _AHEAD or _where_kept(settings, digest) is not None:
        return
    command = [sys.executable, "-m", __name__, str(settings.home), str(settings.checkout)]
    quiet = subprocess.DEVNULL
    with contextlib.suppress(OSError):
        _AHEAD[digest] = subprocess.Popen(  # noqa: S603 this Python, no shell
            command, stdin=quiet, stdout=quiet, stderr=quiet
        )


def _digest(settings: Settings) -> str:
    # dbt keeps absolute paths: a moved checkout is read anew.
    digest = hashlib.sha256(f"{settings.checkout}\n{version('dbt-core')}".encode())
    for folder in (settings.dbt_project, settings.seeds):
        for path in sorted(folder.rglob("*")):
            # What dbt itself wrote there is no part of the project.
            inside = path.relative_to(folder)
            if path.suffix in _READ_BY_DBT and inside.parts[0] != "target" and path.is_file():
                digest.update(str(inside).encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _folders(settings: Settings) -> Iterator[Path]:
    """Where readings are kept: beside the project or, where that is not ours, in the home."""
    yield settings.dbt_project / "target"
    yield settings.scratch / "dbt"


def _where_kept(settings: Settings, digest: str) -> Path | None:
    for folder in _folders(settings):
        kept = folder / f"parsed-{digest}"
        # Another account's may not be ours to read.
        with contextlib.suppress(OSError):
            (kept / _PACKED).open("rb").close()
            (kept / _MANIFEST).open("rb").close()
            return kept
    return None


def _kept(settings: Settings, digest: str) -> ParsedProject | None:
    from dbt.contracts.graph.manifest import Manifest

    kept = _where_kept(settings, digest)
    if kept is None:
        return None
    try:
        return ParsedProject(kept / _MANIFEST, Manifest.from_msgpack((kept / _PACKED).read_bytes()))
    except Exception:  # noqa: BLE001 half a file, or of another make: it is read anew
        shutil.rmtree(kept, ignore_errors=True)
        return None


def _read(settings: Settings, digest: str) -> ParsedProject:
    for folder in _folders(settings):
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            place = tempfile.TemporaryDirectory(prefix="parsing-", dir=folder)
        except OSError:
            continue
        with place as scratch:
            result = invoke(settings, ["parse"], target=Path(scratch))
            if not result.success:
                message = f"The dbt project does not parse: {str(result.exception).strip()[-800:]}"
                raise SettingsError(message)
            return ParsedProject(_keep(Path(scratch), folder, digest) / _MANIFEST, result.result)
    message = f"Scout can write neither in {settings.dbt_project} nor in {settings.scratch}."
    raise SettingsError(message)


def _keep(made: Path, folder: Path, digest: str) -> Path:
    """Move what dbt made to where it is looked for, all at once."""
    ready = made / "ready"
    ready.mkdir(mode=0o700)
    (made / "manifest.json").replace(ready / _MANIFEST)
    (made / "partial_parse.msgpack").replace(ready / _PACKED)
    kept = folder / f"parsed-{digest}"
    # Somebody else was quicker: theirs says the same.
    with contextlib.suppress(OSError):
        ready.rename(kept)
    for other in folder.glob("parsed-*"):
        with contextlib.suppress(OSError):
            if other != kept and time.time() - other.stat().st_mtime > _STALE_AFTER_SECONDS:
                shutil.rmtree(other, ignore_errors=True)
    return kept


if __name__ == "__main__":
    # What is read is kept to the end: looking for garbage among it finds none.
    gc.disable()
    _home, _checkout = map(Path, sys.argv[1:3])
    parsed_project(Settings(home=_home, checkout=_checkout))
