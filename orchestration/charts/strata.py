"""strata: being drawn."""

from orchestration.charts.figure import WIDTH, Figure, Tables, undrawn


def forest(
    tables: Tables,
    *,
    process_scale_id: str,
    outcome_scale_id: str,
    stratum_kind: str,
    width: int = WIDTH,
) -> Figure:
    """Not drawn yet."""
    return undrawn("forest", "forest", "Not drawn yet.")
