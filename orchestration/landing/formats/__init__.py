"""One module per format, behind one contract (contract.py): a new format is one line here.

What belongs here: which formats there are.
What does not: what any of them does.
"""

from orchestration.landing.formats.contract import Format
from orchestration.landing.formats.qualtrics import Qualtrics
from orchestration.landing.formats.redcap import Redcap
from orchestration.landing.formats.remote import RedcapApi, Sql
from orchestration.landing.formats.tables import Tidy, Wide

__all__ = ["FORMATS"]

FORMATS: dict[str, Format] = {
    one.name: one for one in (Tidy(), Wide(), Redcap(), Qualtrics(), Sql(), RedcapApi())
}
"""Value of ``format`` in ``source.yml`` -> the format."""
