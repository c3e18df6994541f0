{#-
  The day from which "open now" and "not seen for N days" are counted: the one that SCOUT_AS_OF
  names, else the latest day in the staged data, so that two runs on the same data agree whatever
  the clock says. The two sides stand in one expression so that what a model reads never depends on
  the environment. NULL where no record carries a date.
-#}
{% macro as_of_date() -%}
coalesce(
    cast(nullif('{{ env_var("SCOUT_AS_OF", "") }}', '') as date),
    (
        select max(seen.seen_on)
        from (
            select max(sessions.held_on) as seen_on
            from {{ ref('stg_raw__sessions') }} as sessions
            union all
            select max(administrations.occurred_on) as seen_on
            from {{ ref('int_administrations') }} as administrations
            union all
            select max(episodes.started_on) as seen_on
            from {{ ref('int_episodes') }} as episodes
            union all
            select max(episodes.ended_on) as seen_on
            from {{ ref('int_episodes') }} as episodes
        ) as seen
    )
)
{%- endmacro %}
