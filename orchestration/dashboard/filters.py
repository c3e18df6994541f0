"""Filters: a choice among cells that were made beforehand, kept in the address.

What belongs here: offering what the release holds, remembering the choice from page to page.
What does not: counting anything anew. A filter picks rows that stand in the file; sets of people
that nobody checked for disclosure are never formed here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from orchestration.dashboard.markup import paragraph

# What this session chose, and what it last wrote into the address, by filter.
_CHOSEN = "scout_chosen"
_WRITTEN = "scout_written"


@dataclass(frozen=True)
class Filter:
    """One choice.

    Attributes:
        key: its name in the address.
        label: its name on the page.
        options: what may be chosen, id to text, at least one.
        default: the id chosen without being asked.
        within: a filter before it, and what may be chosen there for this one to be asked.
    """

    key: str
    label: str
    options: Mapping[str, str]
    default: str
    within: tuple[str, tuple[str, ...]] | None = None

    def is_asked(self, picked: Mapping[str, str]) -> bool:
        """Whether it belongs to what has been chosen before it."""
        return self.within is None or picked.get(self.within[0]) in self.within[1]


def unasked(offered: Iterable[Filter | None]) -> dict[str, str]:
    """What a page shows before anybody chooses."""
    picked: dict[str, str] = {}
    for each in offered:
        if each is not None and each.is_asked(picked):
            picked[each.key] = each.default
    return picked


def choose(offered: Iterable[Filter | None]) -> dict[str, str]:
    """Show the filters that leave a choice and return what is chosen, by key.

    A filter that the release has nothing for is None and is left out.

    What is chosen is in the address too, so that a link shows the same numbers to somebody else. A
    link that names what this release does not hold is answered with the default, and it is said.
    """
    chosen: dict[str, str] = st.session_state.setdefault(_CHOSEN, {})
    written: dict[str, str] = st.session_state.setdefault(_WRITTEN, {})
    filters = [each for each in offered if each is not None]
    if not filters:
        return {}
    picked: dict[str, str] = {}
    asked, unknown = [], []
    with st.container(key="filters", horizontal=True, vertical_alignment="bottom"):
        for each in filters:
            if not each.is_asked(picked):
                continue
            if not _follow_address(each, chosen, written):
                unknown.append(each.label)
            asked.append(each)
            picked[each.key] = _ask(each, chosen)
    _forget(filters, picked, written)
    filters = asked
    for each in filters:
        # What another page offers and this one does not stays chosen there.
        if chosen.get(each.key) in each.options or picked[each.key] != each.default:
            chosen[each.key] = picked[each.key]
    _write_address(filters, picked, written)
    if unknown:
        st.html(
            paragraph(
                "The address asks for something this release does not hold "
                f"({', '.join(unknown).lower()}): the first choice is shown instead.",
                "banner warn",
            )
        )
    st.html(paragraph(f"Shown: {_in_words(filters, picked)}.", "shown-for"))
    return picked


def _follow_address(each: Filter, chosen: dict[str, str], written: dict[str, str]) -> bool:
    """Take over what the address asks for if it is not what we wrote there ourselves."""
    asked = st.query_params.get(each.key)
    if asked is None or asked == written.get(each.key):
        return True
    written[each.key] = asked
    if asked not in each.options:
        return False
    chosen[each.key] = asked
    st.session_state[_widget(each)] = asked
    return True


def _ask(each: Filter, chosen: Mapping[str, str]) -> str:
    wanted = chosen.get(each.key, each.default)
    options = list(each.options)
    if wanted not in options:
        wanted = each.default
    if len(options) == 1:
        return options[0]
    widget = _widget(each)
    if st.session_state.get(widget) not in options:
        st.session_state[widget] = wanted
    picked: str = st.selectbox(
        each.label,
        options,
        format_func=lambda option: each.options.get(option, option),
        key=widget,
    )
    return picked


def _widget(each: Filter) -> str:
    return f"filter_{each.key}"


def _write_address(
    filters: Sequence[Filter], picked: Mapping[str, str], written: dict[str, str]
) -> None:
    for each in filters:
        value = picked[each.key]
        # Without being asked, a page shows its own first choice: the address stays short.
        if value == each.default:
            written.pop(each.key, None)
            if each.key in st.query_params:
                del st.query_params[each.key]
        else:
            written[each.key] = value
            if st.query_params.get(each.key) != value:
                st.query_params[each.key] = value


def _forget(filters: Sequence[Filter], picked: Mapping[str, str], written: dict[str, str]) -> None:
    """Take out of the address what belongs to a choice that was not made."""
    for each in filters:
        if each.key not in picked:
            written.pop(each.key, None)
            if each.key in st.query_params:
                del st.query_params[each.key]


def _in_words(filters: Sequence[Filter], chosen: Mapping[str, str]) -> str:
    return "; ".join(f"{each.label.lower()}: {each.options[chosen[each.key]]}" for each in filters)
