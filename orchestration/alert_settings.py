"""Whom to tell when a run fails, read from the environment; nobody unless it is set.

What belongs here: the SCOUT_ALERT_ variables and what they may say.
What does not: what an alert says, or sending one (``automation``).

| variable | meaning |
|---|---|
| SCOUT_ALERT_WEBHOOK | an address that takes a JSON POST: ``{"subject": …, "text": …}`` |
| SCOUT_ALERT_MAIL_TO | one address or several, separated by commas |
| SCOUT_ALERT_MAIL_FROM | the sender; the first recipient unless set |
| SCOUT_ALERT_MAIL_HOST | the relay, ``host`` or ``host:port`` (25 unless given) |
| SCOUT_ALERT_MAIL_SECURITY | ``none``, ``starttls`` or ``tls``; starttls where there is a login |
| SCOUT_ALERT_MAIL_USER, SCOUT_ALERT_MAIL_PASSWORD | the login of a relay that wants one |
"""

import os
import re
from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator

from orchestration.errors import SettingsError

_PREFIX = "SCOUT_ALERT_"
# One address, nothing that a header could be made longer with.
_ADDRESS = r"[^\s@,<>\"]+@[^\s@,<>\"]+"


class AlertSettings(BaseModel):
    """Where alerts go; each attribute is the variable of that name.

    Attributes:
        webhook: an http or https address.
        mail_to: the recipients.
        mail_from: the sender.
        mail_host: the relay's name.
        mail_port: the relay's port.
        mail_security: how the connection is secured.
        mail_user, mail_password: the login; without one an open relay is used as it is.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    webhook: SecretStr | None = None
    mail_to: tuple[str, ...] = ()
    mail_from: str = ""
    mail_host: str = ""
    mail_port: int = Field(default=25, ge=1, le=65535)
    mail_security: Literal["none", "starttls", "tls"] = "none"
    mail_user: str = ""
    mail_password: SecretStr = SecretStr("")

    @model_validator(mode="after")
    def _can_be_sent(self) -> "AlertSettings":
        # Each message opens with the variable that is wrong, and repeats no value.
        address = self.webhook.get_secret_value() if self.webhook else "http://unset"
        faults = (
            ("WEBHOOK", not re.fullmatch(r"https?://\S+", address)),
            ("MAIL_TO", not all(re.fullmatch(_ADDRESS, one) for one in self.mail_to)),
            ("MAIL_FROM", bool(self.mail_from) and not re.fullmatch(_ADDRESS, self.mail_from)),
            ("MAIL_HOST", bool(self.mail_to) != bool(self.mail_host)),
            ("MAIL_PASSWORD", bool(self.mail_user) != bool(self.mail_password.get_secret_value())),
            # A password does not travel in the open.
            ("MAIL_SECURITY", bool(self.mail_user) and self.mail_security == "none"),
        )
        if wrong := [name for name, is_wrong in faults if is_wrong]:
            raise ValueError(", ".join(wrong))
        return self

    @property
    def is_set(self) -> bool:
        """Whether anybody is told."""
        return bool(self.webhook or self.mail_to)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "AlertSettings":
        """What the variables say.

        Raises:
            SettingsError: a variable has a value Scout cannot use, or one that it needs is missing.
        """
        given = {
            name.removeprefix(_PREFIX).lower(): value
            for name, value in environment.items()
            if name.startswith(_PREFIX) and value
        }
        values: dict[str, object] = dict(given)
        if "mail_to" in given:
            values["mail_to"] = tuple(one.strip() for one in given["mail_to"].split(","))
        if "mail_host" in given:
            host, colon, port = given["mail_host"].rpartition(":")
            values |= {"mail_host": host, "mail_port": port} if colon else {}
        if "mail_user" in given:
            values.setdefault("mail_security", "starttls")
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            named = [
                str(one["ctx"]["error"]) if one["type"] == "value_error" else str(one["loc"][0])
                for one in error.errors()
            ]
            variables = ", ".join(
                _PREFIX + name.strip().upper() for text in named for name in text.split(",")
            )
            message = (
                f"Settings: {variables} cannot be used as given. E-mail needs SCOUT_ALERT_MAIL_TO "
                "and SCOUT_ALERT_MAIL_HOST; a login needs user, password and starttls or tls; a "
                "webhook is an http or https address."
            )
            raise SettingsError(message) from None
