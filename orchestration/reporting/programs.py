"""The program reports: one page per program and one over all, made to be mailed and printed.

What belongs here: which figures a page shows, in which order, and the pages' facts.
What does not: how a figure is drawn or worded (``charts``), a file, or a number of its own:
everything comes from the tables of ``dashboard.duckdb``.
"""

import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from orchestration import charts
from orchestration.charts import words
from orchestration.charts.figure import Figure, Tables
from orchestration.charts.selecting import Prepared, leading_scales, program_name, rows, text
from orchestration.reporting.page import render
from orchestration.reporting.pictures import picture

# The five pictures that also lie in the folder as files (SVG and PNG).
PICTURES = (
    "change_against_change",
    "lead_lag",
    "component_profile",
    "forest",
    "mediation",
)
FOLDER = "pictures"
# Longer tables are folded away; what a map shows is written in it.
ROWS_SHOWN = 9
ALL = "all"
NUMBER_STARTS = f"0123456789{words.MINUS}"


@dataclass(frozen=True)
class Drawn:
    """A figure and its drawing, drawn once for the page and the picture."""

    figure: Figure
    svg: str


@dataclass(frozen=True)
class Part:
    """A section of a page."""

    title: str
    lead: str
    figures: Sequence[Drawn]


@dataclass(frozen=True)
class Program:
    """What the pages say of one program, or of all of them together."""

    program_id: str
    name: str
    file: str
    parts: Sequence[Part]


def program_pages(tables: Tables) -> dict[str, str | bytes]:
    """Every file of the program reports.

    Args:
        tables: the published tables by name, whole.

    Returns:
        Text or bytes by path inside ``reports/``: ``index.html``, a page per program and one over
        all, and the pictures.
    """
    tables = Prepared(tables)
    programs = [_program(tables, program_id, name) for program_id, name in _listed(tables)]
    release = _release(tables)
    files: dict[str, str | bytes] = {"index.html": _index(tables, programs, release)}
    for program in programs:
        files[program.file] = _page(tables, program, release)
        for drawn in _pictures(program):
            made = picture(drawn.figure, drawn.svg, program.name, release)
            name = f"{FOLDER}/{_stem(program)}.{drawn.figure.name}"
            files[f"{name}.svg"] = made
            files[f"{name}.png"] = charts.drawing.png(made)
    return files


def _listed(tables: Tables) -> Iterator[tuple[str, str]]:
    """Programs by name, then all of them together; identifiers as they are published."""
    found = {str(row["program_id"]) for row in rows(tables, "pub_programs")}
    named = sorted((program_name(tables, program_id), program_id) for program_id in found - {ALL})
    for name, program_id in named:
        yield program_id, name
    yield ALL, program_name(tables, ALL)


def _program(tables: Tables, program_id: str, name: str) -> Program:
    parts = [
        Part("Change", CHANGE_LEAD, _draw(_change(tables, program_id))),
        Part("The link", LINK_LEAD, _draw(_link(tables, program_id))),
    ]
    return Program(program_id, name, f"{_file_stem(program_id)}.html", parts)


CHANGE_LEAD = (
    "Where clients began and ended, who changed by more than measuring would explain, and how many "
    "were lost on the way."
)
LINK_LEAD = (
    "Whether self-compassion and symptoms change together, and which goes first. Nothing here is "
    "controlled by a comparison group."
)


def _change(tables: Tables, program_id: str) -> Iterator[Figure]:
    yield charts.attrition(tables, program_id=program_id)
    if program_id == ALL:
        return
    yield charts.reliable_change_classes(tables, program_id=program_id)
    scales = [
        one for role in ("process", "outcome") for one in leading_scales(tables, program_id, role)
    ]
    for one in scales:
        yield charts.start_and_end(tables, program_id=program_id, scale_id=one.scale_id)


