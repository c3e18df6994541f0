"""Counts of one table whose people are among those of another: few may not be left over.

What belongs here: which published counts lie within which of other tables, and what is held back.
What does not: counts of one table (``protection``), or estimates, which their models hold back
where too few are left over (``macros/published_estimates.sql``).

Of 60 who were referred 57 filled in a questionnaire: both are large, and three did not. The count
that lies within is held back then, with what rests on it and the total that it is a part of.
"""

from collections.abc import Iterator, Mapping, Sequence

from orchestration.disclosure.history import Block, Name
from orchestration.disclosure.policies import DisclosurePolicy
from orchestration.disclosure.tables import PublishedTable

_ATTRITION, _MEASURES = "pub_attrition", "pub_program_measures"
TOTAL = "all"
_AMONG_THE_REFERRED = {
    (_MEASURES, "episode_count"),
    (_MEASURES, "paired_count"),
    (_MEASURES, "judged_count"),
    ("pub_score_bins", "paired_count"),
}


def left_over_by_few(
    shown: Mapping[Name, int | None],
    tables: Mapping[str, PublishedTable],
    policy: DisclosurePolicy,
    then: Sequence[Mapping[Name, tuple[float, float]]] = (),
) -> set[Name]:
    """Cells to hold back.

    Args:
        shown: every cell as it would be shown, None where it is held back or of another time.
        tables: the published tables, by name.
        policy: the numbers to go by.
        then: what earlier releases told of cells, least and most people: those who came since, and
            are in the one table alone, may not be few either.
    """
    found: set[Name] = set()
    for part, number in shown.items():
        if number is None or part in found:
            continue
        for whole in _wholes(part):
            outer = shown.get(whole)
            if outer is None or whole in found:
                continue
            left = _left(policy.possible(number), policy.possible(outer))
            if left[1] < 0:
                # More among fewer: these are other people.
                continue
            before = [_left(one[part], one[whole]) for one in then if {part, whole} <= one.keys()]
            came = [(left[0] - most, left[1] - least) for least, most in before]
            if any(_is_few(*one, policy.smallest_count) for one in (left, *came)):
                found |= set(_with_dependents(part, shown, tables))
                break
    return found


def _left(inner: tuple[float, float], outer: tuple[float, float]) -> tuple[float, float]:
    """The least and the most people who are in the outer count alone."""
    return outer[0] - inner[1], outer[1] - inner[0]


def _is_few(least: float, most: float, smallest: int) -> bool:
    """Whether that are surely some, but too few: of people, or of those who came or left."""
    return (least >= 1 and most < smallest) or (most <= -1 and -least < smallest)


def _wholes(part: Name) -> Iterator[Name]:
    """The counts of other tables that everybody of a count is in."""
    table, block, cell = part
    program, *rest = block.split("|")
    if (table, cell) in _AMONG_THE_REFERRED:
        yield _ATTRITION, program, "step_1"
    elif (table, cell) == ("pub_sudden_gains", "course_count"):
        yield _MEASURES, block, "paired_count"
        yield _MEASURES, block, "episode_count"
        yield _ATTRITION, program, "step_1"
    elif (table, cell) in (
        ("pub_change_order", "sample_size"),
        ("pub_change_associations", "sample_size"),
    ):
        pair = rest[:2]
        if table == "pub_change_order":
            yield "pub_change_associations", "|".join([program, *pair]), "sample_size"
        for scale in pair:
            yield _MEASURES, f"{program}|{scale}", "paired_count"
        yield _ATTRITION, program, "step_1"


def _with_dependents(
    part: Name, shown: Mapping[Name, int | None], tables: Mapping[str, PublishedTable]
) -> Iterator[Name]:
    """A cell, what rests on it, and both of the total: it would be the total without the others."""
    table, block, cell = part
    cells = tables[table].cells
    resting = {cell}
    while more := {name for name, parent in cells.items() if parent in resting} - resting:
        resting |= more
    total: Block = (table, "|".join([TOTAL, *block.split("|")[1:]]))
    for name in resting:
        for of_block in {(table, block), total}:
            if (*of_block, name) in shown:
                yield (*of_block, name)
