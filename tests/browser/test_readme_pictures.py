"""The README's pictures are those of the pages as they are.

What belongs here: what the record beside the pictures says against files and pages.
What does not: how the pictures are taken (``readme_pictures``).
"""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.browser import releases
from tests.browser.conftest import PLAIN
from tests.browser.readme_pictures import (
    CLIENTS,
    FOLDER,
    MAKE,
    PICTURES,
    RECORD,
    SEED,
    ReadmePicture,
    digest,
    says,
    style,
)

README = Path(__file__).resolve().parents[2] / "README.md"
REMEDY = f"Run `{MAKE}` and commit orchestration/dashboard/pictures."


def recorded() -> dict[str, Any]:
    """What was written when the pictures were made."""
    told: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8"))
    return told


def test_readme_shows_these_pictures_and_no_other() -> None:
    shown = {path.name for path in FOLDER.glob("*.png")}
    assert shown == {each.file for each in PICTURES} == set(recorded()["pictures"])
    readme = README.read_text(encoding="utf-8")
    assert all(f"orchestration/dashboard/pictures/{name}" in readme for name in shown)


@pytest.mark.parametrize("picture", PICTURES, ids=lambda each: str(each.file))
def test_a_picture_is_the_one_that_was_made_with_its_record(picture: ReadmePicture) -> None:
    kept = recorded()["pictures"][picture.file]["sha256"]
    assert digest((FOLDER / picture.file).read_bytes()) == kept, f"{picture.file}: {REMEDY}"


def test_the_pages_are_coloured_and_laid_out_as_when_the_pictures_were_made() -> None:
    assert recorded()["style"] == style(), f"The pages' style has changed. {REMEDY}"


@pytest.mark.parametrize("picture", PICTURES, ids=lambda each: str(each.file))
def test_a_page_says_what_it_said_when_its_picture_was_made(
    published_home: Path, picture: ReadmePicture
) -> None:
    """Same clinic, same code: every heading, caption, label and number of it."""
    releases.switch(published_home, PLAIN)
    then, now = recorded()["pictures"][picture.file]["says"], says(published_home, picture)
    assert len(then) > 10, "a record of nothing proves nothing"
    new = [piece for piece in now if piece not in then]
    gone = [piece for piece in then if piece not in now]
    assert now == then, f"{picture.file} shows what is no more. {REMEDY} New: {new}; gone: {gone}"


def test_the_record_is_of_the_clinic_that_the_tests_build() -> None:
    built = (Path(__file__).resolve().parents[1] / "conftest.py").read_text(encoding="utf-8")
    assert f"clients={CLIENTS}, seed={SEED}" in built
