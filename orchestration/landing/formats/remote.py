"""Remote sources as landing sees them: the files that fetching brought, and nothing of the network.

What belongs here: the block of ``source.yml`` that says where to fetch, and how the fetched files
are read. The block is no part of a file's contract: another password or another server
changes nothing about bytes that are already here.
What does not: connecting, secrets, queries sent (``orchestration/fetching``).
"""

import re
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field, field_validator

from orchestration.landing.formats.contract import check_tidy, check_wide
from orchestration.landing.formats.delimited import DELIMITERS
from orchestration.landing.formats.redcap import Redcap, RedcapOptions
from orchestration.landing.formats.tables import Tidy
from orchestration.landing.mapping_values import Strict, Text
from orchestration.landing.tidy import KINDS, kind_of

if TYPE_CHECKING:
    from orchestration.landing.mapping import Mapping

_VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]{0,63}")


def require_variable(name: str | None) -> str | None:
    """The name of an environment variable, and not what it should hold.

    Raises:
        ValueError: it is anything else; the message does not repeat it.
    """
    if name is not None and not _VARIABLE.fullmatch(name):
        raise ValueError(
            "write the name of an environment variable (capitals, digits, _), never the secret "
            "itself; if a secret stood there, change it"
        )
    return name


def require_plain(mapping: "Mapping") -> None:
    """Refuse keys that describe how a file is written: Scout writes these files itself.

    Raises:
        ValueError: what is wrong and how to mend it.
    """
    for key, usual in (("delimiter", None), ("encoding", "utf-8"), ("decimal", ".")):
        if getattr(mapping, key) != usual:
            raise ValueError(f"`{key}` describes files, and this source is fetched; remove it")


class SqlOptions(Strict):
    """Where a database is and what to ask it.

    Attributes:
        connection: the environment variable that holds the database's address.
        queries: record type -> a query that reads.
        seconds: how long one query may take.
    """

    connection: Text | None = Field(default=None, exclude=True)
    queries: dict[str, Text] = Field(default_factory=dict, exclude=True)
    seconds: int = Field(default=300, ge=1, le=86_400, exclude=True)

    @field_validator("connection")
    @classmethod
    def _is_a_variable(cls, value: str | None) -> str | None:
        return require_variable(value)

    @field_validator("queries")
    @classmethod
    def _are_known(cls, value: dict[str, str]) -> dict[str, str]:
        kinds = (*KINDS, "wide")
        if not set(value) <= set(kinds):
            raise ValueError(f"name each query by what its rows are: {', '.join(kinds)}")
        if "wide" in value and len(value) > 1:
            raise ValueError("a `wide` query stands alone; put the others into a source of its own")
        return value


class Sql(Tidy):
    """A database; fetching has put the rows of each query into a file named by record type."""

    name: ClassVar[str] = "sql"
    extensions: ClassVar[tuple[str, ...]] = (*DELIMITERS,)
    options = SqlOptions

    def check(self, mapping: "Mapping") -> None:
        """The keys fit the queries: tidy columns need none, wide ones all."""
        require_plain(mapping)
        if self.is_wide(mapping):
            check_wide(mapping)
        else:
            check_tidy(mapping)

    def is_wide(self, mapping: "Mapping") -> bool:
        """Whether the mapping spells columns out."""
        return bool(mapping.instruments)

    def record_type(self, mapping: "Mapping", file_name: str) -> str | None:
        """What the file's name begins with."""
        return "wide" if self.is_wide(mapping) else kind_of(file_name)


# What fetching calls the files of a project.
REDCAP_DICTIONARY, REDCAP_EVENTS = "dictionary-fetched.csv", "events-fetched.csv"


class RedcapApiOptions(RedcapOptions):
    """Where a project is, and what the ``redcap`` block says.

    Attributes:
        dictionary: fetched; nobody needs to write it.
        event_file: fetched as well.
        url: the API's address.
        token: the environment variable that holds the project's token.
        batch: how many records to ask for at once.
        seconds: how long the server may be silent.
        full_every_days: after how many days everything is exported anew.
    """

    dictionary: Text = REDCAP_DICTIONARY
    event_file: Text | None = REDCAP_EVENTS
    url: Text | None = Field(default=None, exclude=True)
    token: Text | None = Field(default=None, exclude=True)
    batch: int = Field(default=100, ge=1, le=10_000, exclude=True)
    seconds: int = Field(default=120, ge=1, le=3600, exclude=True)
    full_every_days: int = Field(default=7, ge=1, le=365, exclude=True)

    @field_validator("token")
    @classmethod
    def _is_a_variable(cls, value: str | None) -> str | None:
        return require_variable(value)


class RedcapApi(Redcap):
    """A REDCap project; fetching has put its records and dictionary beside each other."""

    name: ClassVar[str] = "redcap_api"
    options = RedcapApiOptions

    def check(self, mapping: "Mapping") -> None:
        """As an export that somebody downloaded."""
        require_plain(mapping)
        super().check(mapping)
