"""Names of programs, scales and metrics, as this release knows them.

What belongs here: id to name, and which scale of an instrument a page shows first.
What does not: escaping (``markup``), choosing (``filters``).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas

from orchestration.dashboard.reading import Release
from orchestration.dashboard.words import (
    ALL,
    ALL_PROGRAMS,
    Kind,
    Row,
    is_missing,
    sentence_case,
    words,
)

# A scale whose whole range is shorter moves by tenths: two digits after the point.
SHORT_RANGE = 10


@dataclass(frozen=True)
class Labels:
    """Names by id; an id the release has no name for is its own name.

    Attributes:
        programs: names, in the release's order, each told apart from the others.
        scales: names by scale_id.
        about_scales: the row of ``pub_scales`` by scale_id.
        metrics: the dictionary's names by metric_id.
    """

    programs: Mapping[str, str]
    scales: Mapping[str, str]
    about_scales: Mapping[str, Mapping[str, object]]
    metrics: Mapping[str, str]

    @classmethod
    def of(cls, release: Release) -> "Labels":
        """The names that ``release`` holds."""
        scales = _by(release.table("pub_scales"), "scale_id")
        return cls(
            programs=_apart(_names(release.table("pub_programs"), "program_id", "program_name")),
            scales=_apart({each: str(row.get("scale_name")) for each, row in scales.items()}),
            about_scales=scales,
            metrics=_names(release.table("pub_metric_dictionary"), "metric_id", "name"),
        )

    def program(self, program_id: object) -> str:
        """A program's name."""
        return (
            ALL_PROGRAMS
            if program_id == ALL
            else self.programs.get(str(program_id), words(program_id))
        )

    def scale(self, scale_id: object) -> str:
        """A scale's name."""
        return self.scales.get(str(scale_id), words(scale_id))

    def metric(self, metric_id: str) -> str:
        """A metric's name in plain words."""
        return self.metrics.get(metric_id, sentence_case(words(metric_id)))

    def code(self, column: str, value: str) -> str:
        """A code of ``column`` in words; metrics by their names."""
        return self.metric(value) if column == "metric_id" else sentence_case(words(value))

    def defined(self, metric_id: str | None) -> str | None:
        """The same id where the dictionary explains it, so that no link leads nowhere."""
        return metric_id if metric_id in self.metrics else None

    def is_primary(self, scale_id: str) -> bool:
        """Whether the scale stands for its instrument; releases of before do not say."""
        return bool(self.about_scales.get(scale_id, {}).get("is_primary") or False)

    def role(self, scale_id: str) -> str:
        """process, mechanism or outcome."""
        return str(self.about_scales.get(scale_id, {}).get("role", ""))

    def kind(self, scale_id: str) -> str:
        """total, half, subscale or variant."""
        return str(self.about_scales.get(scale_id, {}).get("scale_kind", ""))

    def group(self, row: Row) -> str:
        """What a row of a forest plot stands for."""
        if row["row_kind"] == "pooled":
            return "Pooled"
        if row["row_kind"] == "prediction":
            return "Another such group"
        named = self.program if row["stratum_kind"] == "program" else words
        return named(row["stratum_id"])

    def unit(self, row: Row) -> str:
        """A unit of a comparison; clinics and years have no name but their id."""
        return self.named_unit(str(row["unit_kind"]), str(row["unit_id"]))

    def named_unit(self, kind: str, unit_id: str) -> str:
        """The same by kind and id."""
        if kind == "program":
            return self.program(unit_id)
        if kind == "condition":
            return sentence_case(words(unit_id))
        return f"Ended in {unit_id}" if kind == "period" else unit_id

    def is_higher_better(self, scale_id: str) -> bool:
        """Whether a higher score is better."""
        return bool(self.about_scales.get(scale_id, {}).get("is_higher_better") or False)

    def points_kind(self, scale_id: str) -> Kind:
        """How finely this scale's points are written."""
        about = self.about_scales.get(scale_id, {})
        low, high = about.get("score_minimum"), about.get("score_maximum")
        if is_missing(low) or is_missing(high):
            return "points"
        return "fine_points" if float(str(high)) - float(str(low)) < SHORT_RANGE else "points"

    def leading(self, scale_ids: Iterable[str], *roles: str) -> list[str]:
        """Scales that stand for their instrument, those of the first role first."""
        found = [each for each in self.in_order(scale_ids) if self.is_primary(each)]
        return [each for role in roles for each in found if self.role(each) == role]

    def in_order(self, scale_ids: Iterable[str]) -> list[str]:
        """Scales that stand for their instrument first, then by name."""
        return sorted(
            set(scale_ids), key=lambda each: (not self.is_primary(each), self.scale(each))
        )


def _by(frame: pandas.DataFrame | None, key: str) -> dict[str, dict[str, object]]:
    if frame is None:
        return {}
    return {
        str(row[key]): {str(name): value for name, value in row.items()}
        for row in frame.to_dict("records")
    }


def _names(frame: pandas.DataFrame | None, key: str, name: str) -> dict[str, str]:
    return {each: str(row[name]) for each, row in _by(frame, key).items()}


def _apart(names: Mapping[str, str]) -> dict[str, str]:
    """The same names; two of one name get their ids beside them."""
    often = Counter(names.values())
    return {each: f"{name} ({each})" if often[name] > 1 else name for each, name in names.items()}
