"""The key: a file of its own, for its owner's eyes only, outside everything Scout keeps.

What belongs here: making, reading and deriving keys.
What does not: what is done with them (transforms.py).

Whoever has the key can tell for any person whether they are in a file: it must never lie where the
pseudonyms lie (ISO 25237: the key is held apart from the data it protects).
"""

import hashlib
import hmac
import os
import secrets
import stat
from dataclasses import dataclass, field
from pathlib import Path

from orchestration.errors import SettingsError

__all__ = ["Key", "make_key", "read_key"]

_BYTES = 32
_LONGEST = 4096


@dataclass(frozen=True)
class Key:
    """A secret for one recipient.

    Attributes:
        secret: the derived bytes; never shown.
        key_id: names the key file without telling anything of it.
        recipient: for whom the pseudonyms are made.
    """

    secret: bytes = field(repr=False)
    key_id: str
    recipient: str

    def digest(self, purpose: str, text: str) -> bytes:
        """HMAC-SHA-256 of ``text`` under a key of its own for each purpose."""
        purposed = hmac.digest(self.secret, purpose.encode(), "sha256")
        return hmac.digest(purposed, text.encode(), "sha256")


def make_key(path: Path, home: Path) -> str:
    """Write a new random key; returns its id.

    Raises:
        SettingsError: the file exists, cannot be written, or lies inside ``home``.
    """
    _require_outside(path, home)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except FileExistsError:
        message = (
            f"{path} exists already. A key that is overwritten is lost with every pseudonym made "
            "by it: choose another name."
        )
        raise SettingsError(message) from None
    except OSError as error:
        message = f"{path} cannot be written ({type(error).__name__}). Choose another folder."
        raise SettingsError(message) from None
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(_BYTES) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return read_key(path, home).key_id


def read_key(path: Path, home: Path, recipient: str = "") -> Key:
    """The key of a file, derived for ``recipient``.

    Raises:
        SettingsError: the file is missing, readable by others, too short, or inside ``home``.
    """
    _require_outside(path, home)
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        message = (
            f"The key file {path} cannot be read ({type(error).__name__}). Make one with "
            "`scout new-key FILE`; it must be a file, not a link."
        )
        raise SettingsError(message) from None
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(file.fileno())
        content = file.read(_LONGEST) if stat.S_ISREG(status.st_mode) else b""
    mode = stat.S_IMODE(status.st_mode)
    if mode & 0o077:
        message = (
            f"The key file {path} can be read by others (mode {mode:04o}). Close it with "
            f"chmod 600 {path}; if others may have read it, make a new key."
        )
        raise SettingsError(message)
    content = content.strip()
    if len(content) < _BYTES or len(set(content)) < 8:
        message = (
            f"The key file {path} does not hold {_BYTES} random bytes or more. A word can be "
            "guessed: make a key with `scout new-key FILE`."
        )
        raise SettingsError(message)
    key_id = hmac.digest(content, b"scout key id", "sha256").hex()[:12]
    salted = hashlib.sha256(b"scout recipient\0" + recipient.encode()).digest()
    return Key(hmac.digest(content, salted, "sha256"), key_id, recipient)


def _require_outside(path: Path, home: Path) -> None:
    if path.absolute().parent.resolve().is_relative_to(home.resolve()):
        message = (
            f"The key file {path} lies inside Scout's home {home}. Keep it apart from the data it "
            "protects, for instance in ~/.config/scout or on a drive of its own."
        )
        raise SettingsError(message)
