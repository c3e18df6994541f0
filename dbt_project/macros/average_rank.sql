{#-
  Over a table of frequencies grouped by stratum, comparison and `value`: the rank of the value, ties
  sharing the mean of their places (Spearman's rule).
-#}
{% macro average_rank(value) -%}
sum(sum(frequency)) over (partition by stratum, comparison order by {{ value }})
- (sum(frequency) - 1) / 2.0
{%- endmacro %}
