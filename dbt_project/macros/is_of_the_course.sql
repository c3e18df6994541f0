{#-
  Whether a score belongs to the course of its episode: neither at follow-up nor after its end. Where
  it cannot be told, it does.
-#}
{% macro is_of_the_course(sequences, episodes) -%}
coalesce({{ sequences }}.timepoint, '') <> 'follow_up'
        and coalesce(
            {{ sequences }}.occurred_on <= {{ episodes }}.ended_on,
            {{ sequences }}.day
            <= {{ datediff(episodes ~ '.started_on', episodes ~ '.ended_on', 'day') }},
            true
        )
{%- endmacro %}

{#-
  Whether a stated session was attended, where the clinic says nothing it was.
-#}
{% macro was_attended(attended) -%}
coalesce(lower(trim({{ attended }})), '') not in (
                'false', 'f', 'no', 'n', '0', 'absent', 'missed', 'cancelled', 'canceled',
                'did not attend', 'dna'
            )
{%- endmacro %}
