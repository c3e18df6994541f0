{#-
  Whether a row of the registry with validity dates holds on a day; where the day is not known, the
  row without an end holds.
-#}
{% macro is_valid_on(day, row) -%}
(
    ({{ row }}.valid_from is null or {{ day }} is null or {{ day }} >= {{ row }}.valid_from)
    and ({{ row }}.valid_to is null or {{ day }} <= {{ row }}.valid_to)
)
{%- endmacro %}
