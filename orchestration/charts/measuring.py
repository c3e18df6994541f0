"""How wide a text is, roughly, and where to break it: labels are placed before they are drawn.

What belongs here: widths of letters. What does not: anything that is drawn.
"""

# Advance widths of Helvetica, in thousandths of the size (Adobe AFM); Arial and Liberation share
# them. Everything not named is as wide as a small letter.
_WIDTHS = {
    **dict.fromkeys("ijl'|", 222),
    **dict.fromkeys("ftI .,:;/![]\\\u00a0", 278),
    **dict.fromkeys("()r-`", 333),
    **dict.fromkeys("ckvxyzsJ", 500),
    **dict.fromkeys("+=<>~\u2212\u00d7", 584),
    **dict.fromkeys("FTZ", 611),
    **dict.fromkeys("ABEKPSVXY&", 667),
    **dict.fromkeys("CDHNRUw", 722),
    **dict.fromkeys("GOQ", 778),
    **dict.fromkeys("mM", 833),
    **dict.fromkeys("W\u2192\u2190%", 944),
}
_OTHER = 556
# Bold is wider, and a fallback font may be too.
_BOLD = 1.07


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """The width of ``text`` in px at ``size`` px."""
    thousandths = sum(_WIDTHS.get(letter, _OTHER) for letter in text)
    return thousandths * size / 1000 * (_BOLD if bold else 1.0)


def wrap(text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """The words of ``text`` in lines of at most ``width`` px; a longer word has its own line."""
    lines: list[str] = []
    for word in text.split(" "):
        if lines and width_of(f"{lines[-1]} {word}", size, bold=bold) <= width:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    return lines


def shorten(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """``text``, or its beginning and an ellipsis if it is wider than ``width`` px."""
    if width_of(text, size, bold=bold) <= width:
        return text
    while text and width_of(f"{text}…", size, bold=bold) > width:
        text = text[:-1]
    return f"{text.rstrip()}…"
