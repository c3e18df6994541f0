"""What stands on a terminal while Scout works: Python's prints, and no library's.

What belongs here: claims about ``standard_output``, each tried in a process of its own, with C's
own ``printf`` as the library. What does not: what Scout prints.
"""

import os
import subprocess
import sys

import pytest

from orchestration import running
from orchestration.errors import SettingsError
from tests.unit.test_command_line import scout

_SPOKEN = """
import ctypes, os, sys, threading
from orchestration import standard_output
c = ctypes.CDLL(None)
"""


def printed(program: str) -> str:
    """What a program leaves on its standard output, which is a pipe."""
    # As C usually is: what goes into a pipe is held until there is much of it.
    environment = {name: text for name, text in os.environ.items() if name != "PYTHONUNBUFFERED"}
    command = [sys.executable, "-c", _SPOKEN + program]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, check=True
    ).stdout


def test_a_library_is_silent_in_the_block_and_speaks_after_it() -> None:
    assert printed("""
print("before")
with standard_output.for_python_alone():
    c.printf(b"solver\\n")
    os.write(1, b"solver\\n")
    print("meanwhile")
print("after", flush=True)
c.printf(b"library\\n")
c.fflush(None)
""").split() == ["before", "meanwhile", "after", "library"]


def test_another_thread_prints_while_a_library_does() -> None:
    lines = printed("""
def speak():
    for number in range(200):
        print("thread", number)
with standard_output.for_python_alone():
    other = threading.Thread(target=speak)
    other.start()
    for _ in range(200):
        c.puts(b"solver")
        c.fflush(None)
    other.join()
""").splitlines()
    assert lines == [f"thread {number}" for number in range(200)]


def test_standard_output_is_as_it_was_after_an_error() -> None:
    assert (
        printed("""
usual = sys.stdout
try:
    with standard_output.for_python_alone():
        raise KeyboardInterrupt
except KeyboardInterrupt:
    assert sys.stdout is usual
    os.write(1, b"the descriptor, too")
""")
        == "the descriptor, too"
    )


def test_without_a_standard_output_no_other_file_is_turned_away() -> None:
    """Descriptor 1 was closed at the start, and a file that Scout opened has its number."""
    program = """
import os, sys, tempfile
from orchestration import standard_output
with tempfile.TemporaryFile() as file:
    assert file.fileno() == 1, "the file has the free number"
    with standard_output.for_python_alone():
        file.write(b"kept")
        file.flush()
    file.seek(0)
    sys.stderr.write(file.read().decode())
"""
    done = subprocess.run(
        ["/bin/sh", "-c", 'exec "$0" -c "$1" >&-', sys.executable, program],
        stderr=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    assert done.stderr == "kept"


@pytest.mark.parametrize("words", [["run"], ["run", "--as-of", "2025-03-31"]])
def test_a_run_turns_libraries_away(
    words: list[str], capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*_: object, **__: object) -> None:
        os.write(1, b"solver\n")
        raise SettingsError("reached")

    monkeypatch.setattr(running, "run_once", run)
    monkeypatch.setattr(running, "run_as_of", run)
    answer = scout(*words)
    assert str(answer.exception) == "reached"
    assert "Scout in" in answer.output
    assert capfd.readouterr().out == ""
