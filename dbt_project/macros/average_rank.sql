{#- One number for a group, comparison and interval. -#}
{% macro cell(stratum, comparison, interval_number) -%}
(cast({{ stratum }} as bigint) * 100000 + {{ comparison }}) * 100000 + {{ interval_number }}
{%- endmacro %}

{#-
  Over a table of frequencies grouped by cell and `value`: the rank of the value, ties sharing the
  mean of their places (Spearman's rule).
-#}
{% macro average_rank(value) -%}
sum(sum(frequency)) over (partition by cell order by {{ value }}) - (sum(frequency) - 1) / 2.0
{%- endmacro %}
