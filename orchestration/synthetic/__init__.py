"""A seeded imaginary clinic with known effects: the demo, the tests and the benchmarks share it.

What belongs here: how imaginary clients change, how their totals become answers, which honest
mistakes are planted, and the files a clinic would have dropped.
What does not: scoring, statistics or any other work that Scout does on these files; item wording;
anything taken from a person.
"""

from orchestration.synthetic.clinic import Clinic, make_clinic
from orchestration.synthetic.writing import write_clinic

__all__ = ["Clinic", "make_clinic", "write_clinic"]
