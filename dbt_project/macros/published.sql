{#- One row per block of a published table: the number shown of each cell and its status. -#}
{% macro published_cells(table, cells) -%}
select
    block_id,
    {%- for cell in cells %}
    max(value) filter (where cell = '{{ cell }}') as {{ cell }},
    max(status) filter (where cell = '{{ cell }}') as {{ cell }}_status{{ ',' if not loop.last }}
    {%- endfor %}
from {{ source('disclosure', 'published_cells') }}
where table_name = '{{ table }}'
group by block_id
{%- endmacro %}

{#- The status of a proportion: shown where both of its counts are, and there is something to
    divide by. -#}
{% macro proportion_status(part, whole) -%}
case
    when {{ part }}_status = 'suppressed' or {{ whole }}_status = 'suppressed' then 'suppressed'
    when {{ whole }} = 0 then 'not_computable'
    else 'shown'
end
{%- endmacro %}

{#- Of a row of a table that moves with its block: the release whose numbers it keeps, which the
    step after this gate fills in. -#}
{% macro kept_from_release() -%}
cast(null as bigint) as kept_from_release
{%- endmacro %}

{#- A value to as many digits as a column says; Spark wants the number itself in round(). -#}
{% macro to_digits(value, digits) -%}
case {{ digits }}
    {%- for number in [0, 1, 2] %}
    when {{ number }} then round({{ value }}, {{ number }})
    {%- endfor %}
    else round({{ value }}, 3)
end
{%- endmacro %}

{#- A proportion of two counts as they are shown, and its Wilson interval, where its status is
    shown: three columns. -#}
{% macro shown_proportion(name, part, whole, digits) -%}
{%- set part_number = 'cast(' ~ part ~ ' as double)' -%}
{%- for suffix, value in [
    ('', part_number ~ ' / ' ~ whole),
    ('_interval_low', wilson_limit(part_number, whole, '-')),
    ('_interval_high', wilson_limit(part_number, whole, '+')),
] -%}
case when {{ name }}_status = 'shown' then {{ to_digits(value, digits) }} end
    as {{ name }}{{ suffix }}{{ ',' if not loop.last }}
{% endfor -%}
{%- endmacro %}

{#- A number of rows of files to the nearest hundred, none as none; fewer than a hundred is NULL,
    because a file may hold a row per person. -#}
{% macro in_hundreds(rows) -%}
case when {{ rows }} = 0 or {{ rows }} >= 100 then cast(round({{ rows }} / 100.0) * 100 as bigint) end
{%- endmacro %}

{% macro in_hundreds_status(rows) -%}
case when {{ rows }} between 1 and 99 then 'suppressed' else 'shown' end
{%- endmacro %}
