"""The worked questions: what an evaluator asks first, each answered by one statement.

What belongs here: reading them from ``questions/``, where each is one SQL file.
What does not: their answers, which an evaluator gets by running them on a release.
"""

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "questions"
_READ = "Read: "


@dataclass(frozen=True)
class Question:
    """One question.

    Attributes:
        number: its place, from 1.
        name: its file without number and ending.
        question: in plain words.
        how_to_read: what the answer says, and what it does not.
        statement: the SQL, one SELECT on ``evaluation.duckdb``.
    """

    number: int
    name: str
    question: str
    how_to_read: str
    statement: str


def questions() -> list[Question]:
    """Every worked question, in order."""
    return [_read(path) for path in sorted(FOLDER.glob("*.sql"))]


def _read(path: Path) -> Question:
    number, _, name = path.stem.partition("_")
    lines = path.read_text(encoding="utf-8").splitlines()
    told = [line.removeprefix("--").strip() for line in lines if line.startswith("--")]
    return Question(
        int(number),
        name,
        told[0],
        " ".join(told[1:]).removeprefix(_READ),
        "\n".join(line for line in lines if not line.startswith("--")).strip(),
    )
