{#- Columns, beside those of the grain, without which a row says nothing. -#}
{% test are_present(model, columns) %}
select {{ columns | join(', ') }}
from {{ model }}
where {{ columns | join(' is null or ') }} is null
{% endtest %}
