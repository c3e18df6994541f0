"""A source: one folder of landing, its mapping spelt out, its companions, its contract.

What belongs here: which folders there are, and what is known of one before any of its files.
What does not: judging files (acceptance.py).
"""

import json
import stat
from collections.abc import Collection
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from orchestration.errors import SettingsError
from orchestration.landing import files
from orchestration.landing.columns import instrument_codes, spell_out
from orchestration.landing.files import Received
from orchestration.landing.mapping import FILE_NAME, Mapping, read_mapping
from orchestration.landing.refusals import FileRefusalError
from orchestration.landing.registry import Registry
from orchestration.landing.wide import Wide


@dataclass(frozen=True)
class Source:
    """One folder of landing and how its files are read.

    Attributes:
        name: the folder's name.
        mapping: its ``source.yml``, or the defaults, as the row rules see it.
        wide: the mapping spelt out; None where no landed table is wide.
        contract: hash of mapping, registry and companions.
        place: how messages call the mapping.
        folder: where it lies; None where only the archive remembers it.
        companions: key of the mapping -> a private copy of the companion file.
        given: the mapping as it was written.
        instrument_codes: instrument_id -> codes for no answer among its items.
    """

    name: str
    mapping: Mapping
    wide: Wide | None
    contract: str
    place: str
    folder: Path | None
    companions: Dictionary[str, Received] = field(default_factory=dict)
    given: Mapping = field(default_factory=Mapping)
    instrument_codes: Dictionary[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        name: str,
        mapping: Mapping,
        registry: Registry,
        place: str,
        folder: Path | None,
        companions: Dictionary[str, Received],
    ) -> "Source":
        """A source with its templates spelt out.

        Raises:
            SettingsError: the mapping names something the registry does not know.
        """
        seen = mapping.reader.seen_as(mapping)
        wide = spell_out(seen, registry, place) if mapping.reader.is_wide(mapping) else None
        hashes = {key: one.sha256 for key, one in companions.items()}
        contract = mapping.contract(registry.fingerprint, hashes)
        codes = instrument_codes(mapping, registry, place)
        return cls(name, seen, wide, contract, place, folder, companions, mapping, codes)

    @property
    def companion_names(self) -> Collection[str]:
        """The files of its folder that hold no records."""
        return self.given.reader.companions(self.given).values()

    @property
    def is_landed(self) -> bool:
        """Whether its folder is there."""
        return self.folder is not None

    def require_folder(self) -> Path:
        """Its folder, which the caller knows to be there."""
        if self.folder is None:
            raise FileNotFoundError(self.name)
        return self.folder

    def remembered(self) -> dict[str, Any]:
        """The mapping as the archive's note keeps it."""
        values: dict[str, Any] = json.loads(self.given.canonical())
        return values

    def record_type(self, file_name: str) -> str | None:
        """What the ledger calls the contents of a file."""
        return self.given.reader.record_type(self.given, file_name)


def sources(landing: Path) -> tuple[list[Path], list[str]]:
    """The folders of landing in order, and a message for whatever else lies there."""
    try:
        found = sorted(landing.iterdir())
    except FileNotFoundError:
        return [], []
    except OSError:
        return [], [
            f"{landing} cannot be read. Give Scout permission to it (chmod u+rx), then run again."
        ]
    folders, errors = [], []
    for path in found:
        if path.name.startswith("."):
            continue
        # A link to a folder elsewhere is not ours to read.
        if stat.S_ISDIR(path.lstat().st_mode):
            folders.append(path)
        else:
            errors.append(
                f"landing/{path.name} lies beside the sources. Move it into a folder of its "
                "source, landing/<source>/."
            )
    return folders, errors


def read_source(folder: Path, registry: Registry, scratch: Path) -> Source:
    """The source of a folder.

    Args:
        folder: where it lies.
        registry: what is known of instruments.
        scratch: where private copies of its companions may be put.

    Raises:
        SettingsError: its ``source.yml`` is wrong, or names a companion that cannot be read.
    """
    place = f"landing/{folder.name}/{FILE_NAME}"
    mapping = read_mapping(folder)
    companions = {}
    for key, name in mapping.reader.companions(mapping).items():
        if Path(name).name != name or not (folder / name).exists():
            raise SettingsError(
                f"{place}: key `{key}`: the folder landing/{folder.name} holds no such file. Put "
                "it there beside the data, or correct the name."
            )
        try:
            companions[key] = files.receive_copy(folder / name, scratch / "companions")
        except FileRefusalError as refusal:
            raise SettingsError(f"{place}: key `{key}`: {refusal.message}") from None
    return Source.of(folder.name, mapping, registry, place, folder, companions)
