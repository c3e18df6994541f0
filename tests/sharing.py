"""What the processes of one test session share: made by whoever asks first, waited for by others.

What belongs here: making something once. What does not: what is made, or any claim.
"""

import fcntl
import os
import pickle
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

Made = TypeVar("Made")

# The folder of the session's temporary folders, set by conftest before the first test.
_FOLDER: list[Path] = []


def share_in(folder: Path) -> None:
    """Name the folder that all processes of this session know."""
    _FOLDER[:] = [folder]


def made_once(name: str, make: Callable[[Path], Made]) -> Made:
    """What ``make`` made of an empty folder, in this process or in another of this session.

    Args:
        name: of what is made.
        make: makes it; what it returns can be pickled.
    """
    if not _FOLDER:  # a benchmark, which shares with nobody
        with tempfile.TemporaryDirectory() as alone:
            return make(Path(alone))
    (folder,) = _FOLDER
    shared = folder / f"shared-{name}"
    shared.mkdir(exist_ok=True)
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = shared / "made.pickle"
        if not kept.exists():
            kept.write_bytes(pickle.dumps(make(shared / "home")))
        made: Made = pickle.loads(kept.read_bytes())  # noqa: S301 this session wrote it
        return made


def session_folder(base: Path) -> Path:
    """The parent that the temporary folders of a session's processes have in common."""
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
