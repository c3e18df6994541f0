{#-
  Whether a stated session was attended, where the clinic says nothing it was.
-#}
{% macro was_attended(attended) -%}
coalesce(lower(trim({{ attended }})), '') not in (
                'false', 'f', 'no', 'n', '0', 'absent', 'missed', 'cancelled', 'canceled',
                'did not attend', 'dna'
            )
{%- endmacro %}
