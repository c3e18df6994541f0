{#-
  The share of a standard normal distribution below `z`, which neither DuckDB nor Spark has: Hart's
  rational approximation as West (2005, Wilmott Magazine) gives it, right to 14 digits; from 7.07 on,
  where it would need a continued fraction, what is left (below 1e-12) counts as nothing.
-#}
{% macro normal_cdf(z) -%}
{%- set top = [
    3.52624965998911e-02, 0.700383064443688, 6.37396220353165, 33.912866078383, 112.079291497871,
    221.213596169931, 220.206867912376,
] -%}
{%- set bottom = [
    8.83883476483184e-02, 1.75566716318264, 16.064177579207, 86.7807322029461, 296.564248779674,
    637.333633378831, 793.826512519948, 440.413735824752,
] -%}
case
    when {{ z }} is null then null
    when {{ z }} >= 7.07 then 1.0
    when {{ z }} <= -7.07 then 0.0
    when {{ z }} > 0
        then 1 - exp(-{{ z }} * {{ z }} / 2) * {{ horner(top, 'abs(' ~ z ~ ')') }}
            / {{ horner(bottom, 'abs(' ~ z ~ ')') }}
    else exp(-{{ z }} * {{ z }} / 2) * {{ horner(top, 'abs(' ~ z ~ ')') }}
        / {{ horner(bottom, 'abs(' ~ z ~ ')') }}
end
{%- endmacro %}

{#- A polynomial, highest power first, by Horner's rule. -#}
{% macro horner(coefficients, x) -%}
{%- for _ in coefficients %}({% endfor -%}
{%- for coefficient in coefficients -%}
{{ ' * ' ~ x ~ ' + ' if not loop.first }}{{ coefficient }})
{%- endfor %}
{%- endmacro %}
