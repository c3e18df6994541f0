"""The one error of fetching, and how a secret is held.

What belongs here: what a failed fetch may say (one sentence, never a secret, never a server's own
words, which may quote either a secret or a cell), and reading a secret from the environment.
What does not: retrying, connecting.
"""

import os
import re

from orchestration.errors import ScoutError

VARIABLE_NAME = re.compile(r"[A-Z_][A-Z0-9_]{0,63}")


class FetchError(ScoutError):
    """A remote source could not be read; its last snapshot stays as it was."""

    exit_code = 2


class Secret:
    """A secret that cannot be printed by accident.

    Attributes:
        variable: the environment variable that holds it.
    """

    __slots__ = ("_value", "variable")

    def __init__(self, variable: str, value: str) -> None:
        """Hold ``value``, which came from the environment variable ``variable``."""
        self.variable = variable
        self._value = value

    @classmethod
    def of(cls, variable: str, what: str) -> "Secret":
        """The secret that an environment variable holds.

        Args:
            variable: its name.
            what: what it should hold, for the message.

        Raises:
            FetchError: it is not set.
        """
        value = os.environ.get(variable, "").strip()
        if not value:
            raise FetchError(
                f"the environment variable {variable} is not set. Set it to {what}, for the user "
                "who runs Scout, and run again."
            )
        return cls(variable, value)

    def reveal(self) -> str:
        """The secret itself: only for the call that needs it."""
        return self._value

    def __repr__(self) -> str:
        return f"<secret in {self.variable}>"

    __str__ = __repr__

    def __reduce__(self) -> tuple[type, tuple[str, str]]:
        raise TypeError("a secret is not written anywhere")
