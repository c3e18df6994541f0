"""Standard output while Scout works: Python's prints reach it, what a library prints does not.

What belongs here: turning the file descriptor away under compiled code.
What does not: what Scout prints there (``progress``, ``summary``, the ``_told`` modules).

The solver behind ``scipy.optimize.milp`` (HiGHS 1.12) prints a line of its own where a solution has
to be repaired after presolving, whatever ``disp`` says (github.com/jump-dev/HiGHS.jl/issues/312).
No option prevents that, and nothing in Python can catch what is written to the descriptor itself.
"""

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

_STANDARD_OUTPUT = 1


@contextmanager
def for_python_alone() -> Iterator[None]:
    """Send what is written to file descriptor 1 nowhere, and ``sys.stdout`` where it went before.

    The two part once, for the whole block: any thread may print meanwhile, and the library may
    print in any. Make a ``Console`` inside the block: one that was made before it still writes to
    the descriptor. Children inherit the silent one.
    """
    usual = sys.stdout
    if usual is None:
        # Started without a standard output: the descriptor may be any file by now.
        yield
        return
    usual.flush()
    kept = os.dup(_STANDARD_OUTPUT)
    is_ours = _writes_to_descriptor(usual)
    if is_ours:
        sys.stdout = open(  # noqa: SIM115 - closed below
            kept,
            "w",
            encoding=usual.encoding,
            errors=usual.errors,
            closefd=False,
            buffering=1 if usual.line_buffering else -1,
        )
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, _STANDARD_OUTPUT)
    os.close(nowhere)
    try:
        yield
    finally:
        # Into a pipe C prints late: without this the line would come out afterwards.
        ctypes.CDLL(None).fflush(None)
        if is_ours:
            sys.stdout.close()
            sys.stdout = usual
        os.dup2(kept, _STANDARD_OUTPUT)
        os.close(kept)


def _writes_to_descriptor(stream: TextIO) -> bool:
    """Whether a stream is the process's own standard output, not one put in its place."""
    try:
        return stream.fileno() == _STANDARD_OUTPUT
    except (AttributeError, OSError, ValueError):
        return False
