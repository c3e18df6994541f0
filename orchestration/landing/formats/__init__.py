"""One module per format, behind one contract (contract.py): a new format is one line here.

What belongs here: which formats there are.
What does not: what any of them does.
"""

from orchestration.landing.formats.coded import Coded
from orchestration.landing.formats.contract import Format
from orchestration.landing.formats.fhir import Fhir
from orchestration.landing.formats.qualtrics import Qualtrics
from orchestration.landing.formats.redcap import Redcap
from orchestration.landing.formats.remote import RedcapApi, Sql
from orchestration.landing.formats.renamed import Renamed
from orchestration.landing.formats.statistical import Sas, Spss, Stata
from orchestration.landing.formats.tables import Tidy, Wide

__all__ = ["FORMATS"]

FORMATS: dict[str, Format] = {
    one.name: one
    for one in (
        Tidy(),
        Wide(),
        Renamed(),
        Coded(),
        Redcap(),
        Qualtrics(),
        Fhir(),
        Spss(),
        Stata(),
        Sas(),
        Sql(),
        RedcapApi(),
    )
}
"""Value of ``format`` in ``source.yml`` -> the format."""
