"""The quality report of a run that published nothing, beside the releases.

What belongs here: writing it, and that it is gone once a run publishes.
What does not: what it says (``quality_facts``, ``reporting``).
"""

from pathlib import Path

from orchestration.checks import quality_facts
from orchestration.errors import ScoutError
from orchestration.reporting.quality import quality_page
from orchestration.run_context import RunReport
from orchestration.settings import Settings


def write(settings: Settings, report: RunReport) -> Path | None:
    """Write the page of a held run; None where what stopped the run keeps it from being made."""
    try:
        facts = quality_facts.read(settings, report, release=None)
    except ScoutError:
        # The summary tells of it.
        return None
    page = settings.held_report
    page.write_text(quality_page(facts), encoding="utf-8")
    page.chmod(0o600)
    return page
