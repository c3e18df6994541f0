"""Asking again: how often, after how long.

What belongs here: back-off with jitter and a server's own wish for a pause.
What does not: which answers deserve another try (redcap_server.py).
"""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

Answer = TypeVar("Answer")


class PassingFault(Exception):
    """An answer that may be better next time.

    Attributes:
        sentence: what to say when it never was.
        pause: seconds the server asked for, if it did.
    """

    def __init__(self, sentence: str, pause: float | None = None) -> None:
        """``sentence`` names no secret and no value."""
        super().__init__(sentence)
        self.sentence = sentence
        self.pause = pause


@dataclass(frozen=True)
class Patience:
    """How long to try.

    Attributes:
        tries: how often a request is sent at most.
        first: seconds the first pause may last; each further one may last twice as long.
        longest: seconds no pause exceeds, whatever the server asks for.
        sleep: waits; tests put their own here.
        chance: a number between 0 and 1, for the jitter.
    """

    tries: int = 7
    first: float = 1.0
    longest: float = 120.0
    sleep: Callable[[float], None] = field(default=time.sleep)
    chance: Callable[[], float] = field(default=random.random)

    def ask(self, request: Callable[[], Answer]) -> Answer:
        """The answer to a request, asked again after every passing fault.

        A pause is drawn at random between nothing and the longest now allowed, so that clinics
        that failed together do not come back together; a wish of the server is kept to.

        Raises:
            PassingFault: the last one, when every try met one.
        """
        for number in range(self.tries):
            try:
                return request()
            except PassingFault as fault:
                if number + 1 == self.tries:
                    raise
                drawn = self.chance() * self.first * 2**number
                self.sleep(min(self.longest, max(drawn, fault.pause or 0.0)))
        raise AssertionError("unreachable: tries is at least 1")
