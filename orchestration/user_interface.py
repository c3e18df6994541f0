"""Dagster's pages and daemon on loopback: `scout ui`.

What belongs here: starting both with this home's settings and stopping both together.
What does not: what they show (``build``).
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

from rich.console import Console

from orchestration.running import prepare_home
from orchestration.settings import HOME_VARIABLE, Settings


def serve(settings: Settings, port: int, console: Console) -> int:
    """Serve until interrupted; returns 0, or the code of the part that ended by itself."""
    prepare_home(settings)
    environment = {
        **os.environ,
        HOME_VARIABLE: str(settings.home),
        "DAGSTER_HOME": str(settings.dagster),
    }
    programs = Path(sys.executable).parent
    module = ["-m", "orchestration.definitions"]
    # Loopback only: the pages have no login (reliability.md A-17).
    commands = (
        [str(programs / "dagster-webserver"), *module, "-h", "127.0.0.1", "-p", str(port)],
        [str(programs / "dagster-daemon"), "run", *module],
    )
    console.print(f"Open http://127.0.0.1:{port} in your browser. Stop with Ctrl-C.")
    told = "are sent" if settings.alerts.is_set else "are off (SCOUT_ALERT_…)"
    console.print(f"Alerts about failed runs {told}.", highlight=False)
    console.print("The daily schedule and the landing sensor are off until you turn them on there.")
    parts = [
        subprocess.Popen(command, env=environment)  # noqa: S603 - our own programs, no user text
        for command in commands
    ]
    try:
        while all(part.poll() is None for part in parts):
            try:
                parts[0].wait(timeout=1)
            except subprocess.TimeoutExpired:
                continue
        return next((part.returncode for part in parts if part.returncode), 0)
    except KeyboardInterrupt:
        return 0
    finally:
        for part in parts:
            if part.poll() is None:
                part.send_signal(signal.SIGTERM)
        for part in parts:
            part.wait(timeout=30)
