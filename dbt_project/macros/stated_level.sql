{#- A level of the therapy as a number from 0 to 1 or more: it is stated as yes or no, or as one. -#}
{% macro stated_level(stated) -%}
case
    when lower(trim({{ stated }})) in ('true', 't', 'yes', 'y') then 1.0
    when lower(trim({{ stated }})) in ('false', 'f', 'no', 'n') then 0.0
    else try_cast({{ stated }} as double)
end
{%- endmacro %}
