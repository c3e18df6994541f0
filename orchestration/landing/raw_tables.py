"""The tables of the raw schema: one record of one file per row, every source value as text.

What belongs here: the DDL, once, and the names that the other landing modules share.
What does not: writing rows. No keys or indexes: uniqueness is a test (architecture.md, section 7).
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orchestration.warehouse import Connection

_MEASURE_HEAD = """
    load_sequence bigint not null, line bigint not null,
    administration_key bigint not null, record_key bigint not null,
    source varchar not null, client_id varchar not null, episode_id varchar, program_id varchar,
    instrument_id varchar not null,"""
# `timepoint` is filled only where source.yml states it for an occasion.
_MEASURE_TAIL = """
    occurred_on varchar, day varchar, occasion varchar, occasion_order varchar, mode varchar,
    repeat_number integer not null, timepoint varchar"""
_RECORD_HEAD = """
    load_sequence bigint not null, line bigint not null, record_key bigint not null,
    source varchar not null,"""

TABLES: dict[str, str] = {
    "loads": """
    load_sequence bigint not null, load_id varchar not null, source varchar not null,
    file_name varchar not null, sha256 varchar, contract_sha256 varchar not null,
    record_type varchar, status varchar not null, refusal varchar, message varchar,
    loaded_at timestamp not null, byte_count bigint, rows_read bigint, rows_loaded bigint,
    rows_refused bigint, rows_repeated bigint, values_loaded bigint, values_refused bigint,
    retired_by bigint""",
    "refusals": """
    load_sequence bigint not null, line bigint not null, column_name varchar,
    reason varchar not null""",
    "refusal_reasons": """
    reason varchar not null, how_to_mend varchar not null""",
    "item_responses": f"""{_MEASURE_HEAD}
    item varchar not null, response varchar, response_shift integer not null,{_MEASURE_TAIL}""",
    "stated_scores": f"""{_MEASURE_HEAD}
    scale_id varchar not null, score varchar, is_preferred boolean,{_MEASURE_TAIL}""",
    "clients": f"""{_RECORD_HEAD}
    client_id varchar not null, attribute varchar not null, value varchar""",
    "episodes": f"""{_RECORD_HEAD}
    client_id varchar not null, episode_id varchar, program_id varchar, clinic_id varchar,
    clinician_id varchar, condition_id varchar, arm varchar, referred_on varchar,
    started_on varchar, ended_on varchar, ending varchar""",
    "sessions": f"""{_RECORD_HEAD}
    episode_id varchar not null, session_number varchar not null, held_on varchar, day varchar,
    attended varchar, presence varchar, alliance varchar, interventions varchar,
    alliance_score varchar""",
    "practice": f"""{_RECORD_HEAD}
    client_id varchar not null, practice_id varchar not null, practised_on varchar, day varchar,
    minutes varchar, assigned varchar""",
    "superseded": """
    record_type varchar not null, load_sequence bigint not null, record_key bigint not null,
    superseded_by bigint not null""",
}

# The tables whose rows can be superseded by a later file.
RECORD_TABLES = ("item_responses", "stated_scores", "clients", "episodes", "sessions", "practice")


def create_raw_tables(connection: "Connection") -> None:
    """Create the raw schema and its tables where they do not exist yet."""
    connection.execute("create schema if not exists raw")
    for name, columns in TABLES.items():
        connection.execute(f"create table if not exists raw.{name} ({columns}\n)")
    # A home made before this column existed; what it holds was read when items always won.
    connection.execute(
        "alter table raw.stated_scores add column if not exists is_preferred boolean"
    )
