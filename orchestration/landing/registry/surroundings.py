"""Rows about what surrounds a questionnaire: programs, practices, occasions, conditions.

What belongs here: one model per such file.
What does not: questionnaires and what their scores mean.
"""

from typing import Annotated, Literal

from pydantic import Field

from orchestration.landing.registry.rows import Row
from orchestration.landing.registry.values import Identifier, Status, Text, Whole


class Program(Row):
    """A treatment or training."""

    program_id: Identifier
    program_name: Text
    family: Text | None = None
    self_compassion_content: Literal["explicit", "implicit", "none", "unknown"]
    format: Text | None = None
    citation: Text | None = None
    status: Status | None = None
    source: Text | None = None


class Practice(Row):
    """A home exercise."""

    practice_id: Identifier
    practice_name: Text
    component_target: Text | None = None
    tone: Text | None = None
    citation: Text | None = None
    status: Status | None = None
    source: Text | None = None


class Timepoint(Row):
    """What a source's own word for an occasion means."""

    occasion_label: Annotated[
        str,
        Field(pattern=r"^[^A-Z\s]([^A-Z]{0,60}[^A-Z\s])?$", description="a lower-case label"),
    ]
    timepoint: Literal["baseline", "mid", "end", "follow_up"]
    timepoint_order: Whole


class Condition(Row):
    """A diagnosis or problem."""

    condition_id: Identifier
    condition_name: Text
    transdiagnostic_group: Text | None = None
