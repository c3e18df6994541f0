"""THEME: one palette and one type scale, for screen (light, dark) and paper.

What belongs here: which colour means what, how large text is, and the stylesheet that swaps them.
What does not: a chart, or a number. A role has one colour in every chart, on every page: process
scales (self-compassion) are teal, outcomes (symptoms) orange, mechanisms violet; improved is blue,
deteriorated red. Teal and orange, blue and red stay apart for the three common colour deficiencies
(checked in the tests), and no chart relies on colour alone: everything is labelled where it lies.
"""

# Metric-compatible, so that what is measured here fits in every browser; the first is on Linux.
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"

# Sizes in px at the width drawn. Nothing smaller: a page 360 px wide shows a drawing of 400 px.
SMALL = 12
TEXT = 13
LARGE = 15

# Role -> colour on white paper. Each colour stands for one role, so that a finished drawing can be
# themed by its colours alone.
LIGHT = {
    "ink": "#1d2733",  # text
    "soft": "#55616e",  # axes, notes
    "line": "#c9d1d9",  # rules that guide the eye
    "paper": "#ffffff",  # behind everything, and text on a full colour
    "wash": "#f1f4f6",  # what is held back or not known
    "accent": "#24527a",  # an estimate that belongs to neither side; a fitted line
    "process": "#00736b",  # self-compassion and what is thought to move
    "outcome": "#a84e00",  # symptoms, functioning: what treatment is for
    "mechanism": "#6d4aa0",  # what may lie between
    "before": "#6b7785",  # the first score
    "improved": "#1f5fa8",
    "unchanged": "#cfd6dd",
    "deteriorated": "#a3262a",
    "unknown": "#eceff2",
    "heat_1": "#e3ecf5",  # few clients ...
    "heat_2": "#bcd2e6",
    "heat_3": "#8cb1d3",
    "heat_4": "#41739f",
    "heat_5": "#1e4c73",  # ... many
}
DARK = {
    "ink": "#e6eaee",
    "soft": "#a7b1bb",
    "line": "#3f4a55",
    "paper": "#14191f",
    "wash": "#222a33",
    "accent": "#8fbce3",
    "process": "#4fc1b5",
    "outcome": "#f0a05a",
    "mechanism": "#b79be6",
    "before": "#9aa5b1",
    "improved": "#7fb2f0",
    "unchanged": "#46515d",
    "deteriorated": "#f08a8c",
    "unknown": "#2a333d",
    "heat_1": "#1d2a38",
    "heat_2": "#28455f",
    "heat_3": "#3a6a92",
    "heat_4": "#6aa2d0",
    "heat_5": "#b5d8f6",
}
# Ink is black on paper; the other colours stay, a black and white printer still tells them apart.
PRINT = LIGHT | {"ink": "#000000", "soft": "#3d444c"}

HEAT = ("heat_1", "heat_2", "heat_3", "heat_4", "heat_5")
# From this place on the colours are strong: letters on them are as light as paper.
DARK_HEAT = 3

# pub_scales.role -> role of the palette.
OF_SCALE_ROLE = {"process": "process", "outcome": "outcome", "mechanism": "mechanism"}


def css() -> str:
    """The stylesheet that gives a themed drawing its colours: light, dark, print.

    A page may force one with ``data-theme="dark"`` or ``"light"`` on its root.
    """
    return (
        f":root {{ {_variables(LIGHT)} }}\n"
        "@media screen and (prefers-color-scheme: dark) "
        f'{{ :root:not([data-theme="light"]) {{ {_variables(DARK)} }} }}\n'
        f'@media screen {{ :root[data-theme="dark"] {{ {_variables(DARK)} }} }}\n'
        f"@media print {{ :root {{ {_variables(PRINT)} }} }}\n"
    )


def variable(role: str) -> str:
    """The name of a role's CSS variable."""
    return f"--scout-{role.replace('_', '-')}"


def _variables(palette: dict[str, str]) -> str:
    return " ".join(f"{variable(role)}: {colour};" for role, colour in palette.items())


def contrast(one: str, other: str) -> float:
    """How far two colours are apart, 1 to 21 (WCAG 2.2, "contrast ratio"; text needs 4.5)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
