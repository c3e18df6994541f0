{#-
  The grain a model states: no two rows share these columns, and none is unknown that must be known.
  One test instead of one per column: every test costs a run a moment of its own.
-#}
{% test one_row_per(model, columns, may_be_empty=[]) %}
select
    {{ columns | join(', ') }},
    count(*) as rows_count
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1 or {{ columns | reject('in', may_be_empty) | join(' is null or ') }} is null
{% endtest %}
