"""The command line before any command: its version, its help, and what a slip of the hand gets.

What belongs here: claims about ``scout`` itself. What does not: claims about a command's work.
"""

import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from orchestration.cli import app

PROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"


def scout(*words: str) -> Result:
    """What ``scout`` says, in this process."""
    return CliRunner().invoke(app, list(words))


def test_the_version_is_that_of_the_project_alone_on_its_line() -> None:
    stated = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["version"]
    answer = scout("--version")
    assert answer.exit_code == 0
    assert answer.stdout == f"scout {stated}\n"


@pytest.mark.parametrize("asked", ["--help", "-h"])
def test_help_begins_with_what_every_day_needs(asked: str) -> None:
    answer = scout(asked)
    assert answer.exit_code == 0
    places = [answer.stdout.index(f"│ {name} ") for name in ("run", "demo", "pseudonymise")]
    assert places == sorted(places)


def test_scout_alone_says_what_there_is() -> None:
    answer = scout()
    assert "The whole job once" in answer.output
    assert "Traceback" not in answer.output


@pytest.mark.parametrize(
    ("slip", "hint"),
    [("rnu", "run"), ("dashbord", "dashboard"), ("--hlep", "--help"), ("help", "scout --help")],
)
def test_a_slip_of_the_hand_is_answered_with_what_was_meant(slip: str, hint: str) -> None:
    answer = scout(slip)
    assert answer.exit_code == 2
    assert hint in answer.output
    assert "Traceback" not in answer.output
