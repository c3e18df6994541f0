"""Newcomers who are measured, or in a pair, and in no estimate of it: few may not be told.

What belongs here: which estimates rest on some of the people of which other counts, and which of
them wait because of whom they leave out.
What does not: counts of other tables (``nested``). Who is left out of one release alone the models
judge too (``macros/published_estimates.sql``), which know what an instrument is made of.

Of 12 who came to a pair 11 have a rating of the alliance: the pair may move, and so may the
estimate, and both releases leave out enough. But the one is known to be there: who has no rating,
no middle score, or no counted course, and that is what a course came to. So an estimate keeps what
the last release said of it until nobody, or enough, were left out of it since. Its row over all
programs waits with it: without the others it would be that program's.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from orchestration.disclosure.history import Block, Name
from orchestration.disclosure.nested import (
    MEASURES,
    TOTAL,
    Range,
    came_into_the_rest,
    is_few,
    left_over,
)
from orchestration.disclosure.policies import DisclosurePolicy

_LINKS, _SIZE = "pub_change_associations", "sample_size"
_COMPONENTS, _BENCHMARKS = "pub_components", "pub_benchmarks"
_ESTIMATES = {"pub_lead_lag", _COMPONENTS, "pub_mediation", "pub_delivery", _BENCHMARKS}


def waiting_estimates(
    shown: Mapping[Name, int | None],
    policy: DisclosurePolicy,
    then: Sequence[Mapping[Name, Range]],
) -> set[Block]:
    """Blocks of estimates whose numbers of now would tell of few newcomers whom they leave out.

    Args:
        shown: every cell as it would be shown, None where it is held back or of another time.
        policy: the numbers to go by.
        then: what earlier releases told of cells, least and most people.
    """
    links: dict[tuple[str, str], list[Name]] = {}
    for name in shown:
        if name[0] == _LINKS:
            program, _, outcome = name[1].split("|")
            links.setdefault((program, outcome), []).append(name)
    found: set[Block] = set()
    for part, number in shown.items():
        if not number or part[:2] in found or not _is_judged(part):
            continue
        inner = policy.possible(number)
        outer = {
            whole: policy.possible(size)
            for whole in _wholes(part, links)
            if (size := shown.get(whole)) is not None
        }
        # More among fewer: these are other people.
        outer = {whole: size for whole, size in outer.items() if size[1] >= inner[0]}
        came = [one for earlier in then for one in came_into_the_rest(inner, outer, part, earlier)]
        left = [] if part[0] == _COMPONENTS else [left_over(inner, one) for one in outer.values()]
        if not outer or any(is_few(*one, policy.smallest_count) for one in (*left, *came)):
            table, block = part[:2]
            found |= {(table, block), (table, "|".join([TOTAL, *block.split("|")[1:]]))}
    return found


def _is_judged(part: Name) -> bool:
    """All programs wait for their parts; a rate is beside itself, among the rates."""
    table, block, _ = part
    return (
        table in _ESTIMATES
        and not block.startswith(f"{TOTAL}|")
        and not (table == _BENCHMARKS and block.endswith("|none"))
    )


def _wholes(part: Name, links: Mapping[tuple[str, str], Iterable[Name]]) -> Iterator[Name]:
    """The counts that everybody of an estimate is in."""
    table, block, _ = part
    program, *rest = block.split("|")
    if table == "pub_lead_lag":
        yield _link(program, *rest)
    elif table == _COMPONENTS:
        # Which scales are components of an instrument is not known here: beside every process.
        yield from links.get((program, rest[1]), ())
    elif table == "pub_mediation":
        process, mediator, outcome, _ = rest
        yield _link(program, process, outcome)
        yield _link(program, process, mediator)
        yield _link(program, mediator, outcome)
        yield table, "|".join([program, process, mediator, outcome, "first_to_last"]), _SIZE
    elif table == "pub_delivery":
        yield _link(program, *rest[:2])
        yield MEASURES, f"{program}|{rest[1]}", "paired_count"
    elif table == _BENCHMARKS:
        yield MEASURES, f"{program}|{rest[2]}", "paired_count"


def _link(program: str, process: str, outcome: str) -> Name:
    return _LINKS, "|".join([program, process, outcome]), _SIZE
