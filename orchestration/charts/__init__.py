"""CHARTS: the dashboard's tables in, pictures with their words out.

What belongs here: one function per picture, pure, from whole ``pub_`` tables to a ``Figure``: the
drawing, its caption, its words for those who do not see it, and the numbers it shows as a table.
What does not: files, a database, a clock, Streamlit, HTML pages (``reporting``), or a number that
no table holds. Everything counts people in groups: there is never a point for a person.
"""

from orchestration.charts import drawing, theme
from orchestration.charts.change import attrition, reliable_change_classes
from orchestration.charts.comparison import benchmarks, funnel_plot
from orchestration.charts.components import component_estimates, component_profile
from orchestration.charts.course import change_order, course, sudden_gains
from orchestration.charts.delivery import delivery, dose_response
from orchestration.charts.figure import Figure, Tables
from orchestration.charts.glance import Sentence, glance
from orchestration.charts.groups import group_glance, group_rates, leading_link
from orchestration.charts.key_numbers import KeyNumber, key_numbers
from orchestration.charts.leading import lead_lag
from orchestration.charts.link import change_against_change
from orchestration.charts.mediation import mediation
from orchestration.charts.quality import completeness
from orchestration.charts.selecting import smallest_count
from orchestration.charts.start_and_end import start_and_end
from orchestration.charts.strata import forest

__all__ = [
    "Figure",
    "KeyNumber",
    "Sentence",
    "Tables",
    "attrition",
    "benchmarks",
    "change_against_change",
    "change_order",
    "completeness",
    "component_estimates",
    "component_profile",
    "course",
    "delivery",
    "dose_response",
    "drawing",
    "forest",
    "funnel_plot",
    "glance",
    "group_glance",
    "group_rates",
    "key_numbers",
    "lead_lag",
    "leading_link",
    "mediation",
    "reliable_change_classes",
    "smallest_count",
    "start_and_end",
    "sudden_gains",
    "theme",
]
