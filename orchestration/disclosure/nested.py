"""Counts of one table whose people are among those of another: few may not be left over.

What belongs here: which published counts lie within which of other tables, and what is held back.
What does not: counts of one table (``protection``), or estimates (``left_out``), which their models
hold back where too few are left over (``macros/published_estimates.sql``).

Of 60 who were referred 57 filled in a questionnaire: both are large, and three did not. The count
that lies within is held back then, with what rests on it and the total that it is a part of.

And a program of 13 beside one of 10: its size is held back, because all without it are the 10.
Every other number of it says that it has at least so many, so nothing of it is shown.
"""

from collections.abc import Container, Iterator, Mapping, Sequence

from orchestration.disclosure.history import Block, Name
from orchestration.disclosure.policies import DisclosurePolicy
from orchestration.disclosure.tables import PublishedTable

# The least and the most people of a count.
Range = tuple[float, float]
_ATTRITION, MEASURES = "pub_attrition", "pub_program_measures"
TOTAL = "all"
_AMONG_THE_REFERRED = {
    (MEASURES, "episode_count"),
    (MEASURES, "paired_count"),
    (MEASURES, "judged_count"),
    ("pub_score_bins", "paired_count"),
}


def left_over_by_few(
    shown: Mapping[Name, int | None],
    tables: Mapping[str, PublishedTable],
    policy: DisclosurePolicy,
    then: Sequence[Mapping[Name, Range]] = (),
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
        inner = policy.possible(number)
        outer = {
            whole: policy.possible(size)
            for whole in _wholes(part)
            if whole not in found and (size := shown.get(whole)) is not None
        }
        # More among fewer: these are other people.
        outer = {whole: size for whole, size in outer.items() if size[1] >= inner[0]}
        left = [left_over(inner, size) for size in outer.values()]
        came = [one for earlier in then for one in came_into_the_rest(inner, outer, part, earlier)]
        if any(is_few(*one, policy.smallest_count) for one in (*left, *came)):
            found |= set(_with_dependents(part, shown, tables))
    return found


def came_into_the_rest(
    inner: Range, outer: Mapping[Name, Range], part: Name, then: Mapping[Name, Range]
) -> Iterator[Range]:
    """Of each count that a part is in: how many came since an earlier release, and not to the part.

    Args:
        inner: the least and the most people of the part now.
        outer: likewise of the counts that everybody of it is in.
        part: its name.
        then: what the earlier release told of cells.

    What was not told of the part then is bounded by what it was in, and nobody comes to it who does
    not come to all of these.
    """
    whole_then = {whole: then[whole] for whole in outer if whole in then}
    if not whole_then:
        return
    came = {whole: left_over(whole_then[whole], outer[whole]) for whole in whole_then}
    part_then = then.get(part, (0.0, min(most for _, most in whole_then.values())))
    least, most = left_over(part_then, inner)
    if part not in then:
        most = min(most, *(one[1] for one in came.values()))
    for one in came.values():
        yield one[0] - most, one[1] - least


def of_programs_held_back(
    shown: Mapping[Name, int | None],
    tables: Mapping[str, PublishedTable],
    resting: Container[Block],
) -> set[Name]:
    """Every shown cell of a program whose own size is held back.

    Args:
        shown: every cell as it would be shown, None where it is held back or of another time.
        tables: the published tables, by name.
        resting: blocks that keep what an earlier release said, and so are of another time.
    """
    held = {
        block
        for (table, block, cell), number in shown.items()
        if (table, cell) == (_ATTRITION, "step_1")
        and number is None
        and (table, block) not in resting
    }
    return {
        name
        for name, number in shown.items()
        if number is not None and _program(name, tables) in held
    }


def _program(name: Name, tables: Mapping[str, PublishedTable]) -> str | None:
    """The program whose people a count is of; None where it is of others too."""
    key, parts = tables[name[0]].key, name[1].split("|")
    if key[0] == "program_id":
        return parts[0]
    of_kind = dict(zip(key, parts, strict=False))
    if "program" in (of_kind.get("stratum_kind"), of_kind.get("unit_kind")):
        return of_kind.get("stratum_id") or of_kind.get("unit_id")
    return None


def left_over(inner: Range, outer: Range) -> Range:
    """The least and the most people who are in the outer count alone."""
    return outer[0] - inner[1], outer[1] - inner[0]


def is_few(least: float, most: float, smallest: int) -> bool:
    """Whether that are surely some, but too few: of people, or of those who came or left."""
    return (least >= 1 and most < smallest) or (most <= -1 and -least < smallest)


def _wholes(part: Name) -> Iterator[Name]:
    """The counts of other tables that everybody of a count is in."""
    table, block, cell = part
    program, *rest = block.split("|")
    if (table, cell) in _AMONG_THE_REFERRED:
        yield _ATTRITION, program, "step_1"
    elif (table, cell) == ("pub_sudden_gains", "course_count"):
        yield MEASURES, block, "paired_count"
        yield MEASURES, block, "episode_count"
        yield _ATTRITION, program, "step_1"
    elif (table, cell) in (
        ("pub_change_order", "sample_size"),
        ("pub_change_associations", "sample_size"),
    ):
        pair = rest[:2]
        if table == "pub_change_order":
            yield "pub_change_associations", "|".join([program, *pair]), "sample_size"
        for scale in pair:
            yield MEASURES, f"{program}|{scale}", "paired_count"
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
