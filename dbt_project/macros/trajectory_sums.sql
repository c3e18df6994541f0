{#-
  The sums that an expected trajectory and the spread around it are fitted from (the regressors stand
  in orchestration/statistics/trajectories.py): sum_abc is of score^a x intake_score^b x log_time^c.
  Decimals add up to the same number in whatever order parallel workers add them.
-#}
{% macro trajectory_sums(scores) -%}
{%- set powers = [
    (0, 0, 1), (0, 0, 2), (0, 0, 3), (0, 0, 4), (0, 1, 0), (0, 1, 1), (0, 1, 2), (0, 1, 3),
    (0, 1, 4), (0, 2, 0), (0, 2, 1), (0, 2, 2), (0, 2, 3), (0, 2, 4), (0, 3, 0), (0, 3, 1),
    (0, 3, 2), (1, 0, 0), (1, 0, 1), (1, 0, 2), (1, 0, 3), (1, 1, 0), (1, 1, 1), (1, 1, 2),
    (1, 1, 3), (1, 2, 0), (1, 2, 1), (2, 0, 0), (2, 0, 1), (2, 0, 2), (2, 1, 0),
] %}

{%- for a, b, c in powers %}
    {%- set factors = ['score'] * a + ['intake_score'] * b + ['log_time'] * c %}
    cast(sum(cast(
        {%- for factor in factors %} {{ scores }}.{{ factor }}{{ ' *' if not loop.last }}{% endfor %}
    as decimal(38, 12))) as double) as sum_{{ a }}{{ b }}{{ c }}{{ ',' if not loop.last }}
{%- endfor %}
{%- endmacro %}
