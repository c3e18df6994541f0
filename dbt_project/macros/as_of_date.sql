{#-
  The day that "now" means: SCOUT_AS_OF where it is set, else the latest date seen in the staged data
  (sessions, forms, starts and ends of episodes). Never the clock: a run repeated next year says the
  same of the same data.
-#}
{% macro as_of_date() -%}
{%- set stated = env_var('SCOUT_AS_OF', '') -%}
{%- if stated -%}
cast('{{ stated }}' as date)
{%- else -%}
(
    select max(seen_on)
    from (
        select max(held_on) as seen_on from {{ ref('stg_raw__sessions') }}
        union all
        select max(occurred_on) as seen_on from {{ ref('int_administrations') }}
        union all
        select max(started_on) as seen_on from {{ ref('int_episodes') }}
        union all
        select max(ended_on) as seen_on from {{ ref('int_episodes') }}
    ) as seen
)
{%- endif -%}
{%- endmacro %}
