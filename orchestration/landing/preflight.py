"""Is this file what its name says, and how many records does it hold? Asked of its bytes.

What belongs here: encoding, binary content, line lengths, the header, the count of records.
What does not: DuckDB, mappings of columns, values.

DuckDB's reader is fast but no accountant (reliability.md, 3.7): what is counted here is what the
table read later has to hold.
"""

import codecs
import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from orchestration.landing.accountant import LINE_LIMIT, open_text, records, unterminated
from orchestration.landing.refusals import FileRefusalError

# A line longer than LINE_LIMIT covers a whole chunk, so lengths inside a chunk need no look.
_CHUNK = LINE_LIMIT // 2
_NEWLINE = ord("\n")
_DELIMITERS = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a bar"}


@dataclass(frozen=True)
class CsvFacts:
    """What is known of a delimited file before it is read.

    Attributes:
        header: the column names; a nameless column is called ``column <n>``.
        rows: the number of records after the header; None where only the careful reader can tell.
        is_regular: every record is one physical line, lines end alike and none is blank: record n
            stands on line n + 1 and DuckDB may read the file.
        may_have_blanks: a cell may begin or end with a blank, or be quoted and empty.
    """

    header: tuple[str, ...]
    rows: int | None
    is_regular: bool
    may_have_blanks: bool


@dataclass
class _Scan:
    newlines: int = 0
    returns: int = 0
    pairs: int = 0
    quotes: int = 0
    has_blank_line: bool = False
    has_padding: bool = False
    last: bytes = b""

    @property
    def lines(self) -> int:
        return self.newlines + (self.last[-1:] not in (b"\n", b""))

    @property
    def has_even_ends(self) -> bool:
        return self.returns == self.pairs and self.pairs in (0, self.newlines)


def look_at_csv(
    path: Path,
    delimiter: str,
    name: str,
    naming: Callable[[list[str]], list[str]] | None = None,
) -> CsvFacts:
    """Read every byte once and say whether and how the file can be read.

    Args:
        path: the file, in UTF-8 (a byte order mark is fine).
        delimiter: what separates its columns.
        name: how messages call it.
        naming: the names of the columns, from the cells of the header where those are others.

    Raises:
        FileRefusalError: any fault that concerns the whole file.
    """
    scan = _scan(path, delimiter, name)
    cells, header_lines, header_quotes = _header(path, delimiter, name)
    header = check_header(naming(cells) if naming else cells, name)
    is_regular = scan.has_even_ends and not scan.has_blank_line and header_lines == 1
    if is_regular and scan.quotes == header_quotes:
        rows: int | None = scan.lines - 1
    elif is_regular:
        rows, is_regular = _count(path, delimiter, name, len(header))
    else:
        rows = None
    if rows == 0:
        message = (
            f"{name} has a header and no rows. If that is right there is nothing to load; "
            "else export it again."
        )
        raise FileRefusalError("header_only", message)
    may_have_blanks = scan.has_padding or scan.quotes > header_quotes
    return CsvFacts(header, rows, is_regular, may_have_blanks)


def _scan(path: Path, delimiter: str, name: str) -> _Scan:
    scan = _Scan()
    blanks = b" " if delimiter == "\t" else b" \t"
    edges = f"{delimiter}\r\n".encode()
    decoder = codecs.getincrementaldecoder("utf-8")()
    carry, is_ascii, done = 0, True, 0
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            if b"\0" in chunk:
                line = scan.newlines + chunk[: chunk.find(b"\0")].count(b"\n") + 1
                message = (
                    f"{name}, line {line}: this is not text (it holds a NUL byte). Export it "
                    "as UTF-8 CSV."
                )
                raise FileRefusalError("binary_content", message)
            if not (is_ascii and chunk.isascii()):
                is_ascii = False
                _decode(decoder, chunk, scan, name)
            first, last = _ends(chunk)
            if carry + (first if first >= 0 else len(chunk)) > LINE_LIMIT:
                line = scan.newlines + 1
                message = (
                    f"{name}, line {line} is longer than a million characters. Export the "
                    "file again, one record a line."
                )
                raise FileRefusalError("too_long_line", message)
            carry = len(chunk) - last - 1 if last >= 0 else carry + len(chunk)
            joined = scan.last + chunk
            codes = np.frombuffer(joined, dtype=np.uint8)
            has_returns = b"\r" in joined
            scan.has_blank_line |= _has_blank_line(codes) or (has_returns and b"\n\r\n" in joined)
            scan.has_padding = scan.has_padding or _has_padding(codes, blanks, edges)
            if not done:
                text = chunk.removeprefix(codecs.BOM_UTF8)
                scan.has_blank_line |= text.startswith((b"\n", b"\r"))
            scan.newlines += int(np.count_nonzero(codes[len(scan.last) :] == _NEWLINE))
            if has_returns:
                scan.returns += chunk.count(b"\r")
                scan.pairs += chunk.count(b"\r\n") + (
                    scan.last.endswith(b"\r") and chunk.startswith(b"\n")
                )
            scan.quotes += chunk.count(b'"') if b'"' in chunk else 0
            scan.last = joined[-3:]
            done += len(chunk)
    if not is_ascii:
        _decode(decoder, b"", scan, name, final=True)
    scan.has_padding |= scan.last.endswith((b" ", b"\t"))
    return scan


