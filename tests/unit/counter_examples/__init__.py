"""Good rows of every gate's tables, and for each rule data that break it.

What belongs here: what ``test_expectations_rules`` builds and breaks, by stage and subject, each
example with the number of failures a reader counts by eye.
What does not: running the rules.
"""
