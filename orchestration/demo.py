"""The imaginary clinic in a home, for the demo and for `scout synth`.

What belongs here: where it is written, and that it never mixes with a real clinic's files.
What does not: how imaginary clients are made (``synthetic``).
"""

from pathlib import Path

from rich.console import Console

from orchestration.errors import SettingsError
from orchestration.settings import SYNTHETIC_SOURCE, Settings


def furnish(settings: Settings, clients: int, seed: int, console: Console) -> None:
    """Put the imaginary clinic into this home's landing folder, once.

    Raises:
        SettingsError: the home already holds files of a real source.
    """
    others = _other_sources(settings)
    if others:
        message = (
            f"{settings.landing} holds other sources ({', '.join(others[:3])}). Imaginary and real "
            "clients must not meet: give the demo a home of its own, scout demo --home DIR."
        )
        raise SettingsError(message)
    if (settings.landing / SYNTHETIC_SOURCE).exists():
        console.print(f"The imaginary clinic is already in {settings.landing / SYNTHETIC_SOURCE}.")
        return
    write_imaginary(settings.home, clients, seed, console)


def write_imaginary(out: Path, clients: int, seed: int, console: Console) -> None:
    """Write an imaginary clinic's files under ``out``.

    Raises:
        SettingsError: ``out`` already has a landing folder with files, or cannot be written.
    """
    from orchestration.synthetic import make_clinic, write_clinic

    landing = out / "landing"
    if landing.exists() and any(landing.iterdir()):
        message = f"{landing} is not empty. Choose a new folder with --out."
        raise SettingsError(message)
    console.print(f"Making an imaginary clinic of {clients:,} clients (synthetic, seed {seed}).")
    try:
        out.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_clinic(make_clinic(clients, seed), out)
    except OSError as error:
        message = f"Scout cannot write in {out} ({type(error).__name__}). Choose another folder."
        raise SettingsError(message) from None


def _other_sources(settings: Settings) -> list[str]:
    if not settings.landing.is_dir():
        return []
    return sorted(
        path.name
        for path in settings.landing.iterdir()
        if path.name != SYNTHETIC_SOURCE and not path.name.startswith(".")
    )
