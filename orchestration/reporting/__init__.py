"""REPORTS: facts in, one self-contained HTML page out.

What belongs here: pages for people who open a file, mail it or print it: their words and layout.
What does not: reading the facts (``checks``, ``assets``), a number that is not in them, a clock, a
file, or anything fetched from another host.
"""
