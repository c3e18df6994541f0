"""The pictures: a figure as a file of its own, with its title, its words and where it is from.

What belongs here: the frame around a drawing. What does not: the drawing (``charts``), a file.
"""

from collections.abc import Mapping

from markupsafe import Markup

from orchestration.charts import drawing, theme
from orchestration.charts.figure import Figure
from orchestration.charts.measuring import wrap
from orchestration.reporting.page import render

MARGIN = 24
TITLE_SIZE, TEXT_SIZE = 17, 12
TITLE_LINE, TEXT_LINE = 22, 17


def picture(figure: Figure, drawn: str, program: str, release: Mapping[str, object]) -> str:
    """The drawing with title, program, release and note around it, as SVG.

    Args:
        figure: what is drawn.
        drawn: its drawing, as ``drawing.svg`` makes it.
        program: the program's name.
        release: number, date, and whether every client is imaginary.
    """
    width, height = drawing.size_of(drawn)
    title = wrap(figure.title, width, TITLE_SIZE, bold=True)
    caption = wrap(figure.note or figure.caption, width, TEXT_SIZE)
    source = _source(program, release)
    under = wrap(source, width, TEXT_SIZE)
    head = MARGIN + TITLE_LINE * len(title) + TEXT_LINE * len(under) + 14
    foot = head + height + 16
    stamp = 30 if release["is_synthetic"] else 0
    return render(
        "picture.svg",
        figure=figure,
        source=source,
        width=width + 2 * MARGIN,
        height=foot + TEXT_LINE * len(caption) + stamp + MARGIN,
        margin=MARGIN,
        inner=width,
        title=[(MARGIN + 8 + TITLE_LINE * place, line) for place, line in enumerate(title)],
        under=[
            (MARGIN + TITLE_LINE * len(title) + 4 + TEXT_LINE * place, line)
            for place, line in enumerate(under)
        ],
        caption=[(foot + 4 + TEXT_LINE * place, line) for place, line in enumerate(caption)],
        stamp_top=foot + TEXT_LINE * len(caption) if stamp else None,
        # Inside a picture the drawing is a part: the picture as a whole is what is read aloud.
        drawing=Markup(_placed(drawn, MARGIN, head)),  # noqa: S704  # Vega has escaped its texts
        colours=theme.LIGHT,
        font=theme.FONT,
        title_size=TITLE_SIZE,
        text_size=TEXT_SIZE,
    )


def _source(program: str, release: Mapping[str, object]) -> str:
    parts = [program]
    if release["number"]:
        parts.append(f"release {release['number']}")
    if release["built_on"]:
        parts.append(str(release["built_on"]))
    return " · ".join(parts)


def _placed(drawn: str, x: float, y: float) -> str:
    return drawn.replace("<svg ", f'<svg x="{x:g}" y="{y:g}" aria-hidden="true" ', 1)
