"""How numbers are told: signs, digits, intervals, and what is said in place of a number.

What belongs here: turning a value and its status into words, the same way in every picture,
caption and table. What does not: which number it is.
"""

import re
from typing import Literal

# A number stays on one line with what belongs to it.
_JOINED = "\u00a0"
MINUS = "\u2212"

HELD_BACK = "held back"
NOT_COMPUTABLE = "not computable"
# With tens of thousands of clients both ends of an interval are written alike.
INSIDE_ROUNDING = "interval inside rounding"

Kind = Literal["number", "proportion"]


def number(value: float, digits: int = 2) -> str:
    """A number with its sign: a minus is a minus, not a hyphen, and there is no negative zero."""
    text = f"{value:,.{digits}f}"
    if text.startswith("-"):
        text = MINUS + text[1:] if text.strip("-0.,") else text[1:]
    return text


def percent(value: float, digits: int | None = None) -> str:
    """A proportion in percent, with one decimal where its digits have one: 0.47 as ``47%``."""
    return f"{100 * value:.{_decimals(value) if digits is None else digits}f}%"


def _decimals(proportion: float) -> int:
    hundred = round(100 * proportion, 1)
    return 0 if hundred == round(hundred) else 1


def count(value: float) -> str:
    """A count with its thousands marked."""
    return f"{round(value):,}"


def told(value: float, kind: Kind = "number", digits: int = 2) -> str:
    """A value by its kind."""
    return percent(value) if kind == "proportion" else number(value, digits)


def with_interval(
    value: float,
    low: float | None,
    high: float | None,
    kind: Kind = "number",
    digits: int = 2,
) -> str:
    """``0.31 (0.12 to 0.47)``, or the value alone where it has no interval."""
    if low is None or high is None:
        return told(value, kind, digits)
    if kind == "proportion":
        decimals = max(_decimals(one) for one in (value, low, high))
        middle, start, end = (percent(one, decimals) for one in (value, low, high))
    else:
        middle, start, end = (number(one, digits) for one in (value, low, high))
    return f"{middle} ({INSIDE_ROUNDING if start == end else f'{start} to {end}'})"


def n_of(size: float | None) -> str:
    """``n = 106``, or that n is held back."""
    return f"n{_JOINED}={_JOINED}{count(size)}" if size is not None else f"n {HELD_BACK}"


def instead(status: str | None) -> str:
    """What is said in place of a value that is not shown."""
    return NOT_COMPUTABLE if status == "not_computable" else HELD_BACK


def why(
    status: str | None,
    smallest: int | None,
    reason: str | None = None,
    size: float | None = None,
) -> str:
    """Why a value is not shown, a sentence.

    Args:
        status: of the value.
        smallest: the smallest group that is shown, where the release says so.
        reason: why it is not computable, where the table says so.
        size: how many stand behind the value, where that is shown.
    """
    if status == "shown":
        return "This release does not hold what would be drawn."
    if status == "not_computable":
        return f"Not computable: {reason}." if reason else "Not computable from these data."
    group = f"fewer than {smallest}" if smallest else "very few"
    if size and size >= (smallest or 1):
        return f"Held back: beside other numbers it would give away a group of {group} people."
    return f"Held back: it would tell about a group of {group} people."


def none_shown(smallest: int | None) -> str:
    """What is said once where every number is held back, in place of as many reasons."""
    group = f"fewer than {smallest}" if smallest else "very few"
    return (
        f"Not one of these numbers is shown yet: each would tell about a group of {group} people. "
        "They come by themselves with the first release that has enough people behind them."
    )


def plural(size: float, one: str, more: str | None = None) -> str:
    """``1 client``, ``12 clients``."""
    return f"{count(size)} {one if round(size) == 1 else more or f'{one}s'}"


def listed(parts: list[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def sentence(text: str) -> str:
    """``text`` with a capital in front and a full stop behind."""
    text = text.strip()
    if not text:
        return ""
    text = text[0].upper() + text[1:]
    return text if text.endswith((".", "?", "!")) else f"{text}."


def plain(identifier: str) -> str:
    """An identifier as words: ``self_compassion`` as ``self-compassion``."""
    named = identifier.replace("self_", "self-").replace("_", " ").strip()
    return re.sub(r"\bnhs\b", "NHS", named)


def short_name(scale_name: str) -> str:
    """A scale's name without what only a manual needs: ``, total``, ``(13 items)``."""
    name = re.sub(r",? total\b.*$", "", scale_name)
    return re.sub(r" \([^)]*items?[^)]*\)", "", name).strip() or scale_name


def mid_sentence(name: str) -> str:
    """A name inside a sentence: a small letter in front, unless it is an abbreviation."""
    return name if len(name) > 1 and name[1].isupper() else name[:1].lower() + name[1:]
