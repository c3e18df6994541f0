"""De-identification: what a clinic does to an export before it drops it into landing.

What belongs here: keys, and the replacing of identifiers in a delimited file by what may leave the
clinic. A room of its own, because it runs where the identified file lies, which is not Scout's
home: it opens no warehouse, knows no mapping and writes nothing under SCOUT_HOME.
What does not: recognising identifiers (``landing.identifiers``), loading anything.
"""

from orchestration.deidentification.keys import make_key, read_key
from orchestration.deidentification.plan import Plan
from orchestration.deidentification.rewriting import Written, pseudonymise

__all__ = ["Plan", "Written", "make_key", "pseudonymise", "read_key"]
