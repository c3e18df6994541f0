{#-
  The grain a model states: no two rows share these columns and none of them is unknown.
  One test instead of one per column: every test costs a run a moment of its own.
-#}
{% test one_row_per(model, columns) %}
select
    {{ columns | join(', ') }},
    count(*) as rows_count
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1 or {{ columns | join(' is null or ') }} is null
{% endtest %}
