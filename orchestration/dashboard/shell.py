"""The frame around every page: which release, which page, what when there is none.

What belongs here: navigation, the header and the foot, keeping the release between runs, the
boundary at which a fault becomes a sentence.
What does not: a page's own content (``pages``).
"""

import time
from functools import lru_cache, partial
from pathlib import Path
from types import ModuleType

import streamlit as st
from markupsafe import Markup

from orchestration.dashboard.drawing import colours
from orchestration.dashboard.exhibit import place_of
from orchestration.dashboard.filters import choose, unasked
from orchestration.dashboard.labels import Labels
from orchestration.dashboard.markup import definition, joined, paragraph
from orchestration.dashboard.pages import PAGES
from orchestration.dashboard.reading import Identity, Release, current_identity, read
from orchestration.dashboard.view import View
from orchestration.dashboard.words import is_missing, number
from orchestration.errors import ScoutError
from orchestration.settings import Settings

STYLE = Path(__file__).resolve().parent / "style.css"
# How long a switch of releases may take before a second look.
SECOND_LOOK_SECONDS = 0.3


def main() -> None:
    """Lay out the page that the address names."""
    settings = Settings.from_environment()
    pages = [
        st.Page(
            partial(show, page, settings),
            title=page.TITLE,
            url_path=page.PATH,
            default=place == 0,
        )
        for place, page in enumerate(PAGES)
    ]
    st.navigation(pages, position="sidebar", expanded=True).run()


def show(page: ModuleType, settings: Settings) -> None:
    """One page of the newest release, whatever its state."""
    st.set_page_config(page_title=f"{page.TITLE} - Scout", layout="wide")
    st.html(STYLE)
    st.html(colours())
    try:
        release = newest(settings)
    except ScoutError as error:
        _say(page.TITLE, "The release cannot be read.", str(error))
        return
    if release is None:
        _say(
            "No release yet",
            f"Nothing has been published in {settings.home}.",
            "Run `scout run` (or `scout demo` for an imaginary clinic), then refresh this page. "
            "If a run was held, its quality report says why: held.html in the home folder.",
        )
        return
    view = View(release, Labels.of(release))
    st.html(_header(page, release))
    try:
        page.show(view, choose(page.filters(view)))
    except Exception as error:  # noqa: BLE001 - the boundary: a place, never a value
        st.html(paragraph(f"This page failed ({place_of(error)}). Report this line.", "banner bad"))
    st.html(_foot(view))


def draw_ahead(settings: Settings) -> None:
    """Draw what every page shows before anybody chooses, so that nobody waits for it."""
    release = newest(settings)
    if release is None:
        return
    view = View(release, Labels.of(release))
    for page in PAGES:
        # Outside a visitor's session Streamlit's elements do nothing: what stays are the drawings.
        page.show(view, unasked(page.filters(view)))


def newest(settings: Settings) -> Release | None:
    """The release that ``current`` names now; None before the first.

    Raises:
        ScoutError: it cannot be read, not even at the second look.
    """
    identity = current_identity(settings)
    if identity is None:
        return None
    try:
        return _kept(identity, settings)
    except ScoutError:
        # Read in the middle of a switch, or of the removal of an old release.
        time.sleep(SECOND_LOOK_SECONDS)
        identity = current_identity(settings)
        return None if identity is None else _kept(identity, settings)


@lru_cache(maxsize=2)
def _kept(identity: Identity, settings: Settings) -> Release:
    return read(settings, identity)


def _say(title: str, what: str, then: str) -> None:
    st.html(
        joined(
            [
                Markup("<h1>{}</h1>").format(title),
                paragraph(what, "lead"),
                paragraph(then),
            ]
        )
    )


def _header(page: ModuleType, release: Release) -> Markup:
    facts = _about(release)
    fresh = [f"Release {release.number}"]
    if not is_missing(facts.get("built_at")):
        fresh.append(f"made {number(facts['built_at'], 'moment')}")
    if not is_missing(facts.get("last_arrival_at")):
        fresh.append(f"newest file came {number(facts['last_arrival_at'], 'moment')}")
    if late := facts.get("late_source_count"):
        fresh.append(
            f"{number(late, 'count')} of {number(facts['source_count'], 'count')} sources late"
        )
    if not is_missing(facts.get("as_of")):
        fresh.append(f"as known on {number(facts['as_of'], 'day')}")
    parts = [
        Markup("<h1>{}</h1>").format(page.TITLE),
        paragraph(page.LEAD, "lead"),
        paragraph(" \u00b7 ".join(fresh), "fresh"),
    ]
    if facts.get("is_synthetic"):
        parts.append(
            Markup(
                '<p class="banner"><strong>Synthetic data.</strong> Every client behind these '
                "numbers is imaginary.</p>"
            )
        )
    if (programs := release.table("pub_programs")) is not None and programs.empty:
        parts.append(
            paragraph(
                "No client is in this release yet. Once exports lie in the landing folder and a "
                "run has published them, their numbers stand here after one refresh.",
                "banner",
            )
        )
    return Markup("<header>{}</header>").format(joined(parts))


def _about(release: Release) -> dict[str, object]:
    frame = release.table("pub_release")
    if frame is None or frame.empty:
        return {}
    return {str(name): value for name, value in frame.iloc[0].items()}


def _foot(view: View) -> Markup:
    facts = _about(view.release)
    smallest = facts.get("smallest_count")
    few = (
        "few people stand"
        if is_missing(smallest)
        else f"fewer than {number(smallest, 'count')} people stand"
    )
    return Markup(
        '<footer class="foot"><p>{} (suppressed): {} behind the number, or it would give such a '
        "number away; it is not zero. Not computable: the data do not allow the number. Brackets "
        "hold 95% intervals. Everything comes from <code>{}</code> of release {}; nothing was "
        "fetched from elsewhere.</p></footer>"
    ).format(
        definition("Held back", view.labels.defined("suppressed")),
        few,
        view.release.identity.path.name,
        view.release.number,
    )
