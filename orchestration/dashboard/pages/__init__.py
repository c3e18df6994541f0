"""PAGES: one module each, in the order in which an evaluator reads them.

What belongs here: ``TITLE``, ``PATH`` (its name in the address), ``LEAD`` (what it answers),
``filters(view)``: what may be chosen, and ``show(view, choice)``: which rows are shown, under which
words.
What does not: markup, how charts are drawn, a number that is not in the release.
"""

from orchestration.dashboard.pages import (
    change,
    comparison,
    course,
    delivery,
    dictionary,
    glance,
    link,
    quality,
)

PAGES = (glance, change, link, course, delivery, comparison, quality, dictionary)
