"""DASHBOARD: one published file in, eight pages in a browser out.

What belongs here: choosing among the cells of ``current/dashboard.duckdb`` and laying them out.
What does not: a number that is not in that file, a threshold, a join that counts people, the
warehouse, or anything fetched from another host.
"""
