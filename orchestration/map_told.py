"""What ``scout map`` tells of a proposal beside the file it writes.

What belongs here: the outcome and its lines on the terminal. What does not: how it came about.
"""

from dataclasses import dataclass

from rich.console import Console

from orchestration.proposing.proposal import Proposal


@dataclass(frozen=True)
class Mapped:
    """What came of one file.

    Attributes:
        proposal: what its mapping could say.
        warnings: sentences about columns that look identifying.
        text: the proposed ``source.yml``.
        fault: what ``scout doctor`` would say of the proposal; None where it would take it.
    """

    proposal: Proposal
    warnings: tuple[str, ...]
    text: str
    fault: str | None = None

    @property
    def is_ready(self) -> bool:
        """Whether the file could be loaded with this mapping as it stands."""
        return self.proposal.is_complete and not self.warnings and self.fault is None


def tell(console: Console, mapped: Mapped) -> None:
    """Every line of the proposal with how sure it is, and what is left to do."""
    proposal = mapped.proposal
    found = [(f"format {proposal.format}", proposal.shape)]
    found += [(key, reason) for key, _, reason in proposal.settings]
    found += [(role.key, role.reason) for role in proposal.roles]
    found += [(f"{one.instrument_id} items", one.reason) for one in proposal.blocks]
    found += [(one.scale_id, one.reason) for one in proposal.stated]
    lines = [f"{reason.certainty.value:<8} {what}: {reason.text}" for what, reason in found]
    lines += [f"open     {reason.text}" for reason in proposal.open]
    if proposal.unplaced:
        lines.append(f"unplaced {len(proposal.unplaced)} columns, listed in the proposal")
    lines += [f"fill in  {sentence}" for sentence in proposal.to_fill]
    lines += [f"identifying {sentence}" for sentence in mapped.warnings]
    if mapped.fault is not None and proposal.is_complete:
        lines.append(f"fill in  {mapped.fault}")
    for line in lines:
        console.print(line, highlight=False, markup=False, soft_wrap=True)
