{#- The schema is the stage's word and nothing else, so that a table's name equals its Dagster asset key. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name | trim if custom_schema_name else target.schema }}
{%- endmacro %}
