"""A REDCap server on loopback: its documented API, and the faults it is known for.

What belongs here: what the API's documentation says of metadata and records (parameters, JSON,
status codes), a small project that tests may change, faults in the order a test wants them.
What does not: any claim.

Written after the API's own documentation (export records, export metadata, HTTP status codes); no
code of REDCap or PyCap was looked at for it.
"""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

TOKEN = "0123456789ABCDEF0123456789ABCDEF"  # noqa: S105 - of a server that does not exist
FORMS = {"intake": ["record_id", "arm", "phone"], "phq9": [f"phq9_{n}" for n in range(1, 10)]}
IDENTIFIERS = {"phone"}
EVENTS = ("baseline_arm_1", "month_1_arm_1")


class Project:
    """A project: rows by key, when each record was last changed, faults to come.

    Attributes:
        rows: (record, event, instance of the repeating form or "") -> field -> value.
        changed: record -> when it was last written, the server's own time.
        faults: what happens to the next requests, in order; then the server is well.
        requests: the parameters of every request that was answered or spoilt.
    """

    def __init__(self, records: int) -> None:
        self.rows: dict[tuple[str, str, str], dict[str, str]] = {}
        self.changed: dict[str, datetime] = {}
        self.faults: list[str] = []
        self.always: str | None = None
        self.requests: list[dict[str, list[str]]] = []
        # What is there from the beginning was entered a month ago.
        self.now = datetime(2026, 10, 1, 12)
        self.has_repeats = True
        for number in range(1, records + 1):
            self.write(str(number), EVENTS[0], "", arm=str(number % 2), phone="none")
            for instance in range(1, 3):
                answers = {f"phq9_{n}": str((number + n + instance) % 4) for n in range(1, 10)}
                self.write(str(number), EVENTS[instance - 1], str(instance), **answers)
        self.now = datetime(2026, 11, 1, 12)

    def write(self, record: str, event: str, instance: str, **values: str) -> None:
        """Enter data, as a person would."""
        self.rows.setdefault((record, event, instance), {}).update(values)
        self.changed[record] = self.now

    def delete(self, record: str) -> None:
        """Delete a record; no date range will ever tell."""
        self.rows = {key: row for key, row in self.rows.items() if key[0] != record}
        del self.changed[record]

    def metadata(self) -> list[dict[str, str]]:
        """The data dictionary, in the API's column names."""
        return [
            {
                "field_name": name,
                "form_name": form,
                "field_type": "text",
                "field_label": name,
                "select_choices_or_calculations": "",
                "text_validation_type_or_show_slider_number": "",
                "identifier": "y" if name in IDENTIFIERS else "",
            }
            for form, names in FORMS.items()
            for name in names
        ]

    def export(self, asked: dict[str, list[str]]) -> list[dict[str, Any]]:
        """Rows of the flat export that the parameters ask for."""
        records = [value[0] for name, value in asked.items() if name.startswith("records[")]
        fields = [value[0] for name, value in asked.items() if name.startswith("fields[")]
        begin = asked.get("dateRangeBegin")
        since = datetime.strptime(begin[0], "%Y-%m-%d %H:%M:%S") if begin else datetime.min
        found = []
        for (record, event, instance), values in self.rows.items():
            if (records and record not in records) or self.changed[record] <= since:
                continue
            form = "phq9" if instance else "intake"
            own = [*FORMS[form], f"{form}_complete"]
            # A repeating form's rows come only when something of that form is asked for.
            if instance and not set(own) & set(fields):
                continue
            row: dict[str, Any] = {"record_id": record, "redcap_event_name": event}
            if self.has_repeats:
                row["redcap_repeat_instrument"] = form if instance else ""
                row["redcap_repeat_instance"] = int(instance) if instance else ""
            for name in [n for names in FORMS.values() for n in names] + [
                f"{form}_complete" for form in FORMS
            ]:
                if name in fields and name != "record_id":
                    done = "2" if name in own else ""
                    row[name] = done if name.endswith("_complete") else values.get(name, "")
            found.append(row)
        return found


class _Handler(BaseHTTPRequestHandler):
    server: "Server"

    def do_GET(self) -> None:
        self.server.strangers.append("get")
        self._send(405, b"{}")

    def do_POST(self) -> None:
        project = self.server.project
        length = int(self.headers.get("Content-Length", 0))
        asked = parse_qs(self.rfile.read(length).decode(), keep_blank_values=True)
        if self.path != "/redcap/api/":
            self.server.strangers.append(self.path)
            self._send(200, b"[]")
            return
        project.requests.append(asked)
        if asked.get("token") != [TOKEN]:
            message = {"error": "You do not have permissions to use the API"}
            self._send(403, json.dumps(message).encode())
            return
        content = asked["content"][0]
        if content == "metadata":
            rows: list[Any] = project.metadata()
        elif content == "event":
            names = ("event_name", "arm_num", "unique_event_name")
            rows = [dict(zip(names, (one, "1", one), strict=True)) for one in EVENTS]
        else:
            rows = project.export(asked)
        fault = project.faults.pop(0) if project.faults else project.always
        self._answer(json.dumps(rows).encode(), rows, fault)

    def _answer(self, body: bytes, rows: list[Any], fault: str | None) -> None:
        if fault is None:
            self._send(200, body)
        elif fault == "429":
            self._send(429, b'{"error": "rate limit"}', {"Retry-After": "7"})
        elif fault in ("500", "502", "503"):
            self._send(int(fault), b"<html>Internal Server Error</html>")
        elif fault == "html":
            self._send(200, b"<html><body>REDCap is offline</body></html>")
        elif fault == "half":
            # Valid, shorter, and without any sign of it (REDCapR issue 400).
            self._send(200, json.dumps(rows[: len(rows) // 2]).encode())
        elif fault == "cut":
            self._send(200, body[: len(body) // 2])
        elif fault == "broken":
            self._send(200, body[: len(body) // 2], promised=len(body))
        elif fault == "slow":
            time.sleep(1.5)
            self._send(200, body)
        elif fault == "hang up":
            self.connection.close()
        elif fault == "redirect":
            self._send(307, b"", {"Location": self.server.elsewhere})
        else:
            raise AssertionError(fault)

    def _send(
        self,
        status: int,
        body: bytes,
        headers: dict[str, str] | None = None,
        promised: int | None = None,
    ) -> None:
        try:
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(promised or len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            # The client has given up waiting: that is what it should do.
            pass
        if promised:
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Nothing."""


class Server(ThreadingHTTPServer):
    """The server.

    Attributes:
        project: what it serves.
        strangers: paths that nobody should have asked for.
        elsewhere: where the fault ``redirect`` points.
    """

    daemon_threads = True

    def __init__(self, project: Project) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.project = project
        self.strangers: list[str] = []
        self.elsewhere = f"http://localhost:{self.server_port}/elsewhere"

    @property
    def url(self) -> str:
        """The API's address."""
        return f"http://127.0.0.1:{self.server_port}/redcap/api/"


@contextmanager
def serving(project: Project) -> Iterator[Server]:
    """A server while the block lasts."""
    server = Server(project)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
