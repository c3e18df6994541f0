"""Disclosure control: which counts may be shown so that no small one can be worked out.

What belongs here: named policies, protection, and what may change from one release to the next;
numbers in, statuses out.
What does not: Dagster, DuckDB, the clock, how a published table looks (``dbt_project``), and the
attacker (``auditing``), who shares nothing with this room.
"""
