"""What a tidy file holds: its kind by its name, its columns, which of them are required.

What belongs here: the table of architecture.md section 4, as data.
What does not: reading files, checking values.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class TidyKind:
    """One kind of tidy file.

    Attributes:
        table: the raw table its records go to.
        required: columns that must be there.
        one_of: of these, at least one must be there.
        optional: columns that may be there.
        dates: which of all these hold dates.
        has_attributes: further columns are welcome, each as an attribute.
    """

    table: str
    required: tuple[str, ...]
    one_of: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    has_attributes: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column this kind knows, required ones first."""
        return (*self.required, *self.one_of, *self.optional)


_WHEN = ("occurred_on", "day", "occasion")

# The key is what the file's name starts with.
KINDS: dict[str, TidyKind] = {
    "responses": TidyKind(
        table="item_responses",
        required=("client_id", "instrument_id", "item", "response"),
        one_of=_WHEN,
        optional=("episode_id", "program_id", "mode"),
        dates=("occurred_on",),
    ),
    "scores": TidyKind(
        table="stated_scores",
        required=("client_id", "instrument_id", "scale_id", "score"),
        one_of=_WHEN,
        optional=("episode_id", "program_id", "mode"),
        dates=("occurred_on",),
    ),
    "clients": TidyKind(table="clients", required=("client_id",), has_attributes=True),
    "episodes": TidyKind(
        table="episodes",
        required=("client_id", "episode_id", "program_id"),
        optional=(
            "clinic_id",
            "clinician_id",
            "condition_id",
            "arm",
            "referred_on",
            "started_on",
            "ended_on",
            "ending",
        ),
        dates=("referred_on", "started_on", "ended_on"),
    ),
    "sessions": TidyKind(
        table="sessions",
        required=("episode_id", "session_number"),
        optional=(
            "held_on",
            "day",
            "attended",
            "presence",
            "alliance",
            "interventions",
            "alliance_score",
        ),
        dates=("held_on",),
    ),
    "practice": TidyKind(
        table="practice",
        required=("client_id", "practice_id"),
        optional=("practised_on", "day", "minutes", "assigned"),
        dates=("practised_on",),
    ),
}


def kind_of(file_name: str) -> str | None:
    """The kind a file's name starts with, or None."""
    return next((kind for kind in KINDS if file_name.lower().startswith(kind)), None)
