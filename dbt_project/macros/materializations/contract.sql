{#-
  Whether a model's SQL gives the columns and types of its contract: the same question as dbt's own,
  with one description of the SQL where dbt's also has the database describe the contract.

  So a contract names types as DuckDB does (varchar, not text). The error is dbt's.
-#}
{% macro duckdb__get_assert_columns_equivalent(sql) -%}
  {%- set given, promised = {}, {} -%}
  {%- for column in get_column_schema_from_query(sql, none) -%}
    {%- do given.update({column.name | lower: column.dtype | lower}) -%}
  {%- endfor -%}
  {%- for name, column in model.columns.items() -%}
    {%- do promised.update({name | lower: column.data_type | lower}) -%}
  {%- endfor -%}
  {%- if given != promised -%}
    {%- do exceptions.raise_contract_error(as_columns(promised), as_columns(given)) -%}
  {%- endif -%}
{%- endmacro %}

{% macro as_columns(types) -%}
  {%- set columns = [] -%}
  {%- for name, type in types.items() -%}
    {%- do columns.append({'name': name, 'data_type': type, 'formatted': name ~ ' ' ~ type}) -%}
  {%- endfor -%}
  {{ return(columns) }}
{%- endmacro %}
