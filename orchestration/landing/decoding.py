"""Is a file what its name says, and in which encoding? Its bytes tell.

What belongs here: the first bytes of files of other kinds, and a copy in UTF-8.
What does not: lines, records and headers (preflight.py).
"""

import codecs
from pathlib import Path

from orchestration.landing.refusals import FileRefusalError

_CHUNK = 1 << 20
_MAGIC = {
    b"PK\x03\x04": "an Excel workbook or a zip archive",
    b"PAR1": "a Parquet file",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a gzip archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook (.xls)",
    b"SQLite format 3": "a database",
}


def name_the_bytes(path: Path, name: str, expected: bytes = b"", encoding: str = "utf-8") -> None:
    """Refuse bytes that are not what the file's extension, or the declared encoding, says.

    Raises:
        FileRefusalError: empty_file, wrong_encoding or binary_content.
    """
    with path.open("rb") as stream:
        head = stream.read(64)
    if not head.strip(b"\r\n\t \xef\xbb\xbf"):
        raise FileRefusalError(
            "empty_file", f"{name} is empty. Export it again; a file needs a header and rows."
        )
    if expected:
        if not head.startswith(expected):
            message = (
                f"{name} is not the kind of file its name says. Export it again, or give it "
                "its true extension."
            )
            raise FileRefusalError("binary_content", message)
        return
    if encoding == "utf-16":
        return
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        message = (
            f"{name} is UTF-16 text. Save it as UTF-8 (in Excel: 'CSV UTF-8'), or write "
            "`encoding: utf-16` into source.yml."
        )
        raise FileRefusalError("wrong_encoding", message)
    for magic, kind in _MAGIC.items():
        if head.startswith(magic):
            message = (
                f"{name} holds {kind}, not text. Export it as CSV, or give it its true extension."
            )
            raise FileRefusalError("binary_content", message)


def as_utf8(path: Path, encoding: str, target: Path, name: str) -> Path:
    """The file in UTF-8: itself, or a copy at ``target`` where another encoding is declared.

    Raises:
        FileRefusalError: wrong_encoding.
    """
    if encoding in ("utf-8", "utf-8-sig"):
        return path
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as source, target.open("w", encoding="utf-8", newline="") as copy:
            while chunk := source.read(_CHUNK):
                copy.write(decoder.decode(chunk))
            copy.write(decoder.decode(b"", final=True))
    except UnicodeError:
        message = (
            f"{name} is not {encoding} text. Correct `encoding` in source.yml, or save it as UTF-8."
        )
        raise FileRefusalError("wrong_encoding", message) from None
    return target
