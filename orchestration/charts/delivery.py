"""delivery: being drawn."""

from orchestration.charts.figure import WIDTH, Figure, Tables, undrawn


def dose_response(
    tables: Tables, *, program_id: str, threshold_set: str | None = None, width: int = WIDTH
) -> Figure:
    """Not drawn yet."""
    return undrawn("dose_response", "dose_response", "Not drawn yet.")


def delivery(tables: Tables, *, program_id: str, scale_id: str, width: int = WIDTH) -> Figure:
    """Not drawn yet."""
    return undrawn("delivery", "delivery", "Not drawn yet.")
