"""One alert per failed run, by e-mail or webhook, and nothing in it that points at a person.

What belongs here: settings, words, both ways out against servers on this machine, and Dagster's
sensor. What does not: which runs fail (``integration/test_whole_job``).
"""

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from expectations.rules import RuleResult
from orchestration import warehouse
from orchestration.alert_settings import AlertSettings
from orchestration.automation.alert_text import Alert, Failure, HoldingRule, alert_of
from orchestration.automation.alerting import send_once
from orchestration.automation.failure_sensor import WILL_RETRY, build_failure_sensor, tell
from orchestration.automation.jobs import WHOLE_JOB
from orchestration.checks import results
from orchestration.errors import ReleaseHeldError, SettingsError
from orchestration.settings import Settings

ALERT = Alert("Scout: a check held the release (raw)", "Stage: raw\n")
CANARY = "canary-client-4711"


class Relay(socketserver.StreamRequestHandler):
    """As much of a mail relay as smtplib needs; it keeps what it is told."""

    server: Any

    def handle(self) -> None:
        self.wfile.write(b"220 relay\r\n")
        is_data = False
        for raw in self.rfile:
            line = raw.decode().rstrip("\r\n")
            self.server.lines.append(line)
            if is_data:
                is_data = line != "."
                answer = None if is_data else "250 taken"
            elif line.upper().startswith("EHLO"):
                answer = "250-relay\r\n250 AUTH PLAIN" if self.server.has_login else "250 relay"
            elif line.upper().startswith("AUTH"):
                answer = "235 in"
            elif line.upper() == "DATA":
                is_data, answer = True, "354 go on"
            elif line.upper() == "QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            else:
                answer = "250 fine"
            if answer:
                self.wfile.write(f"{answer}\r\n".encode())


class Hook(BaseHTTPRequestHandler):
    """Takes JSON and answers as it was told to."""

    server: Any

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.lines.append((self.headers["Content-Type"], body))
        self.send_response(self.server.answer)
        if self.server.answer == 302:
            self.send_header("Location", "/elsewhere")
        self.end_headers()

    do_GET = do_POST

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def served(server: Any) -> Iterator[Any]:
    server.lines = []
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def relay() -> Iterator[Any]:
    server = socketserver.TCPServer(("127.0.0.1", 0), Relay)
    server.has_login = False
    with served(server) as running:
        yield running


@pytest.fixture
def hook() -> Iterator[Any]:
    server = HTTPServer(("127.0.0.1", 0), Hook)
    server.answer = 204
    with served(server) as running:
        yield running


def by_mail(relay: Any, **more: str) -> AlertSettings:
    return AlertSettings.from_environment(
        {
            "SCOUT_ALERT_MAIL_TO": "analyst@clinic.example, second@clinic.example",
            "SCOUT_ALERT_MAIL_HOST": f"127.0.0.1:{relay.server_address[1]}",
            **more,
        }
    )


def by_hook(hook: Any) -> AlertSettings:
    address = f"http://127.0.0.1:{hook.server_address[1]}/secret-token"
    return AlertSettings.from_environment({"SCOUT_ALERT_WEBHOOK": address})


def test_nothing_is_sent_until_an_address_is_set(tmp_path: Path) -> None:
    assert not AlertSettings.from_environment({}).is_set
    assert send_once(tmp_path / "alerts", "run-1", ALERT, AlertSettings()) == []
    assert not (tmp_path / "alerts").exists()


def test_a_relay_without_login_gets_one_message_for_everybody(relay: Any, tmp_path: Path) -> None:
    assert send_once(tmp_path, "run-1", ALERT, by_mail(relay)) == []
    assert "rcpt TO:<analyst@clinic.example>" in relay.lines
    assert "rcpt TO:<second@clinic.example>" in relay.lines
    assert "Subject: Scout: a check held the release (raw)" in relay.lines
    assert "Stage: raw" in relay.lines
    assert not any(line.upper().startswith("AUTH") for line in relay.lines)


def test_a_password_is_not_sent_in_the_open(relay: Any, tmp_path: Path) -> None:
    """A relay that offers no encryption gets no login: the alert fails and says the kind alone."""
    relay.has_login = True
    login = {"SCOUT_ALERT_MAIL_USER": "scout", "SCOUT_ALERT_MAIL_PASSWORD": "hush-4711"}
    settings = by_mail(relay, **login)
    assert settings.mail_security == "starttls"
    (fault,) = send_once(tmp_path, "run-1", ALERT, settings)
    assert fault == "The alert could not be sent by e-mail (SMTPNotSupportedError)."
    assert not any("AUTH" in line or "hush" in line for line in relay.lines)


