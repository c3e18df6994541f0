"""components: being drawn."""

from orchestration.charts.figure import WIDTH, Figure, Tables, undrawn


def component_profile(tables: Tables, *, program_id: str, width: int = WIDTH) -> Figure:
    """Not drawn yet."""
    return undrawn("component_profile", "component_profile", "Not drawn yet.")


def component_estimates(
    tables: Tables, *, program_id: str, outcome_scale_id: str, width: int = WIDTH
) -> Figure:
    """Not drawn yet."""
    return undrawn("component_estimates", "component_estimates", "Not drawn yet.")
