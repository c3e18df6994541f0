{#-
  Which of two statements about one thing is the later: the one of the later load, and in one file
  the one further down. A file has fewer than 10^10 lines.
-#}
{% macro recency() -%}
load_sequence * 10000000000 + line
{%- endmacro %}
