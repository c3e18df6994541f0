"""What Scout expects of data it did not make, and of the tables it builds from them.

What belongs here: rules in words and SQL, one module per table, a registry of them by gate, and
``validate``, which runs them inside DuckDB and returns counts.
What does not: Dagster, a path of this installation, a policy number, the value of a cell.

Great Expectations takes seconds to import. Nothing here imports it until ``validate`` is called.
"""
