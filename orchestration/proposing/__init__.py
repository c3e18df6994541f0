"""Proposing: a file's columns become a proposal of ``source.yml``, each line with how sure and why.

What belongs here: pure functions from column profiles and the registry to a proposal. Recognising
is by names, counts, ranges and codes; what several things explain equally well is left open.
What does not: reading the file, printing, and any cell value: reasons speak of counts, names of
columns and ranges of the registry alone.
"""
