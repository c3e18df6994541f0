{#-
  The day on which "still open" and "not seen for N days" are judged: the environment variable
  SCOUT_AS_OF (an ISO date) where it is set, else the latest date that the staged data name, so that
  two runs over the same data give the same tables. Never the clock of the machine.
-#}
{% macro as_of_date() -%}
{%- if env_var('SCOUT_AS_OF', '') -%}
cast('{{ env_var('SCOUT_AS_OF') }}' as date)
{%- else -%}
(
    select max(dates.seen_on)
    from (
        select max(forms.occurred_on) as seen_on
        from {{ ref('int_administrations') }} as forms
        union all
        select max(sessions.held_on) as seen_on
        from {{ ref('stg_raw__sessions') }} as sessions
        union all
        select max(episodes.started_on) as seen_on
        from {{ ref('int_episodes') }} as episodes
        union all
        select max(episodes.ended_on) as seen_on
        from {{ ref('int_episodes') }} as episodes
    ) as dates
)
{%- endif -%}
{%- endmacro %}