def _link(tables: Tables, program_id: str) -> Iterator[Figure]:
    processes = leading_scales(tables, program_id, "process")
    outcomes = leading_scales(tables, program_id, "outcome")
    if not processes or not outcomes:
        return
    pair: dict[str, Any] = {
        "process_scale_id": processes[0].scale_id,
        "outcome_scale_id": outcomes[0].scale_id,
    }
    if program_id != ALL:
        yield charts.change_against_change(tables, program_id=program_id, **pair)
    yield charts.lead_lag(tables, program_id=program_id, **pair)
    if program_id == ALL:
        for kind in ("program", "condition"):
            yield charts.forest(tables, stratum_kind=kind, **pair)
        yield charts.component_estimates(
            tables, program_id=program_id, outcome_scale_id=pair["outcome_scale_id"]
        )
    else:
        yield charts.component_profile(tables, program_id=program_id)
        yield charts.forest(tables, stratum_kind="program", program_id=program_id, **pair)
    mechanisms = leading_scales(tables, program_id, "mechanism")
    if mechanisms:
        yield charts.mediation(
            tables, program_id=program_id, mediator_scale_id=mechanisms[0].scale_id, **pair
        )


def _draw(figures: Iterable[Figure]) -> list[Drawn]:
    return [Drawn(figure, charts.drawing.svg(figure)) for figure in figures]


def _pictures(program: Program) -> Iterator[Drawn]:
    """The first figure of each of the five kinds; there is none of what could not be drawn."""
    seen: set[str] = set()
    for part in program.parts:
        for drawn in part.figures:
            if drawn.figure.name in PICTURES and drawn.svg and drawn.figure.name not in seen:
                seen.add(drawn.figure.name)
                yield drawn


def _page(tables: Tables, program: Program, release: Mapping[str, object]) -> str:
    numbers = charts.key_numbers(tables, program_id=program.program_id)
    is_held = all(number.value == words.HELD_BACK for number in numbers)
    return render(
        "program.html",
        program=program,
        release=release,
        numbers=numbers,
        none_shown=words.none_shown(charts.smallest_count(tables)) if is_held else "",
        sentences=charts.glance(tables, program_id=program.program_id),
        theme=Markup(charts.theme.css()),  # noqa: S704  # our own, no value of a file in it
        pictures=[f"{FOLDER}/{_stem(program)}.{one.figure.name}" for one in _pictures(program)],
        rows_shown=ROWS_SHOWN,
        numeric=_numeric,
        inline=_inline,
    )


def _index(tables: Tables, programs: Sequence[Program], release: Mapping[str, object]) -> str:
    return render(
        "index.html",
        release=release,
        programs=[
            (program, charts.key_numbers(tables, program_id=program.program_id))
            for program in programs
        ],
        together=[
            sentence
            for sentence in charts.glance(tables, program_id=ALL)
            if sentence.topic in ("process", "outcome", "link", "limits")
        ],
        theme=Markup(charts.theme.css()),  # noqa: S704  # our own, no value of a file in it
    )


def _numeric(figure: Figure) -> list[bool]:
    """Which columns of its table hold numbers, some of them perhaps held back."""
    table = figure.table
    return [
        bool(place) and any(_is_number(str(cell)) for cell in table.iloc[:, place] if cell)
        for place in range(len(table.columns))
    ]


def _is_number(cell: str) -> bool:
    return cell[:1] in NUMBER_STARTS or cell in (words.HELD_BACK, words.NOT_COMPUTABLE)


def _inline(drawn: Drawn) -> Markup:
    # Vega has escaped every text of a drawing (tests/unit/test_charts_drawing.py holds it to that).
    return Markup(charts.drawing.themed(drawn.svg))  # noqa: S704  # Vega has escaped its texts


def _release(tables: Tables) -> dict[str, object]:
    """What a page says of the release, in words: nothing where the release itself says nothing."""
    found = rows(tables, "pub_release")
    row = found[0] if found else {}
    return {
        "number": text(row, "release_number"),
        "built_on": text(row, "built_at")[:10],
        "newest_file_on": text(row, "last_arrival_at")[:10],
        "is_synthetic": bool(row.get("is_synthetic")),
    }


def _stem(program: Program) -> str:
    return program.file.removesuffix(".html")


def _file_stem(program_id: str) -> str:
    """A program's identifier as a file name: whatever a clinic calls it, it stays in the folder."""
    safe = re.sub(r"[^a-z0-9_-]+", "-", program_id.lower()).strip("-")
    # Two identifiers may be alike after that; what was changed gets a check sum.
    told = "" if safe == program_id else f"-{zlib.crc32(program_id.encode()):08x}"
    return "all_programs" if program_id == ALL else f"program_{safe}{told}"
