"""How every page is made: one set of templates, every value escaped, nothing fetched.

What belongs here: the template environment and the few formats that all pages share.
What does not: what a page says (its own module).
"""

from datetime import datetime
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined


@cache
def _environment() -> Environment:
    # Escaping is on for everything: a label of a clinic's file is text, whatever it looks like.
    environment = Environment(
        loader=PackageLoader("orchestration.reporting"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["count"] = _count
    environment.filters["moment"] = _moment
    environment.filters["words"] = _words
    return environment


def render(template: str, **facts: object) -> str:
    """The page that ``template`` makes of ``facts``; a fact that it needs and lacks is an error."""
    return _environment().get_template(template).render(**facts)


def _count(value: int) -> str:
    return f"{value:,}"


def _moment(value: datetime) -> str:
    return value.strftime("%Y-%m-%d %H:%M UTC")


def _words(value: str) -> str:
    return value.replace("_", " ")
