"""How the state of a home is told: as lines for a person, as JSON for a program.

What belongs here: wording and order. What does not: the facts (``home_status``).
"""

import json
from dataclasses import asdict
from datetime import datetime

from rich.console import Console

from orchestration.home_status import Arrival, HomeStatus, look
from orchestration.settings import Settings

_SHOWN = 12


def show(settings: Settings, console: Console, *, as_json: bool) -> int:
    """Show how the home stands; 0 if nobody need do anything, else 2."""
    status = look(settings)
    if as_json:
        told = {**asdict(status), "needs_somebody": status.needs_somebody}
        console.out(json.dumps(told, indent=2, default=_as_text), highlight=False)
    else:
        for line in lines(status):
            console.print(line, highlight=False, markup=False, soft_wrap=True)
    return 2 if status.needs_somebody else 0


def _as_text(value: object) -> str:
    return f"{value.isoformat()}Z" if isinstance(value, datetime) else str(value)


def lines(status: HomeStatus) -> list[str]:
    """The state of a home, a line each."""
    return [
        f"{'Scout':<11}in {status.home}",
        *_release(status),
        *_run(status),
        *_waiting(status),
        *_refused(status),
        *_arrivals(status),
        *_schedule(status),
    ]


def _release(status: HomeStatus) -> list[str]:
    release = status.release
    if release is None:
        return [f"{'Release':<11}none yet: `scout run` publishes the first"]
    synthetic = ", every client imaginary" if release.is_synthetic else ""
    return [
        f"{'Release':<11}{release.sequence}, published {release.published_at}, "
        f"disclosure policy {release.disclosure_policy}{synthetic}"
    ]


def _run(status: HomeStatus) -> list[str]:
    told = []
    if status.running_process is not None:
        told.append(f"{'Run':<11}at work now (process {status.running_process})")
    if status.held is not None:
        told.append(
            f"{'Held':<11}the last run ({status.held.at} UTC) published nothing; why: "
            f"{status.held.page}"
        )
        told += _some([f"{'':<11}{rule}" for rule in status.held.rules])
    return told


def _waiting(status: HomeStatus) -> list[str]:
    if status.waiting:
        count = len(status.waiting)
        files = "1 file is" if count == 1 else f"{count} files are"
        told = [f"{'Waiting':<11}{files} in landing and not in the release: `scout run`"]
        return told + _some([f"{'':<11}{name}" for name in status.waiting])
    if status.is_changed and status.release is not None:
        return [
            f"{'Waiting':<11}no file; a mapping or a definition has changed, or a file is gone: "
            "`scout run`"
        ]
    return [f"{'Waiting':<11}nothing"]


def _refused(status: HomeStatus) -> list[str]:
    told = [f"{'':<11}{sentence}" for sentence in status.mappings_to_mend]
    for one in status.refused:
        count = "refused whole" if one.count is None else f"{one.count:,} rows or values"
        told.append(f"{'':<11}{one.source}/{one.file_name}: {one.reason}, {count}")
        told.append(f"{'':<11}    {one.how_to_mend}")
    if not told:
        return [f"{'Refused':<11}nothing"]
    told[0] = f"{'Refused':<11}{told[0].strip()}"
    return _some(told, 2 * _SHOWN)


def _arrivals(status: HomeStatus) -> list[str]:
    told = [f"{'':<11}{_arrival(one)}" for one in status.arrivals]
    if told:
        told[0] = f"{'Arrivals':<11}{told[0].strip()}"
    return told


def _arrival(one: Arrival) -> str:
    last = f"last came {one.last_arrival_at:%Y-%m-%d %H:%M} UTC" if one.last_arrival_at else "never"
    if one.expected_days is None:
        return f"{one.source}: {last}"
    late = "LATE, " if one.is_late else ""
    return f"{one.source}: {late}{last}, expected every {one.expected_days:g} days"


def _schedule(status: HomeStatus) -> list[str]:
    if not (status.schedule or status.sensor):
        return [f"{'Schedule':<11}off, folder watcher off: nothing runs by itself (`scout ui`)"]
    asleep = "" if status.is_daemon_alive else "; but `scout ui` is not running, so nothing starts"
    on = {True: "on", False: "off"}
    told = f"{on[status.schedule]}, folder watcher {on[status.sensor]}"
    return [f"{'Schedule':<11}{told}{asleep}"]


def _some(told: list[str], most: int = _SHOWN) -> list[str]:
    if len(told) <= most:
        return told
    return [*told[:most], f"{'':<11}… and {len(told) - most} more"]
