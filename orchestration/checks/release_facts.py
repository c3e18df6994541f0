"""What the release that is being built is: its number, its time, its policy; one row.

What belongs here: writing ``quality.release_facts``, which the marts and a dashboard read.
What does not: what a manifest tells (``assets.published``), or anything about people.
"""

from datetime import UTC

from orchestration import warehouse
from orchestration.disclosure import policies
from orchestration.publishing.release import next_sequence
from orchestration.settings import Settings

_TABLE = """
create schema if not exists quality;
create table if not exists quality.release_facts (
    release_number bigint, built_at timestamp, as_of date, is_synthetic boolean,
    policy_name varchar, smallest_count bigint, rounding bigint
)
"""


def prepare(connection: warehouse.Connection) -> None:
    """Make sure that the table is there for dbt."""
    connection.execute(_TABLE)


def record(settings: Settings) -> None:
    """Say what the next release is; the home is held, so its number is nobody else's."""
    policy = policies.named(settings.policy.disclosure_policy)
    now = settings.clock().astimezone(UTC).replace(tzinfo=None, microsecond=0)
    with warehouse.open_to_write(settings) as connection:
        prepare(connection)
        connection.execute("delete from quality.release_facts")
        connection.execute(
            "insert into quality.release_facts values (?, ?, ?, ?, ?, ?, ?)",
            [
                next_sequence(settings),
                now,
                settings.as_of,
                settings.is_synthetic,
                policy.name,
                policy.smallest_count,
                policy.rounding,
            ],
        )