def test_a_webhook_gets_json(hook: Any, tmp_path: Path) -> None:
    assert send_once(tmp_path, "run-1", ALERT, by_hook(hook)) == []
    ((kind, body),) = hook.lines
    assert kind == "application/json"
    assert json.loads(body) == {"subject": ALERT.subject, "text": ALERT.text}


@pytest.mark.parametrize("answer", [302, 404, 500])
def test_a_webhook_that_fails_is_told_without_its_address(
    hook: Any, tmp_path: Path, answer: int
) -> None:
    hook.answer = answer
    (fault,) = send_once(tmp_path, "run-1", ALERT, by_hook(hook))
    assert fault == "The alert could not be sent by the webhook (HTTPError)."
    assert len(hook.lines) == 1


def test_a_run_is_told_of_once_and_again_only_where_nobody_was_reached(
    hook: Any, tmp_path: Path
) -> None:
    hook.answer = 500
    assert send_once(tmp_path, "run-1", ALERT, by_hook(hook)) != []
    hook.answer = 204
    for _ in range(3):
        assert send_once(tmp_path, "run-1", ALERT, by_hook(hook)) == []
    assert send_once(tmp_path, "run-2", ALERT, by_hook(hook)) == []
    assert len(hook.lines) == 3


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"MAIL_TO": "a@b.example"}, "SCOUT_ALERT_MAIL_HOST"),
        ({"MAIL_HOST": "relay"}, "SCOUT_ALERT_MAIL_HOST"),
        ({"MAIL_TO": "nobody", "MAIL_HOST": "relay"}, "SCOUT_ALERT_MAIL_TO"),
        ({"MAIL_TO": "a@b.example\nBcc: x@y.example", "MAIL_HOST": "relay"}, "SCOUT_ALERT_MAIL_TO"),
        ({"MAIL_TO": "a@b.example", "MAIL_HOST": "relay:many"}, "SCOUT_ALERT_MAIL_PORT"),
        (
            {"MAIL_TO": "a@b.example", "MAIL_HOST": "r", "MAIL_USER": "u"},
            "SCOUT_ALERT_MAIL_PASSWORD",
        ),
        (
            {
                "MAIL_TO": "a@b.example", "MAIL_HOST": "r", "MAIL_USER": "u",
                "MAIL_PASSWORD": CANARY, "MAIL_SECURITY": "none",
            },
            "SCOUT_ALERT_MAIL_SECURITY",
        ),
        ({"WEBHOOK": "ftp://host/x"}, "SCOUT_ALERT_WEBHOOK"),
        ({"WEBHOKK": "http://host/x"}, "SCOUT_ALERT_WEBHOKK"),
    ],
)  # fmt: skip
def test_a_setting_that_cannot_be_used_is_named_without_its_value(
    given: dict[str, str], named: str
) -> None:
    environment = {f"SCOUT_ALERT_{name}": value for name, value in given.items()}
    with pytest.raises(SettingsError) as caught:
        AlertSettings.from_environment(environment)
    assert named in str(caught.value)
    assert CANARY not in str(caught.value)


def test_no_password_is_shown_with_the_settings() -> None:
    settings = AlertSettings.from_environment(
        {
            "SCOUT_ALERT_MAIL_TO": "a@b.example", "SCOUT_ALERT_MAIL_HOST": "relay",
            "SCOUT_ALERT_MAIL_USER": "u", "SCOUT_ALERT_MAIL_PASSWORD": CANARY,
            "SCOUT_ALERT_WEBHOOK": f"https://host/{CANARY}",
        }
    )  # fmt: skip
    assert CANARY not in repr(Settings(home=Path("home"), alerts=settings))


def test_an_alert_says_stage_rule_what_to_do_and_where_to_look() -> None:
    rule = HoldingRule(
        gate="raw", table_name="raw.loads", rule="rows_are_conserved", sentence="Rows add up.",
        when_it_fails="Compare the counts.", status="fail", unexpected_count=1200,
    )  # fmt: skip
    alert = alert_of(
        Failure(run_id="run-1", stages=["raw"], reasons=[], rules=[rule], page="/home/held.html",
                run_book="/scout/RUN_BOOK.md")
    )  # fmt: skip
    assert alert.subject == "Scout: a check held the release (raw)"
    for words in ("raw.loads: rows_are_conserved (fail, 1,200 rows)", "Rows add up.",
                  "Compare the counts.", "/home/held.html", "/scout/RUN_BOOK.md"):  # fmt: skip
        assert words in alert.text


