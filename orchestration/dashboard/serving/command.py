"""``scout dashboard``: Streamlit on loopback, told everything on its command line.

What belongs here: how the server is started and stopped, and which of its habits are off.
What does not: the pages (``shell``).
"""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from rich.console import Console

from orchestration.charts import theme
from orchestration.errors import SettingsError
from orchestration.settings import HOME_VARIABLE, Settings

APP = Path(__file__).resolve().parent / "app.py"
# Colours that Streamlit's own widgets take; the pages' are in style.css, the same ones.
LIGHT = {
    "primaryColor": "#24527a",
    "backgroundColor": "#ffffff",
    "secondaryBackgroundColor": "#f5f7f9",
    "textColor": "#1d2733",
    "linkColor": "#24527a",
    "borderColor": "#8a94a0",
}
DARK = {
    "primaryColor": "#8fbce3",
    "backgroundColor": "#14191f",
    "secondaryBackgroundColor": "#1c232b",
    "textColor": "#e6eaee",
    "linkColor": "#8fbce3",
    "borderColor": "#6b7681",
}
OPTIONS = {
    # Loopback only: the pages have no login (reliability.md A-17).
    "server.address": "127.0.0.1",
    "browser.serverAddress": "127.0.0.1",
    "server.headless": "true",
    "server.fileWatcherType": "none",
    "server.runOnSave": "false",
    "server.enableStaticServing": "false",
    # Nobody is told what runs here (reliability.md A-20).
    "browser.gatherUsageStats": "false",
    "server.showEmailPrompt": "false",
    "client.toolbarMode": "viewer",
    # A fault shows its place, never a value (shell).
    "client.showErrorDetails": "none",
    "logger.level": "error",
    # One family on the pages and in the drawings, whose labels were measured in it.
    "theme.font": theme.FONT,
    "theme.headingFont": theme.FONT,
    "theme.showWidgetBorder": "true",
    "theme.baseRadius": "0.375rem",
    **{f"theme.light.{name}": value for name, value in LIGHT.items()},
    **{f"theme.dark.{name}": value for name, value in DARK.items()},
}


def command(port: int) -> list[str]:
    """What starts the server on ``port``."""
    options = [f"--{name}={value}" for name, value in OPTIONS.items()]
    run = [sys.executable, "-m", "orchestration.dashboard.serving.process", str(APP)]
    return [*run, f"--server.port={port}", f"--browser.serverPort={port}", *options]


def environment(settings: Settings) -> dict[str, str]:
    """What the server's process knows: this home, and no Streamlit setting of the user's own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("STREAMLIT_")}
    return {**kept, HOME_VARIABLE: str(settings.home)}


def serve(settings: Settings, port: int, console: Console) -> int:
    """Serve until interrupted; returns 0, or the server's code if it ended by itself.

    Raises:
        SettingsError: something else listens on ``port``.
    """
    _insist_on_free(port)
    # Streamlit reads settings from its working folder too: start it where there are none.
    server = subprocess.Popen(  # noqa: S603 - our own program, no user text
        command(port), env=environment(settings), cwd=APP.parent, stdout=subprocess.DEVNULL
    )
    try:
        if _answers(port, server):
            console.print(f"Open http://127.0.0.1:{port} in your browser. Stop with Ctrl-C.")
        return server.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        if server.poll() is None:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=30)


def _answers(port: int, server: "subprocess.Popen[bytes]") -> bool:
    """Wait until the server listens; False where it ended before it did."""
    while server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.2)
    return False


def _insist_on_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            message = f"Port {port} is taken. Choose another: scout dashboard --port {port + 1}"
            raise SettingsError(message) from None
