"""Which databases Scout can read, and how each is told to let nothing be written.

What belongs here: drivers, time limits, the statements that open a reading transaction, and what
their errors mean in a sentence.
What does not: queries and rows (sql.py).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from orchestration.fetching.refusing import FetchError, Secret

if TYPE_CHECKING:
    from sqlalchemy import URL, Engine

CONNECT_SECONDS = 15


@dataclass(frozen=True)
class Database:
    """One kind of database.

    Attributes:
        driver: SQLAlchemy's name of dialect and driver.
        arguments: seconds a query may take -> what the driver's ``connect`` is given.
        opening: seconds, and whether the server is MariaDB -> statements that begin a transaction
            in which nothing can be written and every query sees the same moment.
        can_count: whether any query may stand in brackets in another, so that it can be counted
            in the same moment.
        is_file: whether it lies on this machine.
    """

    driver: str
    arguments: Callable[[int], dict[str, Any]]
    opening: Callable[[int, bool], tuple[str, ...]] = field(default=lambda *_: ())
    can_count: bool = True
    is_file: bool = False


_MYSQL_ARGUMENTS: Callable[[int], dict[str, Any]] = lambda seconds: {  # noqa: E731 - a table's value
    "connect_timeout": CONNECT_SECONDS,
    "read_timeout": seconds,
    "charset": "utf8mb4",
}
_MYSQL_OPENING = (
    "set session transaction isolation level repeatable read",
    "set session transaction read only",
    "start transaction with consistent snapshot",
)


def _open_mysql(seconds: int, is_mariadb: bool) -> tuple[str, ...]:
    limit = f"max_statement_time = {seconds}"
    if not is_mariadb:
        limit = f"max_execution_time = {seconds * 1000}"
    return (f"set session {limit}", *_MYSQL_OPENING)


# MariaDB answers to both names, whichever stands in the address.
_MYSQL = Database("mysql+pymysql", _MYSQL_ARGUMENTS, _open_mysql)
_DATABASES = {
    "postgresql": Database(
        "postgresql+psycopg",
        lambda seconds: {
            "connect_timeout": CONNECT_SECONDS,
            "options": f"-c statement_timeout={seconds * 1000} "
            "-c default_transaction_read_only=on -c datestyle=ISO",
        },
        lambda *_: ("set transaction isolation level repeatable read read only",),
    ),
    "mariadb": _MYSQL,
    "mysql": _MYSQL,
    # SQL Server has no read-only transaction: the check of the text and the rollback at the end
    # are the locks, and the user should have the right to read alone.
    "mssql": Database(
        "mssql+pymssql",
        lambda seconds: {"login_timeout": CONNECT_SECONDS, "timeout": seconds, "read_only": True},
        can_count=False,
    ),
    "sqlite": Database("sqlite", lambda seconds: {"timeout": CONNECT_SECONDS}, is_file=True),
    "duckdb": Database(
        "duckdb",
        lambda seconds: {"read_only": True, "config": {"enable_external_access": "false"}},
        is_file=True,
    ),
}
_DATABASES["postgres"] = _DATABASES["postgresql"]
ADDRESSES = "postgresql, mariadb, mysql, mssql, sqlite or duckdb://user:password@host/database"


def open_engine(secret: Secret, seconds: int) -> tuple["Engine", Database]:
    """An engine for the address a secret holds; nothing is connected yet.

    Raises:
        FetchError: the address is none, or of a kind Scout does not read.
    """
    import sqlalchemy
    from sqlalchemy.pool import NullPool

    try:
        url = sqlalchemy.make_url(secret.reveal())
        kind = _DATABASES.get(url.get_backend_name())
    except Exception:  # noqa: BLE001 - its message would quote the address
        kind = None
    if kind is None:
        raise FetchError(
            f"{secret.variable} holds no address of a database Scout reads. Write it as "
            f"{ADDRESSES}; percent-encode special signs in the password."
        )
    if kind.is_file:
        _require_file(url, secret)
    if kind.driver == "sqlite":
        # Opened to read by SQLite itself; SQLAlchemy's own address would create a missing file.
        url = url.set(
            database=f"file:{quote(str(url.database))}", query={"mode": "ro", "uri": "true"}
        )
    engine = sqlalchemy.create_engine(
        url.set(drivername=kind.driver),
        connect_args=kind.arguments(seconds),
        poolclass=NullPool,
        hide_parameters=True,
    )
    return engine, kind


def _require_file(url: "URL", secret: Secret) -> None:
    if not url.database or not Path(url.database).is_file():
        raise FetchError(
            f"the file that {secret.variable} names does not exist or cannot be read. Give its "
            "whole path, with four slashes: sqlite:////folder/file.db."
        )


def explained(error: Exception, secret: Secret, what: str) -> FetchError:
    """A driver's error as one sentence that quotes nothing of it.

    Drivers put addresses, user names and cells into their messages; only error codes and a few
    fixed phrases are looked at.

    Args:
        error: what was caught.
        secret: where the address came from.
        what: what was being done, such as ``query `responses```.
    """
    original = getattr(error, "orig", None) or error
    text = str(original).lower()
    state = str(getattr(original, "sqlstate", None) or "")
    arguments = getattr(original, "args", ())
    code = arguments[0] if arguments and isinstance(arguments[0], int) else None
    if state.startswith("28") or code in _LOGIN_CODES or any(one in text for one in _LOGIN):
        return FetchError(
            f"the database refused the user or the password in {secret.variable}. Correct them "
            "there."
        )
    if state.startswith("3D") or code == 1049 or ("does not exist" in text and "database" in text):
        return FetchError(f"the server has no database of the name in {secret.variable}.")
    if state == "57014" or code in (1317, 1969, 3024, 2013) or ("timed out" in text and state):
        return FetchError(
            f"{what} took longer than allowed and was stopped. Narrow it, or raise `sql.seconds`."
        )
    if state == "25006" or code in (1792, 3572):
        return FetchError(f"{what} tried to write; the database refused. Only reading is allowed.")
    if state.startswith("42") or code in (1054, 1064, 1142, 1143, 1146, 207, 208, 229):
        return FetchError(
            f"{what} was refused by the database (code {state or code}): a table, a column, a "
            "right to read or the syntax. Try it in the database's own client."
        )
    if code in (2002, 2003, 2005, 20009) or any(one in text for one in _UNREACHABLE):
        return FetchError(
            f"the server in {secret.variable} cannot be reached. Check host, port, network and "
            "that the server runs; Scout tries again in the next run."
        )
    kind = type(original).__name__
    return FetchError(
        f"{what} failed ({kind}{f', code {state or code}' if state or code else ''}). Try it in "
        "the database's own client."
    )


_LOGIN_CODES = (1044, 1045, 1698, 18456)
_LOGIN = (
    "authentication failed",
    "no password supplied",
    "login failed",
    "access denied",
    "no pg_hba.conf entry",
)
_UNREACHABLE = (
    "connection refused",
    "could not connect",
    "connection timeout",
    "connection failed",
    "could not translate host name",
    "failed to resolve host",
    "name or service not known",
    "no such file or directory",
    "timeout expired",
    "network is unreachable",
    "no route to host",
    "server closed the connection",
    "unable to connect",
    "adaptive server is unavailable",
)
