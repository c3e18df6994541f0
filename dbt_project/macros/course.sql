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

{#- Two-sided 5 % quantile of Student's t for the degrees of freedom that six scores can leave. -#}
{% macro sudden_gain_critical_t(degrees) -%}
case {{ degrees }}
    when 4 then cast(2.7764451051977987 as double)
    when 3 then cast(3.182446305284263 as double)
    when 2 then cast(4.302652729911275 as double)
end
{%- endmacro %}
