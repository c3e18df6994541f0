{#- The two-sided t quantile of the policy's confidence, from the normal one (Abramowitz & Stegun
    26.7.5, three terms): within 0.001 from 10 degrees of freedom, which the floor guarantees. -#}
{% macro t_quantile(degrees) -%}
{%- set z = var('interval_z') | float -%}
(
    {{ z }}
    + {{ (z ** 3 + z) / 4 }} / nullif({{ degrees }}, 0)
    + {{ (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96 }} / nullif(power({{ degrees }}, 2), 0)
    + {{ (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384 }} / nullif(power({{ degrees }}, 3), 0)
)
{%- endmacro %}

{#- One limit of Wilson's interval for a proportion (metrics.md 2.5); `sign` is '-' or '+'. -#}
{% macro wilson_limit(count, total, sign) -%}
{%- set z = var('interval_z') | float -%}
(
    2 * {{ count }} + {{ z ** 2 }}
    {{ sign }} {{ z }} * sqrt({{ z ** 2 }} + 4 * {{ count }} * (1 - {{ count }} / {{ total }}))
) / (2 * ({{ total }} + {{ z ** 2 }}))
{%- endmacro %}

{#- The word of a published value: shown, suppressed (too few behind it) or not_computable. -#}
{% macro shown_or(column) -%}
case status
    when 'estimated' then case when {{ column }} is null then 'not_computable' else 'shown' end
    when 'too_few' then 'suppressed'
    else 'not_computable'
end
{%- endmacro %}
