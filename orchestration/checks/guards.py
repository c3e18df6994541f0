"""What the guards on keys warned of, in sentences that name source and instrument.

What belongs here: reading ``marts.dq_key_guards`` for the run's summary and the manifest.
What does not: what a guard looks at (``dbt_project``), or any value it looked at.
"""

from orchestration import warehouse
from orchestration.settings import Settings


def warned(settings: Settings) -> list[str]:
    """One sentence per guard that warns: where, and what it means."""
    with warehouse.open_to_read(settings) as connection:
        rows = connection.execute(
            "select source, coalesce(scale_id, instrument_id) as subject, meaning "
            "from marts.dq_key_guards where status = 'warning' order by all"
        ).fetchall()
    return [f"{source}, {subject}: {meaning}" for source, subject, meaning in rows]
