{#-
  A table, replaced whole in one transaction: what was there before stays if the new one cannot be
  built.

  dbt-duckdb's own builds beside, renames twice and drops afterwards, because other databases need
  that: seven statements and their Python where three do. Scout's tables have no indexes, grants,
  hooks or foreign keys; a model that asks for one needs dbt-duckdb's own again.
-#}
{% materialization table, adapter='duckdb', supported_languages=['sql'] %}
{%- set existing = load_cached_relation(this) -%}
{%- set target = this.incorporate(type='table') -%}
{% call statement('main') -%}
  {%- if existing is not none -%} drop {{ existing.type }} if exists {{ existing }}; {% endif -%}
  {{ create_table_as(false, target, compiled_code) }}
  {{ descriptions(target, model) }}
{%- endcall %}
{% do adapter.commit() %}
{{ return({'relations': [target]}) }}
{% endmaterialization %}

{#-
  What a table and its columns mean, as comments, for a model that persists them.

  dbt's persist_docs asks the database twice which columns there are, in case some described ones
  are not; under a contract, which every such model has, all of them are there.
-#}
{% macro descriptions(relation, model) -%}
  {%- if config.persist_relation_docs() and model.description -%}
    {{ alter_relation_comment(relation, model.description) }}
  {%- endif -%}
  {%- if config.persist_column_docs() -%}
    {%- for name, column in model.columns.items() -%}
      comment on column {{ relation }}.{{ name }} is {{ duckdb_escape_comment(column.description) }};
    {% endfor -%}
  {%- endif -%}
{%- endmacro %}
