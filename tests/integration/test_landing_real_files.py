"""The real exports of the shared data folder come in whole through their mappings."""

import csv
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from orchestration.settings import CHECKOUT
from tests.landing_home import Home, registry_with, seeds

SHARED = Path(os.environ.get("SCOUT_SHARED_DATA") or CHECKOUT.parent / "shared" / "data")
MAPPINGS = CHECKOUT / "tests" / "data_mappings"
pytestmark = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the shared data folder is absent (set SCOUT_SHARED_DATA)"
)


@contextmanager
def landed(
    folder: Path, source: str, file_name: str, mapping: str = "source.yml"
) -> Iterator[Home]:
    """A home into which one real file was received, and nothing of it refused."""
    own = MAPPINGS / source / "instruments"
    registry = registry_with(own) if own.is_dir() else seeds()
    with Home(folder, registry).opened() as home:
        place = home.settings.landing / source
        place.mkdir(parents=True)
        shutil.copy(SHARED / source / file_name, place)
        shutil.copy(MAPPINGS / source / mapping, place / "source.yml")
        file = home.receive_one()
        assert (file.status, file.reasons, file.rows_refused) == ("loaded", {}, 0)
        yield home


def lines(source: str, file_name: str) -> list[dict[str, str]]:
    """The file as Python's own reader sees it."""
    with (SHARED / source / file_name).open(newline="") as stream:
        return list(csv.DictReader(stream))


def test_pospsy_lands_whole_with_both_rows_of_its_two_repeated_occasions(tmp_path: Path) -> None:
    with landed(tmp_path, "pospsy", "posPsy_AHI_CESD_original.csv") as home:
        assert home.ask("select rows_read, rows_loaded from raw.loads") == [(992, 992)]
        people = "select count(*), count(distinct client_id) from raw."
        assert home.ask(people + "stated_scores") == [(992 * 2, 295)]
        assert home.ask(people + "item_responses") == [(992 * 44, 295)]
        twice = home.ask(
            "select client_id, occasion from raw.stated_scores where scale_id = 'cesd_total'"
            " group by all having count(*) > 1 order by all"
        )
        assert twice == [("64", "4"), ("8", "2")]
        stored = sum(
            int(row[f"cesd{n:02d}"])
            for row in lines("pospsy", "posPsy_AHI_CESD_original.csv")
            for n in range(1, 21)
        )
        answers = (
            "select sum(response::integer), min(response_shift), max(response_shift) from "
            "raw.item_responses"
        )
        assert home.ask(f"{answers} where instrument_id = 'cesd'") == [(stored, 1, 1)]


def test_beat_the_blues_lands_with_its_drop_out(tmp_path: Path) -> None:
    with landed(tmp_path, "beat_the_blues", "BtheB.csv") as home:
        expected = {
            occasion: sum(
                row[f"bdi.{occasion}"] != "" for row in lines("beat_the_blues", "BtheB.csv")
            )
            for occasion in ("pre", "2m", "3m", "5m", "8m")
        }
        found = home.ask("select occasion, count(score) from raw.stated_scores group by 1")
        assert dict(found) == expected
        days = home.ask("select distinct occasion, day from raw.stated_scores order by day::int")
        assert days == [("pre", "0"), ("2m", "61"), ("3m", "91"), ("5m", "152"), ("8m", "243")]


def test_both_suddengains_files_give_the_same_scores(tmp_path: Path) -> None:
    columns = "client_id, scale_id, score, occasion, occasion_order, record_key"
    with landed(tmp_path / "good", "suddengains", "sgdata.csv") as home:
        good = home.current("stated_scores", columns)
    with landed(tmp_path / "bad", "suddengains", "sgdata_bad.csv", "source_bad.yml") as home:
        bad = home.current("stated_scores", columns)
    assert len(good) == sum(
        value != ""
        for row in lines("suddengains", "sgdata.csv")
        for key, value in row.items()
        if key != "id"
    )
    assert good == bad


def test_keng_lands_with_wave_and_item_read_from_the_column_names(tmp_path: Path) -> None:
    with landed(tmp_path, "keng", "depress.csv") as home:
        expected = {
            (str(wave), str(item)): sum(
                int(row[f"depr{wave}i{item}"]) for row in lines("keng", "depress.csv")
            )
            for wave in (1, 2, 3)
            for item in range(1, 21)
        }
        found = home.ask(
            "select occasion, item, sum(response::int) from raw.item_responses group by all"
        )
        assert {(occasion, item): total for occasion, item, total in found} == expected


def test_the_worked_example_of_jacobson_and_truax_lands(tmp_path: Path) -> None:
    with landed(tmp_path, "jacobson_truax_1991", "sample_data.csv") as home:
        found = home.ask(
            "select client_id, max(score) filter (occasion = 'pre'), max(score) filter "
            "(occasion = 'post')"
            " from raw.stated_scores group by 1"
        )
        expected = {
            (r["ppid"], r["pre_data"], r["post_data"])
            for r in lines("jacobson_truax_1991", "sample_data.csv")
        }
        assert set(found) == expected
