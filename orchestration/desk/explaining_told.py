"""How the way back from a number is told, in lines.

What belongs here: wording and order. What does not: the facts (``explaining``).
"""

from orchestration.desk.behind import Form
from orchestration.desk.explaining import Explanation
from orchestration.desk.formats import label_of
from orchestration.desk.published_tables import Column

_FILES_AT_MOST = 30
# What is known and not counted: instruments, scales, thresholds.
_KNOWLEDGE = (".stg_registry__", ".local_", ".registry_")
_STAGES = ("published", "disclosure", "marts", "relations", "change", "scoring", "staging", "raw")


def lines(told: Explanation) -> list[str]:
    """One number, what it means and where it comes from, a line each."""
    parts = (
        _head(told),
        _row(told),
        _section("What the words mean", [_defined(d.name, d.told) for d in told.definitions]),
        _section("Thresholds and rules", [_defined(d.name, d.told) for d in told.thresholds]),
        _tables(told),
        _behind(told),
        _files(told),
        _rules(told),
        _code(told),
    )
    return [line for part in parts for line in part]


def _section(title: str, content: list[str]) -> list[str]:
    return ["", title, *(f"  {line}" for line in content)] if content else []


def _head(told: Explanation) -> list[str]:
    state = (
        "as it was published"
        if told.is_untouched
        else "NOT as it was published: `scout verify` says more"
    )
    published = told.release.manifest.get("published_at", "at an unknown time")
    return [
        f"{told.table.full_name} in release {told.release.sequence}, published {published}",
        f"{told.table.file} is {state}.",
        told.table.meaning,
    ]


def _row(told: Explanation) -> list[str]:
    longest = max(len(name) for name in told.row)
    content = []
    for name, value in told.row.items():
        if value is None and told.table.column(f"{name}_status") is None:
            continue
        column = told.table.column(name)
        content.append(f"{name:<{longest}}  {_value(value)}")
        if (meaning := _meaning(column)) and value is not None:
            content.append(f"{'':<{longest}}    {meaning}")
    return _section("The row (empty columns left out)", content)


def _value(value: object) -> str:
    if value is None:
        return "(empty)"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _meaning(column: Column | None) -> str:
    return label_of(column.meaning, 120) if column else ""


def _defined(name: str, told: tuple[str, ...]) -> str:
    return f"{name}: {' '.join(told)}"


def _tables(told: Explanation) -> list[str]:
    if told.lineage is None:
        return _section("Made from", ["This release was made before its lineage was written down."])
    rows = {} if told.is_of_the_dashboard else told.lineage.rows
    content = []
    for stage in sorted({table.partition(".")[0] for table in told.ancestors}, key=_place):
        names = [
            f"{table.removeprefix(f'{stage}.')}" + _count(rows.get(table))
            for table in told.ancestors
            if table.startswith(f"{stage}.") and not any(mark in table for mark in _KNOWLEDGE)
        ]
        if names:
            content.append(f"{stage:<11}{', '.join(names)}")
    return _section("Made from (rows of each table)", content)


def _place(stage: str) -> int:
    return _STAGES.index(stage) if stage in _STAGES else len(_STAGES)


def _count(rows: int | None) -> str:
    return f" ({rows:,})" if rows is not None else ""


def _behind(told: Explanation) -> list[str]:
    if told.is_of_the_dashboard:
        return _section(
            "Behind it", ["Counted for nobody here: the table holds small numbers back."]
        )
    if told.forms:
        return _section(
            f"Behind it: {len(told.forms)} scored forms",
            [
                f"{form.scale_id}, {_when(form.day, form.occasion, form.timepoint)}, from "
                f"{form.score_origin or 'nothing scored'}: {_where(form)}"
                for form in told.forms
            ],
        )
    content = []
    for group in told.groups:
        what = ", ".join(group.narrowed) or "everybody"
        left = f"; not narrowed by {', '.join(group.not_narrowed)}" if group.not_narrowed else ""
        content.append(f"{group.row_count:,} rows of {group.table} ({what}{left})")
    if sample := told.row.get("sample_size"):
        content.insert(0, f"{sample:,} in the row's own sample_size")
    return _section("Behind it", content)


def _when(day: float | None, occasion: str | None, timepoint: str | None) -> str:
    told = [f"day {day:g}"] if day is not None else []
    told += [f"occasion {occasion}"] if occasion is not None else []
    told += [timepoint] if timepoint is not None else []
    return ", ".join(told) or "at an unknown time"


def _where(form: Form) -> str:
    if form.load_id is None:
        return "file not recorded"
    if form.first_line == form.last_line:
        return f"{form.load_id} line {form.first_line}"
    return f"{form.load_id} lines {form.first_line} to {form.last_line}"


def _files(told: Explanation) -> list[str]:
    content = []
    for file in told.files[:_FILES_AT_MOST]:
        rows = "" if told.is_of_the_dashboard else f", {file.rows_loaded:,} rows"
        content.append(
            f"{file.load_id}  {file.source}/{file.file_name}{rows}, loaded {file.loaded_at[:19]} "
            f"UTC, sha256 {file.sha256}"
        )
    if len(told.files) > _FILES_AT_MOST:
        content.append(f"… and {len(told.files) - _FILES_AT_MOST} more: marts.dq_loads")
    return _section("Files", content)


def _rules(told: Explanation) -> list[str]:
    rules = told.rules
    total = rules.held + len(rules.broken)
    content = [f"{rules.held} of {total} rules of the tables on the way hold."]
    content += [f"does not hold: {sentence}" for sentence in rules.broken]
    return _section("Checked on the way", content)


def _code(told: Explanation) -> list[str]:
    manifest = told.release.manifest
    versions = manifest.get("versions", {})
    policy = manifest.get("policy", {})
    content = [f"code {str(manifest.get('code', 'unknown'))[:16]}, run {manifest.get('run_id')}"]
    if versions:
        content.append(", ".join(f"{name} {number}" for name, number in versions.items()))
    content.append(
        f"disclosure policy {policy.get('disclosure_policy', 'unknown')}, confidence "
        f"{policy.get('confidence', 'unknown')}; all policy numbers: manifest.json"
    )
    return _section("Made by", content)
