{#- The rank of a value among its group, ties sharing the mean of their places (Spearman's rule). -#}
{% macro average_rank(value, groups) -%}
rank() over (partition by {{ groups | join(', ') }} order by {{ value }})
+ (count(*) over (partition by {{ groups | join(', ') }}, {{ value }}) - 1) / 2.0
{%- endmacro %}
