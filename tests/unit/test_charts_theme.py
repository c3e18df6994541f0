"""The theme: colours that everybody can tell apart and read, on screen and on paper."""

import re

import numpy
import pytest

from orchestration import charts
from orchestration.charts import drawing, theme
from tests import drawn
from tests.unit.test_charts_figures import NAMES, svg_of

PALETTES = pytest.mark.parametrize(
    "palette", [theme.LIGHT, theme.DARK, theme.PRINT], ids=["light", "dark", "print"]
)
# Roles in which letters are written, and what they lie on.
LETTERS = ("ink", "soft", "process", "outcome", "mechanism", "improved", "deteriorated", "before")
# Letters of that role on areas of the other (stacked bars, the map of changes).
ON = [
    *(("paper", role) for role in ("improved", "deteriorated", "process", "outcome", "accent")),
    *(("ink", role) for role in ("unchanged", "unknown", "wash", "heat_1", "heat_2", "heat_3")),
    *(("paper", role) for role in ("heat_4", "heat_5")),
]
# Machado, Oliveira & Fernandes 2009, IEEE TVCG 15:1291, severity 1, on linear RGB.
DEFICIENCIES = {
    "protan": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deutan": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritan": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def linear(colour: str) -> numpy.ndarray:
    channels = numpy.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return numpy.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def lab(rgb: numpy.ndarray) -> numpy.ndarray:
    """CIELAB under D65 (IEC 61966-2-1), from linear RGB."""
    matrix = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    xyz = numpy.array(matrix) @ numpy.clip(rgb, 0, 1) / [0.9505, 1.0, 1.089]
    f = numpy.where(xyz > 0.008856, numpy.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return numpy.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@PALETTES
@pytest.mark.parametrize("deficiency", DEFICIENCIES)
@pytest.mark.parametrize(
    ("one", "other"), [("process", "outcome"), ("improved", "deteriorated"), ("before", "outcome")]
)
def test_what_is_set_against_each_other_is_told_apart_by_every_eye(
    palette: dict[str, str], deficiency: str, one: str, other: str
) -> None:
    seen = [
        lab(numpy.array(DEFICIENCIES[deficiency]) @ linear(palette[role])) for role in (one, other)
    ]
    # A difference of 10 is seen at a glance (CIE 1976).
    assert numpy.linalg.norm(seen[0] - seen[1]) > 15


def test_the_contrast_is_that_of_wcag() -> None:
    assert theme.contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert theme.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@PALETTES
@pytest.mark.parametrize("role", LETTERS)
def test_letters_are_readable_on_paper(palette: dict[str, str], role: str) -> None:
    assert theme.contrast(palette[role], palette["paper"]) >= 4.5
    if role in ("ink", "soft", "process", "outcome", "mechanism"):
        assert theme.contrast(palette[role], palette["wash"]) >= 4.5


@PALETTES
@pytest.mark.parametrize(("letters", "area"), ON)
def test_letters_are_readable_on_what_they_lie_on(
    palette: dict[str, str], letters: str, area: str
) -> None:
    assert theme.contrast(palette[letters], palette[area]) >= 4.5


def test_a_colour_stands_for_one_role_and_every_palette_has_them_all() -> None:
    assert len(set(theme.LIGHT.values())) == len(theme.LIGHT)
    assert set(theme.LIGHT) == set(theme.DARK) == set(theme.PRINT)


@pytest.mark.parametrize("name", NAMES)
def test_a_themed_drawing_has_no_colour_of_its_own(name: str) -> None:
    themed = drawing.themed(svg_of(name))
    left = re.sub(r"var\(--scout-[a-z0-9-]+, #[0-9a-f]{6}\)", "", themed)
    assert not re.search(r'(fill|stroke)="#[0-9a-f]{6}"', left)
    used = set(re.findall(r"--scout-[a-z0-9-]+", themed))
    assert used <= set(re.findall(r"--scout-[a-z0-9-]+", theme.css()))


def test_a_theme_changes_colours_and_nothing_else() -> None:
    plain = svg_of("forest")
    assert drawn.words(drawing.themed(plain)) == drawn.words(plain)


def test_a_picture_as_png_has_twice_the_pixels_and_is_whole() -> None:
    plain = svg_of("forest")
    made = charts.drawing.png(plain)
    width, height = drawing.size_of(plain)
    assert made[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(made[16:20]) == 2 * width
    assert int.from_bytes(made[20:24]) == 2 * height
    assert made.endswith(b"IEND\xaeB`\x82")
