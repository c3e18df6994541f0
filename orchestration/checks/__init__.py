"""Expectation suites as Dagster asset checks.

What belongs here: turning a suite into checks, and keeping what they found.
What does not: the rules themselves (``expectations``).
"""
