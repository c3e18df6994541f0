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
{%- endcall %}
{% do persist_docs(target, model) %}
{% do adapter.commit() %}
{{ return({'relations': [target]}) }}
{% endmaterialization %}
