"""change: being drawn."""

from orchestration.charts.figure import WIDTH, Figure, Tables, undrawn


def start_and_end(tables: Tables, *, program_id: str, scale_id: str, width: int = WIDTH) -> Figure:
    """Not drawn yet."""
    return undrawn("start_and_end", "start_and_end", "Not drawn yet.")


def reliable_change_classes(tables: Tables, *, program_id: str, width: int = WIDTH) -> Figure:
    """Not drawn yet."""
    return undrawn("reliable_change_classes", "reliable_change_classes", "Not drawn yet.")


def attrition(tables: Tables, *, program_id: str, width: int = WIDTH) -> Figure:
    """Not drawn yet."""
    return undrawn("attrition", "attrition", "Not drawn yet.")
