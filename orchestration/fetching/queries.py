"""Does a query only read? Asked of its text, before it is sent anywhere.

What belongs here: taking comments and quoted text out of SQL and looking at the words left.
What does not: a parser of SQL, or a server's own guard (sql.py asks for a read-only transaction
too: this check is the first of two locks, and the only one on a server that has no such thing).
"""

import re
from collections.abc import Mapping

from orchestration.fetching.refusing import FetchError

_ASIDE = re.compile(
    r"""
      --(?:\s[^\n]*)?$         # a comment to the end of the line
    | /\*.*?\*/                # a comment
    | '(?:[^']|'')*'           # text
    | "(?:[^"]|"")*"           # a quoted name
    | `[^`]*`                  # a quoted name in MySQL
    | \[[^\[\]]*\]             # a quoted name in SQL Server, an index elsewhere
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
# What may stand inside one statement, or begin a second one where a server needs no semicolon.
_WRITING = re.compile(
    "insert|update|delete|merge|into|drop|alter|create|truncate|grant|revoke|deny|exec|execute|call"
    "|begin|commit|rollback|savepoint|backup|restore|shutdown|kill|dbcc|waitfor|declare"
    "|outfile|dumpfile"
)


def why_not_read_only(query: str) -> str | None:
    """Why a query is not sent, or None where it is one SELECT (a WITH may precede it).

    What servers read differently (backslashes before quotes, MySQL's own comments, dollar signs) is
    refused rather than understood: it could hide a second statement.
    """
    if re.search(r"\\['\"]", query):
        return "it holds a backslash before a quote; double the quote instead"
    # Quoted text and comments at once, in the order in which they stand, as a server takes them:
    # two dashes inside text are no comment, an apostrophe inside a comment is no text.
    bare = _ASIDE.sub(" ? ", query)
    if any(mark in bare for mark in ("/*", "--", "#")) or "/*!" in query:
        return "write its comments as `-- ` with a blank, or as /* */"
    if any(mark in bare for mark in ("'", '"', "`")):
        return "a quote in it is not closed"
    if re.search(r"\$\w*\$", bare):
        return "it holds text between dollar signs; use quotes"
    bare = bare.strip().rstrip(";").strip()
    if ";" in bare:
        return "it holds more than one statement; give one query per record type"
    words = re.findall(r"[a-z_][a-z0-9_$]*", bare.lower())
    if not words or words[0] not in ("select", "with"):
        return "it does not begin with SELECT or WITH"
    written = next((word for word in words if _WRITING.fullmatch(word)), None)
    if written is not None:
        return (
            f"the word {written.upper()} stands in it; a column of that name needs quotes, and "
            "anything else would write"
        )
    return None


def require_reading(queries: Mapping[str, str]) -> None:
    """Refuse queries that would not only read.

    Args:
        queries: record type -> query.

    Raises:
        FetchError: one of them would not, or it cannot be told.
    """
    for kind, query in queries.items():
        if (why := why_not_read_only(query)) is not None:
            raise FetchError(f"query `{kind}` was not sent: {why}. Only reading is allowed.")
