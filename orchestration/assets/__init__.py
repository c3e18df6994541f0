"""One module per stage: take, call, put.

What belongs here: Dagster assets that hand one stage's input to the room that knows, and store
what comes back. What does not: arithmetic on scores, or SQL that knows what a column means.
"""

# At most one op at a time may open the warehouse: DuckDB has one writer.
WAREHOUSE_POOL = "warehouse"
