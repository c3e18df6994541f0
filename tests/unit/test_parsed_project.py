"""The dbt project is read once for all homes, anew when it changed, and never half."""

from pathlib import Path
from typing import Any

import pytest

from orchestration.assets import parsed_project as reading
from orchestration.assets.parsed_project import parsed_project, read_ahead
from orchestration.errors import SettingsError
from orchestration.settings import CHECKOUT, Settings

MODEL = "select 1 as one"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A dbt project with one model, in a checkout of its own."""
    return _write(tmp_path / "checkout")


def _write(checkout: Path) -> Path:
    project = checkout / "dbt_project"
    (project / "models").mkdir(parents=True)
    (project / "models" / "one.sql").write_text(MODEL)
    (project / "dbt_project.yml").write_text("name: small\nversion: '1.0'\nprofile: scout\n")
    profile = (CHECKOUT / "dbt_project" / "profiles.yml").read_text()
    (project / "profiles.yml").write_text(profile)
    (checkout / "seeds").mkdir()
    return checkout


@pytest.fixture(scope="module")
def read_before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout that another home has read, which no test may change."""
    folder = tmp_path_factory.mktemp("read")
    with pytest.MonkeyPatch.context() as patch:
        _forget(patch)
        assert _models(_home(folder, _write(folder / "checkout"), "first")) == {"one": MODEL}
    return folder / "checkout"


@pytest.fixture(autouse=True)
def newly_started(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a process that has read nothing yet."""
    _forget(monkeypatch)


def _forget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_PARSED", {})
    monkeypatch.setattr(reading, "_AHEAD", {})


def _home(tmp_path: Path, checkout: Path, name: str) -> Settings:
    return Settings(home=tmp_path / name, checkout=checkout)


def _models(settings: Settings) -> dict[str, str]:
    nodes = parsed_project(settings).manifest.nodes.values()
    return {node.name: node.raw_code for node in nodes}


@pytest.mark.slow
def test_another_home_in_another_process_does_not_read_again(
    tmp_path: Path, read_before: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: Any, **__: Any) -> None:
        raise AssertionError

    monkeypatch.setattr(reading, "invoke", never)
    assert _models(_home(tmp_path, read_before, "second")) == {"one": MODEL}


@pytest.mark.slow
def test_a_changed_model_is_read_and_what_dbt_wrote_is_no_change(
    tmp_path: Path, checkout: Path
) -> None:
    settings = _home(tmp_path, checkout, "home")
    before = parsed_project(settings).path
    compiled = checkout / "dbt_project" / "target" / "compiled" / "one.sql"
    compiled.parent.mkdir()
    compiled.write_text("select 1 as one")
    assert parsed_project(settings).path == before
    (checkout / "dbt_project" / "models" / "one.sql").write_text("select 2 as two")
    assert _models(settings) == {"one": "select 2 as two"}


@pytest.mark.slow
def test_half_a_reading_is_read_anew(
    tmp_path: Path, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = _home(tmp_path, checkout, "home")
    packed = parsed_project(settings).path.with_name("manifest.msgpack")
    packed.write_bytes(packed.read_bytes()[:1000])
    _forget(monkeypatch)
    assert _models(settings) == {"one": MODEL}


@pytest.mark.slow
def test_where_the_checkout_may_not_be_written_the_home_keeps_the_reading(
    tmp_path: Path, checkout: Path
) -> None:
    # A file where the folder should be stops the administrator too, who may write anywhere else.
    (checkout / "dbt_project" / "target").write_text("")
    settings = _home(tmp_path, checkout, "home")
    assert parsed_project(settings).path.is_relative_to(settings.home)
    assert _models(settings) == {"one": MODEL}


@pytest.mark.slow  # dbt in a process of its own
def test_what_was_read_ahead_is_waited_for(
    tmp_path: Path, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = _home(tmp_path, checkout, "home")
    read_ahead(settings)

    def never(*_: Any, **__: Any) -> None:
        raise AssertionError

    monkeypatch.setattr(reading, "invoke", never)
    assert _models(settings) == {"one": MODEL}


@pytest.mark.slow  # dbt in a process of its own
def test_a_project_that_does_not_parse_is_told_even_if_it_was_read_ahead(
    tmp_path: Path, checkout: Path
) -> None:
    (checkout / "dbt_project" / "models" / "one.sql").write_text("select {{ ref('nowhere') }}")
    settings = _home(tmp_path, checkout, "home")
    read_ahead(settings)
    with pytest.raises(SettingsError, match="does not parse"):
        parsed_project(settings)
