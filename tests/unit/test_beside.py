"""A function in a process of its own: its result comes back, and of a fault only the kind."""

import os

import pytest

from orchestration import beside


def test_the_result_comes_from_another_process() -> None:
    assert beside.begin(os.getpid).result() != os.getpid()


def test_arguments_go_over_and_the_result_comes_back() -> None:
    assert beside.begin(sorted, ["b", "a"], reverse=False).result() == ["a", "b"]


def test_of_a_fault_comes_its_kind_and_no_word() -> None:
    with pytest.raises(beside.FailedError) as raised:
        beside.begin(int, "client 4711").result()
    assert str(raised.value) == "ValueError"
    assert raised.value.__context__ is None


def test_what_a_function_prints_is_no_part_of_its_answer() -> None:
    assert beside.begin(os.write, 1, b"noise").result() == len(b"noise")


def test_a_process_that_ends_without_an_answer_is_a_fault() -> None:
    with pytest.raises(beside.FailedError, match="interrupted"):
        beside.begin(os._exit, 0).result()
