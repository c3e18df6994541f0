{#- `words` maps each column to the words it may hold; NULL is left to are_present. -#}
{% test are_known_words(model, words) %}
{%- for column, known in words.items() %}
select distinct
    '{{ column }}' as column_name,
    {{ column }} as word
from {{ model }}
where {{ column }} not in ('{{ known | join("', '") }}')
{{ 'union all' if not loop.last }}
{%- endfor %}
{% endtest %}
