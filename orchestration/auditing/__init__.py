"""The attacker: what somebody with a calculator can work out from the published files alone.

What belongs here: everything anybody may know of the tables, and the arithmetic to exploit it.
What does not: anything of the room that holds numbers back (``disclosure``): it is judged here, so
nothing is shared with it; Dagster, DuckDB and the clock.
"""
