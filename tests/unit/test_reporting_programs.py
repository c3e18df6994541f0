"""The program reports: what they say, what they never hold, and that a fault holds no release."""

import re
from concurrent.futures import Future
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pandas
import pytest

from orchestration.assets import program_reports
from orchestration.publishing import release
from orchestration.publishing.catalogue import DASHBOARD_TABLES
from orchestration.reporting.programs import PICTURES, program_pages
from orchestration.settings import Settings
from tests import drawn
from tests.chart_frames import LARGE, MECHANISM, empty, held_back, tables
from tests.helpers import Built

Files = dict[str, str | bytes]
PAGE = f"program_{LARGE}.html"


@pytest.fixture(scope="module")
def files() -> Files:
    return program_pages(tables())


def page(files: Files, name: str = PAGE) -> str:
    made = files[name]
    assert isinstance(made, str)
    return made


def text_of(html: str) -> str:
    body = re.sub(r"<svg.*?</svg>", " ", html.split("</style>")[1], flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))


class Tags(HTMLParser):
    """What a page is made of, and every address it names."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [
            value or "" for name, value in attrs if name in ("href", "src", "srcset", "action")
        ]


@pytest.mark.slow
def test_there_is_an_index_a_page_per_program_and_one_over_all(files: Files) -> None:
    pages = {name for name in files if name.endswith(".html")}
    assert pages == {"index.html", PAGE, "program_tiny.html", "all_programs.html"}
    for name in pages - {"index.html"}:
        assert f'href="{name}"' in page(files, "index.html")


@pytest.mark.slow
def test_a_page_begins_with_the_numbers_that_a_board_asks_for(files: Files) -> None:
    told = text_of(page(files))
    assert told.index("At a glance") < told.index("Change") < told.index("The link")
    for said in (
        "release 7",
        "Newest file of 2026-03-01",
        "58.5%",
        "62 of 106 finished courses",
        "Self-compassion rose, from a mean of 2.43 to 2.69",
        "no comparison group",
    ):
        assert said in told


def test_every_drawing_stands_with_its_caption_its_table_and_its_words(files: Files) -> None:
    html = page(files)
    figures = re.findall(r"<figure>(.*?)</figure>", html, flags=re.DOTALL)
    drawings = [figure for figure in figures if "<svg" in figure]
    assert len(drawings) >= 7
    for figure in drawings:
        assert re.search(r'<svg [^>]*role="img" aria-label="[^"]{60,}"', figure)
        assert re.search(r"<figcaption>\s*<p>.{60,}</p>", figure)
        assert "<table>" in figure
    for figure in figures:
        assert "<svg" in figure or 'class="undrawn"' in figure


def test_no_page_fetches_anything_or_runs_a_script(files: Files) -> None:
    for name in (name for name in files if name.endswith(".html")):
        found = Tags(page(files, name))
        assert not {"script", "link", "iframe", "img", "object"} & set(found.tags)
        assert all(re.match(r"[a-z_./0-9-]+$", address) for address in found.addresses)
        outside = set(re.findall(r"https?://[^\"' )<]+", page(files, name)))
        assert outside <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


def test_every_address_on_a_page_is_a_file_of_the_release(files: Files) -> None:
    for name in (name for name in files if name.endswith(".html")):
        addresses = set(Tags(page(files, name)).addresses)
        assert addresses <= {*files, "quality.html"}


def test_the_pictures_are_there_as_svg_and_png_with_the_same_numbers(files: Files) -> None:
    for name in set(PICTURES) - {"forest"}:
        svg = files[f"pictures/program_{LARGE}.{name}.svg"]
        png = files[f"pictures/program_{LARGE}.{name}.png"]
        assert isinstance(svg, str)
        assert isinstance(png, bytes)
        assert png.startswith(b"\x89PNG")
        seen = drawn.texts(svg)
        assert "Self-compassion course · release 7 · 2026-03-02" in seen
        assert "SYNTHETIC DATA: every client is imaginary" in seen
        assert any("n\u00a0=\u00a0106" in text for text in seen)
        assert drawn.overlapping(svg) == []
        # What the page draws, the picture shows.
        inline = re.findall(r"<svg.*?</svg>", page(files), flags=re.DOTALL)
        assert any(set(drawn.texts(one)) <= set(seen) for one in inline)
    assert "pictures/all_programs.forest.svg" in files


@pytest.mark.slow
def test_only_a_synthetic_release_is_stamped() -> None:
    real = program_pages(tables(synthetic=False))
    for made in real.values():
        assert "imaginary" not in str(made)
        assert "SYNTHETIC" not in str(made)


def test_three_clients_have_a_page_on_which_no_number_is_theirs(files: Files) -> None:
    told = text_of(page(files, "program_tiny.html"))
    assert "Tiny group" in told
    assert "Held back: it would tell about a group of fewer than 11 people." in told
    for known in ("fewer than 11", "PHQ-9", "release 7", "2026-03-02", "2026-03-01", "95%"):
        told = told.replace(known, "")
    assert not re.search(r"\d", told)
    assert "<svg" not in page(files, "program_tiny.html")


@pytest.mark.parametrize("frames", [empty(), {}], ids=["empty tables", "no tables"])
def test_a_release_without_a_program_says_so(frames: dict[str, pandas.DataFrame]) -> None:
    made = program_pages(frames)
    assert set(made) == {"index.html", "all_programs.html"}
    assert "This release holds no program yet" in text_of(page(made, "index.html"))


def test_a_release_in_which_all_is_held_back_draws_nothing_and_says_why() -> None:
    made = program_pages(held_back())
    assert not [name for name in made if name.startswith("pictures/")]
    told = text_of(page(made))
    assert told.count("fewer than 11 people") > 5
    assert "nan" not in told.split()
    assert "None" not in told.split()


@pytest.mark.slow
def test_a_name_that_looks_like_markup_stays_text() -> None:
    frames = tables(name="<script>alert(1)</script>")
    made = program_pages(frames)
    for name, content in made.items():
        if isinstance(content, str):
            assert "<script" not in content, name
    assert "<script>alert(1)</script>" in unescape(page(made))


def test_an_identifier_cannot_leave_the_folder_nor_take_anothers_file() -> None:
    frames = tables()
    programs = frames["pub_programs"]
    programs["program_id"] = ["../../x/../A b", "a-b"]
    more = programs.iloc[[0]].assign(program_id="A/b")
    frames["pub_programs"] = pandas.concat([programs, more])
    made = {name for name in program_pages(frames) if name.startswith("program_")}
    assert len(made) == 3
    assert all(re.fullmatch(r"program_[a-z0-9_-]+\.html", name) for name in made)


@pytest.mark.slow
def test_a_mechanism_that_nobody_measured_leaves_out_its_path() -> None:
    frames = tables()
    measures = frames["pub_program_measures"]
    frames["pub_program_measures"] = measures[measures["scale_id"] != MECHANISM]
    assert "a possible path" not in page(program_pages(frames))


def candidate(tmp_path: Path) -> Settings:
    settings = Settings(home=tmp_path)
    release.candidate_folder(settings).mkdir(parents=True)
    return settings


def test_a_fault_in_a_drawing_is_told_without_its_words_and_holds_nothing(tmp_path: Path) -> None:
    settings = candidate(tmp_path)
    failing: Future[program_reports.Files] = Future()
    failing.set_exception(ValueError("client 4711 said so"))
    told = program_reports.write(settings, failing)
    written = release.candidate_folder(settings) / "reports" / "index.html"
    assert told == "The reports could not be drawn (ValueError)."
    assert told in text_of(written.read_text(encoding="utf-8"))
    assert "4711" not in written.read_text(encoding="utf-8")


def test_pages_and_pictures_are_written_into_the_reports_folder(tmp_path: Path) -> None:
    settings = candidate(tmp_path)
    done: Future[program_reports.Files] = Future()
    done.set_result({"index.html": "<p>ü</p>", "pictures/a.png": b"\x89PNG"})
    assert program_reports.write(settings, done) == "2 reports and pictures"
    folder = release.candidate_folder(settings) / "reports"
    assert (folder / "index.html").read_text(encoding="utf-8") == "<p>ü</p>"
    assert (folder / "pictures" / "a.png").read_bytes() == b"\x89PNG"


@pytest.mark.slow
def test_a_release_holds_its_reports_and_every_page_they_name(imaginary_home: Built) -> None:
    folder = imaginary_home.settings.current / "reports"
    index = (folder / "index.html").read_text(encoding="utf-8")
    assert "could not be drawn" not in index
    # Whether a release is synthetic stands in pub_release, once that is published.
    assert ("imaginary" in index) == ("pub_release" in DASHBOARD_TABLES)
    manifest = release.read_current(imaginary_home.settings)
    assert manifest is not None
    assert "reports/index.html" in manifest.manifest["files"]
    for name in Tags(index).addresses:
        assert (folder / name).is_file()
