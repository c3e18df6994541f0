"""Withdrawal: a client who withdrew leaves the archive and does not come back.

What belongs here: tombstones (whom to leave out, without saying who), files rewritten without the
records of such clients, and the chained log of what was done.
What does not: the warehouse, releases, the order of steps (``orchestration.forgetting``).

An accepted file is kept as its bytes. A file that holds a withdrawn client is therefore rewritten
before it is kept, and the rewriting is always the same: the original dropped again gives the bytes
the archive already has, and nothing new is loaded.
"""

from orchestration.landing.withdrawal.erasing import SourceIds, erase
from orchestration.landing.withdrawal.journal import Journal, verify
from orchestration.landing.withdrawal.receiving import leave_out, refuse_withdrawn
from orchestration.landing.withdrawal.tombstones import Tombstones

__all__ = [
    "Journal",
    "SourceIds",
    "Tombstones",
    "erase",
    "leave_out",
    "refuse_withdrawn",
    "verify",
]
