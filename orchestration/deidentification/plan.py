"""What happens to which column of one export.

What belongs here: the plan, and the proof that it covers every column of a header once.
What does not: doing it (rewriting.py).
"""

import fnmatch
from collections.abc import Sequence
from dataclasses import dataclass

from orchestration.errors import SettingsError

__all__ = ["Plan"]

_PLAIN_HASHES = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "blake2", "crc32")
_KINDS = ("pseudonyms", "shifted", "days", "ages", "zips", "dropped")


@dataclass(frozen=True)
class Plan:
    """Columns by what happens to them.

    Attributes:
        client: the column of the client's id, which becomes a pseudonym.
        pseudonyms: further ids (a clinician's, an episode's) that become pseudonyms.
        shifted: dates that move by the client's whole number of weeks.
        days: dates that become days since the client's first contact.
        first_contact: the dates whose earliest is the first contact; else those of ``days``.
        ages: ages in years.
        zips: ZIP codes.
        dropped: columns that do not leave the clinic.
        kept: glob patterns of columns that stay as they are.
        date_format: how dates are written, in the notation of strptime.
        method: how pseudonyms are made; only ``hmac-sha256``.
    """

    client: str
    pseudonyms: tuple[str, ...] = ()
    shifted: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    first_contact: str | None = None
    ages: tuple[str, ...] = ()
    zips: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    date_format: str = "%Y-%m-%d"
    method: str = "hmac-sha256"

    def action_of(self, header: Sequence[str]) -> dict[str, str]:
        """What happens to each column of ``header``, in its order.

        Raises:
            SettingsError: a column is missing, named twice, or not named at all; or the method is
                a plain hash.
        """
        self._require_a_key()
        actions = {self.client: "client"}
        for kind in _KINDS:
            for column in getattr(self, kind):
                if column in actions:
                    raise SettingsError(f"Column {column} is named twice; name it once.")
                actions[column] = kind
        named = [*actions, *([self.first_contact] if self.first_contact else [])]
        missing = [column for column in named if column not in header]
        if missing:
            message = (
                f"The file has no column {', '.join(missing)}. Its first line must hold the names "
                "of the columns; capitals count."
            )
            raise SettingsError(message)
        open_columns = [
            number
            for number, column in enumerate(header, start=1)
            if column not in actions
            and not any(fnmatch.fnmatchcase(column, glob) for glob in self.kept)
        ]
        if open_columns:
            message = (
                f"Nothing says what happens to column {', '.join(map(str, open_columns[:12]))} "
                f"({len(open_columns)} in all, counted from the left). Name each with --drop, "
                "--keep, --shift, --day, --age, --zip or --pseudonym; --keep takes patterns "
                "such as 'phq9_*'."
            )
            raise SettingsError(message)
        return {column: actions.get(column, "kept") for column in header}

    def _require_a_key(self) -> None:
        if self.method == "hmac-sha256":
            return
        if self.method.lower().replace("-", "").startswith(_PLAIN_HASHES):
            message = (
                f"{self.method} without a key is no pseudonym: whoever has the file can hash every "
                "possible id and compare. All seven-digit record numbers take a few seconds on a "
                "laptop, dates of birth less. Use hmac-sha256, which needs --key."
            )
            raise SettingsError(message)
        raise SettingsError(f"Scout does not know the method {self.method}; use hmac-sha256.")
