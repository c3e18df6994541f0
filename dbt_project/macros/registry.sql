{#-
  What we know: the seed's rows and the clinic's own rows (SCOUT_HOME/instruments) under one name.
  `columns` maps each column to its type; an empty cell is unknown. With `default_within`, the
  columns that share one default, a default of the clinic's own takes the place of the shipped one
  (landing.registry holds to the same rule).
-#}
{% macro registry(table, columns, default_within=none) -%}
with shipped as (

    select
    {%- for column, type in columns.items() %}
        cast(nullif(trim(cast({{ column }} as varchar)), '') as {{ type }}) as {{ column }},
    {%- endfor %}
        'seed' as origin
    from {{ ref(table) }}

),

clinics_own as (

    select
    {%- for column, type in columns.items() %}
        cast(nullif(trim(cast({{ column }} as varchar)), '') as {{ type }}) as {{ column }},
    {%- endfor %}
        'local' as origin
    from {{ source('raw', 'local_' ~ table) }}

),

both_origins as (

    select * from shipped
    union all
    select * from clinics_own

)

select
{%- for column in columns %}
    {%- if default_within and column == 'is_default' %}
    is_default and not (
        origin = 'seed'
        and coalesce(bool_or(origin = 'local' and is_default) over (
            partition by {{ default_within | join(', ') }}
        ), false)
    ) as is_default,
    {%- else %}
    {{ column }},
    {%- endif %}
{%- endfor %}
    origin
from both_origins
{%- endmacro %}
