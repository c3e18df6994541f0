"""link: being drawn."""

from orchestration.charts.figure import WIDTH, Figure, Tables, undrawn


def change_against_change(
    tables: Tables,
    *,
    program_id: str,
    process_scale_id: str,
    outcome_scale_id: str,
    width: int = WIDTH,
) -> Figure:
    """Not drawn yet."""
    return undrawn("change_against_change", "change_against_change", "Not drawn yet.")


def lead_lag(
    tables: Tables,
    *,
    program_id: str,
    process_scale_id: str,
    outcome_scale_id: str,
    model: str | None = None,
    width: int = WIDTH,
) -> Figure:
    """Not drawn yet."""
    return undrawn("lead_lag", "lead_lag", "Not drawn yet.")
