{#- Cut-off a: two SDs from the clinical mean toward health (Jacobson & Truax 1991). -#}
{% macro cutoff_a(clinical_mean, clinical_sd) -%}
{{ clinical_mean }} + case when is_higher_better then 2 else -2 end * {{ clinical_sd }}
{%- endmacro %}

{#- Cut-off c: where both groups' curves cross, each mean weighed by the other group's SD. -#}
{% macro cutoff_c(clinical_mean, clinical_sd) -%}
case
    when {{ clinical_sd }} + functional_sd > 0
        then ({{ clinical_sd }} * functional_mean + functional_sd * {{ clinical_mean }})
            / ({{ clinical_sd }} + functional_sd)
end
{%- endmacro %}