def hold(settings: Settings, run_id: str) -> None:
    """Leave in the warehouse what a run leaves that one critical rule held."""
    with warehouse.open_to_write(settings) as connection:
        results.prepare(connection)
    results.record(
        settings, run_id, "raw",
        [
            RuleResult(
                schema_name="raw", table_name="loads", rule=rule, severity="critical",
                status=status, evaluated_count=9, unexpected_count=2, seconds=0.0,
            )
            for rule, status in (("rows_are_conserved", "fail"), ("one_row_per_load", "pass"))
        ],
    )  # fmt: skip


def test_the_rules_that_hold_a_release_are_read_from_what_was_recorded(
    hook: Any, tmp_path: Path
) -> None:
    settings = Settings(home=tmp_path, alerts=by_hook(hook))
    hold(settings, "run-1")
    assert tell(settings, "run-1", stages=[], reasons=[], page=None) == []
    ((_, body),) = hook.lines
    text = json.loads(body)["text"]
    assert "raw.loads: rows_are_conserved (fail, 2 rows)" in text
    assert "one_row_per_load" not in text


def failed_run(instance: dg.DagsterInstance, error: Exception, **tags: str) -> Any:
    """A run of the whole job's name whose one asset raised."""

    @dg.asset(name="raw_tables")
    def raises() -> None:
        raise error

    job = dg.Definitions(
        assets=[raises], jobs=[dg.define_asset_job(WHOLE_JOB.name)]
    ).resolve_job_def(WHOLE_JOB.name)
    return job.execute_in_process(instance=instance, raise_on_error=False, tags=tags)


def tick(settings: Settings, instance: dg.DagsterInstance, run: Any) -> Any:
    """What the daemon does with a failed run."""
    sensor: Any = build_failure_sensor(settings)
    context = dg.build_run_status_sensor_context(
        sensor_name=sensor.name,
        dagster_instance=instance,
        dagster_run=run.dagster_run,
        dagster_event=run.get_run_failure_event(),
    ).for_run_failure()
    return sensor(context)


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as made:
        yield made


def test_dagsters_daemon_tells_of_a_failed_run_once(
    hook: Any, tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    settings = Settings(home=tmp_path, alerts=by_hook(hook))
    run = failed_run(instance, ReleaseHeldError("The marts gate failed at model.x. It stays."))
    tick(settings, instance, run)
    tick(settings, instance, run)
    ((_, body),) = hook.lines
    text = json.loads(body)["text"]
    assert "Stage: raw_tables" in text
    assert "The marts gate failed at model.x. It stays." in text


def test_an_error_that_is_not_ours_is_told_by_its_kind_alone(
    hook: Any, tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    settings = Settings(home=tmp_path, alerts=by_hook(hook))
    tick(settings, instance, failed_run(instance, ValueError(f"cannot cast {CANARY}")))
    ((_, body),) = hook.lines
    assert CANARY not in body.decode()
    assert "The step raw_tables stopped (ValueError)." in json.loads(body)["text"]


@pytest.mark.parametrize("tags", [{WILL_RETRY: "true"}, {"scout/as_of": "2026-01-01"}])
def test_an_attempt_that_dagster_repeats_is_not_told(
    hook: Any, tmp_path: Path, instance: dg.DagsterInstance, tags: dict[str, str]
) -> None:
    settings = Settings(home=tmp_path, alerts=by_hook(hook))
    run = failed_run(instance, ReleaseHeldError("held."), **tags)
    assert isinstance(tick(settings, instance, run), dg.SkipReason)
    assert hook.lines == []


def test_the_sensor_is_on_exactly_where_somebody_is_to_be_told(hook: Any, tmp_path: Path) -> None:
    states = {
        alerts.is_set: build_failure_sensor(Settings(home=tmp_path, alerts=alerts)).default_status
        for alerts in (AlertSettings(), by_hook(hook))
    }
    assert states == {
        False: dg.DefaultSensorStatus.STOPPED,
        True: dg.DefaultSensorStatus.RUNNING,
    }
