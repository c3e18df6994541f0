"""A pure function in a process of its own, beside what this one goes on doing.

What belongs here: sending a function and its arguments over, and taking back what it returns.
What does not: what is worth a process. One costs half a processor second or more of imports, and
what it is given and returns is copied.

A process, because Python works on one thing at a time, and Vega (``charts.drawing``) holds its lock
while it draws. It opens no file and no database: it is over when its function is, and where this
process was killed its answer goes nowhere.
"""

import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class FailedError(Exception):
    """The function raised; carries the class name of what it raised and nothing else."""


def begin(function: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> "Future[T]":
    """Start ``function(*arguments, **named)`` and return at once.

    Args:
        function: a module's own function, found by its name over there.
        arguments: what can be pickled.
        named: likewise.

    Returns:
        What will hold the result, or raise FailedError.
    """
    asked = pickle.dumps((function, arguments, named))
    waiting = ThreadPoolExecutor(max_workers=1, thread_name_prefix="beside")
    answer: Future[T] = waiting.submit(_ask, asked)
    waiting.shutdown(wait=False)
    return answer


def _ask(asked: bytes) -> Any:
    answered = subprocess.run(  # noqa: S603 this Python, no shell
        [sys.executable, "-m", __name__],
        input=asked,
        stdout=subprocess.PIPE,
        # What it would say may quote a cell.
        stderr=subprocess.DEVNULL,
        check=False,
    ).stdout
    if not answered:
        raise FailedError("interrupted")
    result, failed = pickle.loads(answered)  # noqa: S301 our own process wrote it
    if failed is not None:
        raise FailedError(failed)
    return result


def _answer() -> None:
    # Whatever a library prints must not get into the answer.
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    told: tuple[object, str | None]
    try:
        function, arguments, named = pickle.load(sys.stdin.buffer)  # noqa: S301 ours, as above
        told = function(*arguments, **named), None
    except Exception as error:  # noqa: BLE001 a message may quote a cell
        told = None, type(error).__name__
    with answer:
        pickle.dump(told, answer)


if __name__ == "__main__":
    _answer()
