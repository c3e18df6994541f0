"""Has anything changed since the last release? Fingerprints of what goes in and what runs.

What belongs here: hashes over inputs and over Scout's own code, seeds and models.
What does not: reading what the inputs say.
"""

import hashlib
from pathlib import Path

from orchestration.settings import Settings

_CODE_SUFFIXES = frozenset({".py", ".sql", ".yml", ".csv", ".md"})


def of_inputs(settings: Settings) -> str:
    """A hash over every file in landing and instruments, and over what the archive holds."""
    return joined(of_landing(settings), of_archive(settings))


def of_landing(settings: Settings) -> str:
    """A hash over every file in landing and instruments.

    Files are hashed by content: a touched file is no news, a changed byte is.
    """
    digest = hashlib.sha256()
    for folder in (settings.landing, settings.instruments):
        for path in sorted(p for p in folder.rglob("*") if not p.name.startswith(".")):
            if path.is_file() and not path.is_symlink():
                _add(digest, path, path.relative_to(settings.home))
    return digest.hexdigest()


def of_archive(settings: Settings) -> str:
    """A hash over the names in the archive, which are hashes of what they name."""
    digest = hashlib.sha256()
    for path in sorted(settings.archive.glob("*")):
        digest.update(path.name.encode())
    return digest.hexdigest()


def joined(landing: str, archive: str) -> str:
    """One fingerprint of both, for a run that takes them at different moments."""
    return hashlib.sha256(f"{landing}\n{archive}".encode()).hexdigest()


def of_code(settings: Settings) -> str:
    """A hash over everything whose change may change a number: code, models, seeds, suites."""
    digest = hashlib.sha256()
    package = Path(__file__).resolve().parent
    for folder in (settings.dbt_project, settings.seeds, package, package.parent / "expectations"):
        for path in sorted(folder.rglob("*")):
            if path.suffix in _CODE_SUFFIXES and path.is_file():
                _add(digest, path, path.relative_to(folder))
    return digest.hexdigest()


def of_rules(settings: Settings) -> dict[str, str]:
    """A hash for each kind of rule that can move a number while no file does.

    Returns:
        code, models (with the policy numbers), seeds, and the clinic's own definitions.
    """
    folders = {
        "code": Path(__file__).resolve().parent,
        "models": settings.dbt_project,
        "seeds": settings.seeds,
        "definitions": settings.instruments,
    }
    hashes = {}
    for name, folder in folders.items():
        digest = hashlib.sha256()
        for path in sorted(folder.rglob("*")):
            if path.suffix in _CODE_SUFFIXES and path.is_file():
                _add(digest, path, path.relative_to(folder))
        hashes[name] = digest.hexdigest()
    return hashes


def _add(digest: "hashlib._Hash", path: Path, name: Path) -> None:
    digest.update(str(name).encode())
    try:
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    except OSError:
        # Unreadable now; landing will name it. It must not look like the same, readable file.
        digest.update(b"unreadable")
