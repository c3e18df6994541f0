"""The rules, one module per table, named ``<schema>_<table>``; ``_<topic>`` modules are shared.

What belongs here: claims about data, each with its reason and its mending.
What does not: policy numbers (they come as ``Thresholds``), or how a rule is run.
"""
