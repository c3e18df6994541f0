"""What landing tells: events while it works, a summary of each file when it is done.

What belongs here: the shapes and their sentences; never a value of any file.
What does not: deciding anything.
"""

from dataclasses import dataclass, field

from orchestration.landing.ledger import Load
from orchestration.landing.loading import Counts


@dataclass(frozen=True)
class LandingEvent:
    """Something to show while landing works.

    Attributes:
        source: the folder.
        file_name: the file.
        phase: receiving, reading, checking, loading, loaded, already_loaded or refused.
        rows: rows concerned, where known.
    """

    source: str
    file_name: str
    phase: str
    rows: int | None = None


@dataclass(frozen=True)
class FileSummary:
    """What became of one file in this call.

    Attributes:
        source: the folder.
        file_name: the file.
        status: loaded, already_loaded or refused.
        counts: rows and values; zeros for a refused file.
        reasons: reason -> number of refused rows or values.
        refusal: the code of a refused file.
        message: what is wrong, or deserves a person's eye, and how to mend it.
        remark: what is worth knowing and needs no mending.
        sequence: the load's number; None where the ledger has none.
        sha256: hash of the bytes; empty where they could not be read.
        record_type: a tidy kind or ``wide``.
    """

    source: str
    file_name: str
    status: str
    counts: Counts = field(default_factory=Counts)
    reasons: dict[str, int] = field(default_factory=dict)
    refusal: str | None = None
    message: str | None = None
    remark: str | None = None
    sequence: int | None = None
    sha256: str = ""
    record_type: str | None = None

    @property
    def rows_read(self) -> int:
        """Records in the file."""
        return self.counts.rows_read

    @property
    def rows_loaded(self) -> int:
        """Rows that added something and had no fault."""
        return self.counts.rows_loaded

    @property
    def rows_refused(self) -> int:
        """Rows with at least one refused value."""
        return self.counts.rows_refused

    @property
    def rows_repeated(self) -> int:
        """Rows without a fault that added nothing."""
        return self.counts.rows_repeated


@dataclass(frozen=True)
class LandingSummary:
    """One call of :func:`receive`.

    Attributes:
        files: every file that lies in landing, and every one loaded again from the archive.
        mapping_errors: one message per source that could not be used at all.
    """

    files: tuple[FileSummary, ...]
    mapping_errors: tuple[str, ...]

    @property
    def has_changed(self) -> bool:
        """Whether raw holds anything new."""
        return any(outcome.status == "loaded" for outcome in self.files)


def refusal_summary(known: Load, name: str) -> FileSummary:
    """A refused file as the ledger remembers it, under the name it has now."""
    return FileSummary(
        known.source,
        name,
        "refused",
        refusal=known.refusal,
        message=known.message,
        sequence=known.sequence,
        sha256=known.sha256 or "",
        record_type=known.record_type,
    )


def conflict(counts: Counts) -> str | None:
    """What deserves a person's eye although it was loaded."""
    if not counts.conflicts:
        return None
    return (
        f"{counts.conflicts} administrations stand twice under one label with different "
        "answers. Both are kept, "
        "numbered by repeat_number; correct the labels in the export if one is wrong."
    )


def remark(counts: Counts) -> str | None:
    """What is worth knowing and needs no mending."""
    told = []
    if counts.superseded:
        told.append(
            f"{counts.superseded} earlier records are corrected; both versions stay in raw."
        )
    if counts.rows_set_aside:
        told.append(f"{counts.rows_set_aside} records are of kinds that nobody asked for.")
    if counts.values_coded:
        told.append(f"{counts.values_coded} values hold a declared code for no answer.")
    return " ".join(told) or None
