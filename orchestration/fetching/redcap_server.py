"""One REDCap project over its API: what is asked, and which answers are believed.

What belongs here: the calls (through PyCap), judging an answer by status, kind and completeness.
What does not: what to ask for when (redcap.py), files.

PyCap looks at no status and follows redirects with the token in the request's body; a hook judges
every answer before PyCap reads it, and redirects are never followed.
Facts about the API: its own documentation (export records; dates are the server's own time; HTTP
status codes), and REDCapR's issues 14 and 400: long exports time out, and an export may lack
records without any error.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sized
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from orchestration.fetching.refusing import FetchError, Secret
from orchestration.fetching.retrying import Answer, PassingFault, Patience

if TYPE_CHECKING:
    from requests import Response

Row = Mapping[str, Any]
Listed = TypeVar("Listed", bound=Sized)
CONNECT_SECONDS = 15
# What REDCap adds to the id in front of a row.
ROW_KEYS = ("redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance")
_TOKEN = re.compile(r"[0-9A-Fa-f]{32}")
_PASSING = frozenset((408, 425, 429, 500, 502, 503, 504))


class RedcapServer:
    """A project of a REDCap server."""

    def __init__(self, url: str, token: Secret, *, seconds: int, patience: Patience) -> None:
        """Connect to nothing yet.

        Args:
            url: the API's address.
            token: the project's token.
            seconds: how long the server may be silent.
            patience: how often to ask.

        Raises:
            FetchError: the address or the token cannot be right.
        """
        from redcap.project import Project

        if not _TOKEN.fullmatch(token.reveal()):
            raise FetchError(
                f"{token.variable} holds no REDCap token: a token is 32 letters a-f and digits. "
                "Copy it again from the project's API page."
            )
        self._variable = token.variable
        self._patience = patience
        self._project = Project(
            checked_url(url),
            token.reveal(),
            verify_ssl=True,
            timeout=(CONNECT_SECONDS, seconds),
            allow_redirects=False,
            hooks={"response": self._judge},
        )

    def dictionary(self) -> list[Row]:
        """The project's fields in order, as its data dictionary lists them.

        Raises:
            FetchError: the server did not give it.
        """

        def ask() -> list[Row]:
            return list(self._ask(lambda: self._project.export_metadata(format_type="json")))

        rows = self._agreed(ask)
        if not all(isinstance(row, dict) and row.get("field_name") for row in rows) or not rows:
            raise FetchError("the server gave no data dictionary. Check `url`.")
        return rows

    def events(self) -> list[Row]:
        """The events of a project that has any, in their order.

        Raises:
            FetchError: the server did not give them.
        """

        def ask() -> list[Row]:
            return list(self._ask(lambda: self._project.export_events(format_type="json")))

        return self._agreed(ask)

    def roster(
        self, fields: Collection[str], since: datetime | None = None
    ) -> set[tuple[str, ...]]:
        """The keys of all rows: record, event, repeating instrument, instance.

        Args:
            fields: the record's id and the status field of every form, so that every row shows.
            since: only records created or changed since then, in the server's own time.
        """
        first = next(iter(fields))

        def ask() -> set[tuple[str, ...]]:
            return {row_key(r, first) for r in self._records(fields=list(fields), date_begin=since)}

        return self._agreed(ask)

    def rows(self, records: Collection[str], fields: Collection[str]) -> list[Row]:
        """All rows of some records."""
        return self._records(records=list(records), fields=list(fields))

    def _agreed(self, ask: Callable[[], Listed]) -> Listed:
        """What two answers in a row say, none longer having been given.

        An answer may be a part of the whole without a sign of it (REDCapR issue 400), and a list
        decides what else is asked for.
        """
        before, longest = None, 0
        for _ in range(self._patience.tries):
            now = ask()
            longest = max(longest, len(now))
            if now == before and len(now) == longest:
                return now
            before = now
        raise FetchError(
            "the server listed other records or fields each time it was asked. Run again when "
            "fewer people are entering data."
        )

    def _records(self, **arguments: Any) -> list[Row]:
        def call() -> list[Row]:
            return self._project.export_records(  # type: ignore[no-any-return]  # PyCap has no types
                format_type="json", raw_or_label="raw", event_name="unique", **arguments
            )

        rows = self._ask(call)
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise FetchError("the server gave no list of records. Check `url`.")
        return rows

    def _ask(self, call: Callable[[], Answer]) -> Answer:
        """The answer to one call; every fault of the network is one of ours."""
        try:
            return self._patience.ask(lambda: self._once(call))
        except PassingFault as fault:
            raise FetchError(
                f"{fault.sentence} Scout asked {self._patience.tries} times."
            ) from None

    def _once(self, call: Callable[[], Answer]) -> Answer:
        import requests

        try:
            return call()
        except (PassingFault, FetchError):
            raise
        except requests.exceptions.SSLError:
            raise FetchError(
                "the server's certificate cannot be verified. Check `url`; for a certificate of "
                "the clinic's own authority set REQUESTS_CA_BUNDLE to its file."
            ) from None
        except requests.exceptions.Timeout:
            raise PassingFault("the server did not answer in time.") from None
        except requests.exceptions.JSONDecodeError:
            raise PassingFault("the server's answers ended before they were complete.") from None
        except requests.exceptions.ConnectionError:
            raise PassingFault(
                "the server cannot be reached. Check `url`, the network and that it runs."
            ) from None
        except requests.exceptions.ChunkedEncodingError:
            raise PassingFault("the server's answers ended before they were complete.") from None
        except requests.exceptions.RequestException:
            # PyCap's own error carries the server's words, which may quote a record.
            raise FetchError(
                "REDCap refused the request. Check the token's rights to export and the project."
            ) from None

    def _judge(self, answer: "Response", *_: object, **__: object) -> None:
        """Decide on an answer before anybody reads it."""
        status = answer.status_code
        if 300 <= status < 400:
            raise FetchError(
                "the server sends Scout to another address; the token is not sent there. Correct "
                "`url` to the address that REDCap's API page shows."
            )
        if status in _PASSING:
            raise PassingFault(f"the server answered with status {status}.", _pause(answer))
        if status in (401, 403):
            raise FetchError(
                f"REDCap refused the token in {self._variable} (status {status}). Check that it is "
                "valid and that its user may export through the API."
            )
        if status != 200:
            raise FetchError(f"REDCap refused the request (status {status}). Check `url`.")
        if answer.content.lstrip()[:1] == b"<":
            raise PassingFault(
                "the server answers with a web page instead of data: it is under maintenance, "
                "overloaded, or `url` is not the API's."
            )


def row_key(row: Row, id_field: str) -> tuple[str, ...]:
    """What tells a row from all others of its project."""
    return tuple(str(row.get(name) or "") for name in (id_field, *ROW_KEYS))


def checked_url(url: str) -> str:
    """The API's address as PyCap wants it.

    Raises:
        FetchError: it is no address of an API, or not encrypted on its way to another machine.
    """
    parts = urlsplit(url)
    is_here = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_here):
        raise FetchError("`url` does not begin with https://. The token travels encrypted only.")
    if parts.username or parts.password or parts.query or parts.fragment or not parts.hostname:
        raise FetchError("`url` holds more than an address. Write it as https://host/redcap/api/.")
    path = parts.path.rstrip("/")
    if not path.endswith("/api"):
        raise FetchError("`url` does not end with /api/. Copy it from the project's API page.")
    return f"{parts.scheme}://{parts.netloc}{path}/"


def _pause(answer: "Response") -> float | None:
    """Seconds in Retry-After; a date there counts as no wish."""
    given = answer.headers.get("Retry-After", "")
    return float(given) if given.isdigit() else None
