"""course: being drawn."""

from orchestration.charts.figure import WIDTH, Figure, Tables, undrawn


def course(tables: Tables, *, program_id: str, scale_id: str, width: int = WIDTH) -> Figure:
    """Not drawn yet."""
    return undrawn("course", "course", "Not drawn yet.")


def sudden_gains(tables: Tables, *, program_id: str, width: int = WIDTH) -> Figure:
    """Not drawn yet."""
    return undrawn("sudden_gains", "sudden_gains", "Not drawn yet.")


def change_order(
    tables: Tables, *, program_id: str, process_scale_id: str, width: int = WIDTH
) -> Figure:
    """Not drawn yet."""
    return undrawn("change_order", "change_order", "Not drawn yet.")
