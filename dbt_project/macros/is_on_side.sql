{#- Whether a score lies on the side of a cut-off that an operator names; NULL when either is unknown. -#}
{% macro is_on_side(score, operator, cutoff) -%}
case {{ operator }}
    when '>=' then {{ score }} >= {{ cutoff }}
    when '>' then {{ score }} > {{ cutoff }}
    when '<=' then {{ score }} <= {{ cutoff }}
    when '<' then {{ score }} < {{ cutoff }}
end
{%- endmacro %}
