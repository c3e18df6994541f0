"""Landing: files become rows of text in the raw schema, or are refused with a reason.

What belongs here: mappings, hashes, one reader per format, row rules, keys, the ledger of loads.
What does not: dagster, scoring, or what an instrument's total means.
"""
