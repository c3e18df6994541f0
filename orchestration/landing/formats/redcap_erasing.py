"""A REDCap export without the records of withdrawn clients.

What belongs here: records that go as a whole, and a header of labels.
What does not: writing text (erasing_tables.py), reading an export (redcap.py).

The client's id may be a field that only one event of a record holds. The other rows of the record
are the client's all the same, though nothing in them says so but the record's id.
"""

from collections.abc import Callable, Iterable, Sequence

from orchestration.landing.formats.erasing_tables import erase_text
from orchestration.landing.formats.erasure import Erased, Erasure, RowFinder, RowTest, row_test
from orchestration.landing.formats.redcap_dictionary import read_dictionary
from orchestration.landing.formats.redcap_headers import names_of

# The place of a record's id: REDCap exports it first.
_RECORD = 0


def test_of_records(
    finder: RowFinder, header: Sequence[str], rows: Callable[[], Iterable[Sequence[str]]]
) -> RowTest:
    """The question whether a row belongs to a withdrawn client's record."""
    return row_test(finder, header, rows, _RECORD)


def erase_export(erasure: Erasure, finder: RowFinder) -> Erased:
    """Take the records of withdrawn clients out of an export.

    Raises:
        FileRefusalError: the dictionary, or a header of labels, cannot be read.
    """
    companion = erasure.companions.get("redcap.dictionary")

    def header(rows: list[list[str]]) -> tuple[int, list[str]]:
        cells = [rows[0][0].removeprefix("\ufeff"), *rows[0][1:]]
        if companion is None:
            return 1, cells
        name = erasure.mapping.options.dictionary
        return 1, names_of(cells, read_dictionary(companion, name, erasure.name), erasure.name)

    return erase_text(erasure, finder, header, _RECORD)
