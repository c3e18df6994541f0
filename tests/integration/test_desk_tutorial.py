"""The tutorial of the desk does what it says: its own commands, on its own spreadsheet."""

import csv
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from orchestration.desk import worked_questions
from orchestration.desk.worked_questions import questions
from tests.helpers import environment

PAGE = Path(worked_questions.__file__).with_name("README.md")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks() -> list[tuple[str, str]]:
    """The blocks of the five steps, in order: language and content."""
    steps = PAGE.read_text(encoding="utf-8").split("## What you can do with a release")[0]
    return [(found[1], found[2]) for found in BLOCK.finditer(steps)]


@pytest.mark.slow
def test_the_commands_of_the_five_steps_end_in_the_release_they_promise(tmp_path: Path) -> None:
    home = tmp_path / "scout-home"
    programs = Path(sys.executable).parent
    surroundings = environment(
        SCOUT_HOME=str(home), PATH=f"{programs}{os.pathsep}{os.environ['PATH']}"
    )
    said = []
    for language, content in blocks():
        if language == "csv":
            (tmp_path / "visits.csv").write_text(content, encoding="utf-8")
        elif language == "yaml":
            (home / "landing" / "clinic" / "source.yml").write_text(content, encoding="utf-8")
        else:
            done = subprocess.run(
                ["bash", "-ec", content],
                cwd=tmp_path,
                env=surroundings,
                capture_output=True,
                text=True,
                timeout=600,
                check=False,
            )
            assert done.returncode == 0, (content, done.stdout[-2000:], done.stderr[-2000:])
            said.append(done.stdout)
    text = "\n".join(said)
    assert "gad7_7" in (tmp_path / "proposed.yml").read_text() or "some values" in text
    assert "7 rows, nothing to mend" in text
    assert "Release    1, published" in text
    assert "Imaginary" not in text
    with (tmp_path / "changes.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["interval_name"] == "first_to_last"]
    # By hand: from 15 to 6, from 17 to 14, from 9 to 2; the fourth came once.
    phq9 = {row["client_id"]: row for row in rows if row["scale_id"] == "phq9_total"}
    changes = Counter(row["change"] for row in phq9.values())
    assert changes == {"-9.0": 1, "-3.0": 1, "-7.0": 1, "": 1}
    assert "visits.csv" in text.split("Files")[-1]


def test_the_page_counts_its_questions_rightly_and_its_python_is_python() -> None:
    text = PAGE.read_text(encoding="utf-8")
    words = {12: "twelve", 13: "thirteen", 14: "fourteen"}
    assert f"{words[len(questions())]} statements" in text
    for found in BLOCK.finditer(text):
        if found[1] == "python":
            compile(found[2], "README.md", "exec")
