"""The errors a user can meet, each with its exit code.

What belongs here: exceptions whose message fits a terminal: what is wrong, where, how to mend it.
What does not: a cell value, a client id, an answer, or another library's message that may quote
one.
"""

import errno
import traceback
from pathlib import Path


class ScoutError(Exception):
    """A fault that a user can mend; its message says what, where and how.

    Attributes:
        exit_code: what ``scout`` returns to the shell when this error ends it.
    """

    exit_code = 2


class SettingsError(ScoutError):
    """Wrong settings, mapping or local definition: nothing was loaded because of it."""

    exit_code = 2


class ReleaseHeldError(ScoutError):
    """A blocking check failed: the last good release stays."""

    exit_code = 1


class WarehouseBusyError(ScoutError):
    """Another run holds the warehouse."""

    exit_code = 3


class UnexpectedError(ScoutError):
    """A fault in Scout itself; its message names the place and the kind, never the data."""

    exit_code = 1


# What the system says of a disk, a share or a network that may be there again in a moment. A full
# disk, a missing file or a missing permission is not among them.
_PASSING = frozenset(
    {
        errno.EAGAIN,
        errno.EBUSY,
        errno.EINTR,
        errno.EIO,
        errno.ENOLCK,
        errno.ESTALE,
        errno.ETIMEDOUT,
        errno.ECONNRESET,
        errno.EHOSTUNREACH,
        errno.ENETUNREACH,
    }
)


def is_passing(error: BaseException) -> bool:
    """Whether the same step may well succeed a moment later."""
    return isinstance(error, OSError) and error.errno in _PASSING


def without_data(stage: str, error: Exception) -> ScoutError:
    """``error`` as one that may be shown and logged.

    Messages of DuckDB, pandas and dbt may quote a cell (reliability.md 0.9), so of a foreign error
    only its class and the last place in Scout's own code are kept.
    """
    if isinstance(error, ScoutError):
        return error
    place = "unknown place"
    for frame in traceback.extract_tb(error.__traceback__):
        if "orchestration" in frame.filename or "expectations" in frame.filename:
            place = f"{Path(frame.filename).name}:{frame.lineno}"
    message = (
        f"Scout failed in {stage} ({type(error).__name__} at {place}). Nothing was published; "
        "the last good release stays. Run again; if it happens again, report this line."
    )
    return UnexpectedError(message)
