"""The errors a user can meet, each with its exit code.

What belongs here: exceptions whose message is fit for a terminal: what is wrong, where, how to mend it.
What does not: a cell value, a client id, an answer, or another library's message that may carry one.
"""


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
