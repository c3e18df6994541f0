"""The page of worked questions: what one asks of a release, the SQL, and how to read the answer.

What belongs here: the facts the page is made of.
What does not: an answer: the page may lie beside a release that nobody may see the rows of.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from orchestration.reporting.page import render


@dataclass(frozen=True, kw_only=True)
class QuestionFacts:
    """One question, its statement and how to read what it answers."""

    number: int
    question: str
    how_to_read: str
    statement: str


def questions_page(questions: Sequence[QuestionFacts], *, release: int, is_synthetic: bool) -> str:
    """The page as self-contained HTML."""
    return render("questions.html", questions=questions, release=release, is_synthetic=is_synthetic)
