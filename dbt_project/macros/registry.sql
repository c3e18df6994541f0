{#-
  What we know: the seed's rows and the clinic's own rows (SCOUT_HOME/instruments) under one name.
  `columns` maps each column to its type; an empty cell is unknown.
-#}
{% macro registry(table, columns) -%}
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

)

select * from shipped
union all
select * from clinics_own
{%- endmacro %}
