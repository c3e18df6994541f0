"""Sending an alert: by e-mail through a relay, by a webhook, once per failed run.

What belongs here: the two ways out, and the note that a run was told of.
What does not: what an alert says (``alert_text``), or noticing a failure (``failure_sensor``).
"""

import json
import smtplib
import ssl
import urllib.error
import urllib.request
from email.message import EmailMessage
from pathlib import Path

from orchestration.alert_settings import AlertSettings
from orchestration.automation.alert_text import Alert

SECONDS = 20
# Notes of alerts that were sent, so that a run is told of once whoever noticed it.
FOLDER = "alerts"


def send_once(folder: Path, run_id: str, alert: Alert, settings: AlertSettings) -> list[str]:
    """Send an alert about a run, unless one was sent before.

    Args:
        folder: where notes are kept, one empty file per run.
        run_id: the run.
        alert: what to send.
        settings: where to; nothing is sent where nothing is set.

    Returns:
        One sentence per way that failed, naming the kind of error and no address or password. Where
        every way failed, the next call tries again.
    """
    if not settings.is_set:
        return []
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    note = folder / "".join(letter for letter in run_id if letter.isalnum() or letter == "-")
    try:
        # Whoever makes the note sends; a second one finds it there.
        note.touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        return []
    ways = []
    if settings.mail_to:
        ways.append(("e-mail", _mail))
    if settings.webhook:
        ways.append(("the webhook", _post))
    failed = []
    for name, way in ways:
        try:
            way(alert, settings)
        except (OSError, smtplib.SMTPException, urllib.error.URLError, ValueError) as error:
            # Its message may hold a password or an address.
            failed.append(f"The alert could not be sent by {name} ({type(error).__name__}).")
    if len(failed) == len(ways):
        note.unlink(missing_ok=True)
    return failed


def _mail(alert: Alert, settings: AlertSettings) -> None:
    message = EmailMessage()
    message["Subject"] = alert.subject
    message["From"] = settings.mail_from or settings.mail_to[0]
    message["To"] = ", ".join(settings.mail_to)
    message.set_content(alert.text)
    context = ssl.create_default_context()
    place = (settings.mail_host, settings.mail_port)
    connection = (
        smtplib.SMTP_SSL(*place, timeout=SECONDS, context=context)
        if settings.mail_security == "tls"
        else smtplib.SMTP(*place, timeout=SECONDS)
    )
    with connection as relay:
        if settings.mail_security == "starttls":
            relay.starttls(context=context)
        # A relay inside a clinic often wants no login; Dagster's own e-mail sensor always logs in.
        if settings.mail_user:
            relay.login(settings.mail_user, settings.mail_password.get_secret_value())
        relay.send_message(message)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A webhook that sends elsewhere is an error: nobody has looked at that address."""

    def redirect_request(self, *_: object, **__: object) -> None:
        """Never."""


def _post(alert: Alert, settings: AlertSettings) -> None:
    if settings.webhook is None:
        return
    request = urllib.request.Request(  # noqa: S310 - http or https: the settings see to it
        settings.webhook.get_secret_value(),
        data=json.dumps({"subject": alert.subject, "text": alert.text}).encode(),
        headers={"Content-Type": "application/json"},
        method="POST",
    )
    opener = urllib.request.build_opener(_NoRedirect)
    with opener.open(request, timeout=SECONDS) as answer:
        answer.read(1)
