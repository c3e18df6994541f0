{#- Two-sided 5 % quantile of Student's t for the degrees of freedom that six scores can leave. -#}
{% macro sudden_gain_critical_t(degrees) -%}
case {{ degrees }}
    when 4 then cast(2.7764451051977987 as double)
    when 3 then cast(3.182446305284263 as double)
    when 2 then cast(4.302652729911275 as double)
end
{%- endmacro %}
