"""comparison: being drawn."""

from orchestration.charts.figure import WIDTH, Figure, Tables, undrawn


def funnel_plot(
    tables: Tables,
    *,
    unit_kind: str,
    metric_id: str,
    threshold_set: str,
    population: str,
    width: int = WIDTH,
) -> Figure:
    """Not drawn yet."""
    return undrawn("funnel_plot", "funnel_plot", "Not drawn yet.")


def benchmarks(tables: Tables, *, program_id: str, width: int = WIDTH) -> Figure:
    """Not drawn yet."""
    return undrawn("benchmarks", "benchmarks", "Not drawn yet.")
