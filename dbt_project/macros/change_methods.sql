{#- The class of an index signed toward improvement: it must exceed the critical value, strictly. -#}
{% macro reliable_class(improvement_index, critical_value) -%}
case
    when {{ improvement_index }} is null then 'unknown'
    when {{ improvement_index }} > {{ critical_value }} then 'improved'
    when {{ improvement_index }} < -{{ critical_value }} then 'deteriorated'
    else 'unchanged'
end
{%- endmacro %}

{#- Clinically significant change: a reliable change together with the side of the cut-off. -#}
{% macro clinical_outcome(change_class, was_clinical, is_clinical) -%}
case
    when {{ change_class }} = 'unknown' or {{ was_clinical }} is null or {{ is_clinical }} is null
        then 'unknown'
    when {{ change_class }} = 'improved' and {{ was_clinical }} and not {{ is_clinical }}
        then 'recovered'
    when {{ change_class }} = 'deteriorated' and not {{ was_clinical }} and {{ is_clinical }}
        then 'harmed'
    else {{ change_class }}
end
{%- endmacro %}

{#-
  Nunnally and Kotsch's error of a final score expected from the baseline, as a share of the variance:
  the error carried over from the first score and that of the second, each with its own reliability.
-#}
{% macro nunnally_kotsch_error(reliability, final_reliability) -%}
power({{ reliability }}, 2) * (1 - {{ reliability }}) + 1 - {{ final_reliability }}
{%- endmacro %}
