{#-
  Whether a score is of the course of treatment (relations of int_score_sequences and int_episodes):
  not from after the end of the episode, and not of a follow-up.
-#}
{% macro is_of_course(sequences, episodes) -%}
coalesce({{ sequences }}.timepoint, '') <> 'follow_up'
and coalesce(
    {{ sequences }}.occurred_on <= {{ episodes }}.ended_on,
    {{ sequences }}.day
    <= {{ datediff(episodes ~ '.started_on', episodes ~ '.ended_on', 'day') }},
    true
)
{%- endmacro %}