def _has_blank_line(codes: "np.typing.NDArray[np.uint8]") -> bool:
    """Whether an end of line follows another at once."""
    ends = codes == _NEWLINE
    return bool((ends[1:] & ends[:-1]).any())


def _has_padding(codes: "np.typing.NDArray[np.uint8]", blanks: bytes, edges: bytes) -> bool:
    """Whether a blank stands beside a delimiter or an end of line."""
    for blank in blanks:
        at = np.flatnonzero(codes == blank)
        before, after = at[at > 0] - 1, at[at < len(codes) - 1] + 1
        if any((codes[before] == edge).any() or (codes[after] == edge).any() for edge in edges):
            return True
    return False


def _ends(chunk: bytes) -> tuple[int, int]:
    """Where the first and the last end of line of a chunk stand, -1 for none."""
    found = [at for at in (chunk.find(b"\n"), chunk.find(b"\r")) if at >= 0]
    return (min(found), max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))) if found else (-1, -1)


def _decode(
    decoder: codecs.IncrementalDecoder, chunk: bytes, scan: _Scan, name: str, *, final: bool = False
) -> None:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError as error:
        line = scan.newlines + error.object[: error.start].count(b"\n") + 1
        message = (
            f"{name}, line {line}: this is not UTF-8 text. Save the file as UTF-8, "
            "or write `encoding: cp1252` into source.yml if it comes from Windows."
        )
        raise FileRefusalError("wrong_encoding", message) from None


def _header(path: Path, delimiter: str, name: str) -> tuple[list[str], int, int]:
    with open_text(path) as stream:
        lines = _Counted(stream)
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        try:
            cells = next((row for row in reader if row), [])
        except csv.Error:
            raise unterminated(name, 1) from None
    if len(cells) == 1:
        for other, called in _DELIMITERS.items():
            if other != delimiter and other in cells[0]:
                message = (
                    f"{name}: its columns seem to be separated by {called}. Write "
                    f"`delimiter: {other!r}` into source.yml, or export it with "
                    f"{_DELIMITERS.get(delimiter, delimiter)}."
                )
                raise FileRefusalError("wrong_delimiter", message)
    return cells, reader.line_num, lines.quotes


class _Counted:
    """Lines of a stream, counting the quotes that went by."""

    def __init__(self, stream: io.TextIOBase) -> None:
        self.stream = stream
        self.quotes = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self.stream)
        self.quotes += line.count('"')
        return line


def check_header(cells: list[str], name: str) -> tuple[str, ...]:
    """The column names, nameless ones as ``column <n>``.

    Raises:
        FileRefusalError: duplicate_header.
    """
    header = tuple(cell if cell.strip() else f"column {n}" for n, cell in enumerate(cells, start=1))
    seen: dict[str, int] = {}
    for n, cell in enumerate(header, start=1):
        if (first := seen.setdefault(cell.casefold(), n)) != n:
            message = (
                f"{name}: columns {first} and {n} have the same name (capitals do not count). "
                "Rename one of them in the export."
            )
            raise FileRefusalError("duplicate_header", message)
    return header


def _count(path: Path, delimiter: str, name: str, width: int) -> tuple[int, bool]:
    rows, is_regular = 0, True
    for first, last, cells in records(path, delimiter, width, name):
        rows += 1
        is_regular &= first == last and cells is not None
    return rows, is_regular
