"""`scout verify`: a release that was touched after it was published is named, file by file."""

import io
import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from rich.console import Console

from orchestration import warehouse
from orchestration.errors import SettingsError
from orchestration.publishing.verifying import verify
from orchestration.settings import Settings

FILE = "evaluation.duckdb"
PAGE = "reports/quality.html"


def published(settings: Settings, sequence: int, *, told_rows: int = 3) -> Path:
    folder = settings.releases / f"{sequence:06d}"
    (folder / "reports").mkdir(parents=True)
    with warehouse.open_to_write(settings, folder / FILE) as connection:
        connection.execute("create schema marts")
        connection.execute("create table marts.fct_scores as select * from range(3)")
    (folder / PAGE).write_text("a page", encoding="utf-8")
    files = {
        name: {"sha256": sha256((folder / name).read_bytes()).hexdigest()} for name in (FILE, PAGE)
    }
    manifest = {"sequence": sequence, "files": files, "row_counts": {"marts.fct_scores": told_rows}}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def told(settings: Settings, sequence: int | None = None) -> tuple[int, str]:
    console = Console(file=io.StringIO(), width=200)
    code = verify(settings, console, sequence)
    return code, console.file.getvalue()  # type: ignore[attr-defined]


def test_an_untouched_release_agrees(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    published(settings, 1)
    assert told(settings)[0] == 0


def gone(folder: Path) -> None:
    (folder / PAGE).unlink()


def touched(folder: Path) -> None:
    (folder / FILE).write_bytes((folder / FILE).read_bytes() + b"x")


def added(folder: Path) -> None:
    (folder / "reports" / "mine.html").write_text("not Scout's", encoding="utf-8")


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (gone, "the file is gone"),
        (touched, "the bytes have changed"),
        (added, "nobody published this file"),
    ],
)
def test_a_file_that_is_gone_was_touched_or_does_not_belong_is_named(
    tmp_path: Path, damage: Callable[[Path], None], said: str
) -> None:
    settings = Settings(home=tmp_path)
    published(settings, 1)
    damage(published(settings, 2))
    code, text = told(settings)
    assert code == 1
    assert said in text
    assert told(settings, 1)[0] == 0


def test_a_table_with_other_rows_than_the_manifest_tells_is_named(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    published(settings, 1, told_rows=4)
    code, text = told(settings)
    assert code == 1
    assert "row counts differ: marts.fct_scores" in text


def test_a_release_that_is_not_there_is_a_mistake_of_the_caller(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    published(settings, 1)
    with pytest.raises(SettingsError, match="no release 7"):
        verify(settings, Console(file=io.StringIO()), 7)
