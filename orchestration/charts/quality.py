"""quality: being drawn."""

from orchestration.charts.figure import WIDTH, Figure, Tables, undrawn


def completeness(tables: Tables, *, program_id: str, width: int = WIDTH) -> Figure:
    """Not drawn yet."""
    return undrawn("completeness", "completeness", "Not drawn yet.")
