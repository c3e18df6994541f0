"""A page laid out without a browser, and what stands on it.

What belongs here: running one page through Streamlit's own test frame, its markup, its text.
What does not: claims.
"""

import re
from pathlib import Path

from streamlit.testing.v1 import AppTest

_TAG = re.compile(r"<[^>]+>")


def laid_out(home: Path, path: str, **asked: str) -> AppTest:
    """One page of the current release, as a visitor whose address asks for something gets it."""
    script = (
        "from pathlib import Path\n"
        "from orchestration.dashboard.pages import PAGES\n"
        "from orchestration.dashboard.shell import show\n"
        "from orchestration.settings import Settings\n"
        f"page = next(page for page in PAGES if page.PATH == {path!r})\n"
        f"show(page, Settings(home=Path({str(home)!r})))\n"
    )
    page = AppTest.from_string(script, default_timeout=120)
    for key, value in asked.items():
        page.query_params[key] = value
    return page.run()


def markup(page: AppTest) -> str:
    """All HTML of the page that is ours: text, tables and drawings."""
    blocks = [block.proto.body for block in page.get("html")]
    return "\n".join([*blocks, *(block.value for block in page.markdown)])


def in_order(page: AppTest) -> str:
    """The same in the order of the page, with what its filters are called."""
    found: list[str] = []
    for element in page.main:
        if element.type == "html":
            found.append(element.proto.body)
        elif element.type == "markdown":
            found.append(element.value)
        elif element.type == "selectbox":
            found.append(f"<label>{element.label}</label>")
    return "\n".join(found)


def text(page: AppTest) -> str:
    """What there is to read."""
    return _TAG.sub(" ", markup(page))
