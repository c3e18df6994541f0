{#-
  Which groups an episode is in, as a few numbers: group n is a binary digit. Two episodes are in the
  same groups exactly when all these numbers are the same. A list of the groups as text would say as
  much; sorting a million lists takes ten times as long.
  Sixty groups to a number, for the largest number has 63 digits; groups beyond those that the
  numbers have room for are written out.
-#}
{%- macro _flag_numbers() -%}{{ return([0, 1, 2, 3]) }}{%- endmacro -%}

{#- The columns, in a select that is grouped by episode. `condition`: which rows of it count. -#}
{% macro group_flags(group_number, name, condition) -%}
{%- for place in _flag_numbers() %}
{%- set first = 60 * place -%}
bit_or(cast(power(2, {{ group_number }} % 60) as bigint)) filter (
    where {{ condition }} and {{ group_number }} between {{ first }} and {{ first + 59 }}
) as {{ name }}_{{ place }},
{% endfor -%}
string_agg(cast({{ group_number }} as varchar), ' ' order by {{ group_number }}) filter (
    where {{ condition }} and {{ group_number }} >= {{ 60 * (_flag_numbers() | length) }}
) as {{ name }}_beyond
{%- endmacro %}

{#- Their names, to order and group by. -#}
{% macro group_flag_names(name) -%}
{%- for place in _flag_numbers() %}{{ name }}_{{ place }}, {% endfor %}{{ name }}_beyond
{%- endmacro %}
