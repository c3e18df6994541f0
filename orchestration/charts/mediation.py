"""mediation: being drawn."""

from orchestration.charts.figure import WIDTH, Figure, Tables, undrawn


def mediation(
    tables: Tables,
    *,
    program_id: str,
    process_scale_id: str,
    mediator_scale_id: str,
    outcome_scale_id: str,
    window_name: str = "first_to_last",
    width: int = WIDTH,
) -> Figure:
    """Not drawn yet."""
    return undrawn("mediation", "mediation", "Not drawn yet.")
