"""When and where: the Python package that moves Scout's data from landing to published.

What belongs here: the rooms named in README and, for each, one module per task.
What does not: arithmetic on scores (dbt models and ``statistics`` own that).
"""
