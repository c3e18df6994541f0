{#- Rates by length are shown for these lengths, the same in every release and program: bands that
    follow the data would tell, release by release, who came between two edges. -#}
{% macro session_bands() -%}
{{ return([
    ('1_to_8', 1, 8), ('9_to_12', 9, 12), ('13_to_20', 13, 20), ('21_and_more', 21, none)
]) }}
{%- endmacro %}

{#- The band of a number of sessions. -#}
{% macro session_band(sessions) -%}
case
    {%- for name, low, high in session_bands() %}
    {%- if high is not none %}
    when {{ sessions }} <= {{ high }} then '{{ name }}'
    {%- else %}
    else '{{ name }}'
    {%- endif %}
    {%- endfor %}
end
{%- endmacro %}

{#- The program of a row that is about a program or about all. -#}
{% macro program_of_stratum(table) -%}
case when {{ table }}.stratum_kind = 'all' then 'all' else {{ table }}.stratum_id end
{%- endmacro %}

{#- One row per block of a table of estimates: how many people, and whether that may be shown. It may
    where the count itself may (disclosure) and where each published number that it is set beside
    (`set_beside`: block_id, other_count, NULL where that is not shown) is the same or further off
    than few people. The row over all programs may be shown where that of every program may: it is
    their sum, and tells nothing that they do not. Nobody at all is always told. -#}
{% macro opened_blocks(table, set_beside, cell='sample_size') -%}
select
    block_id,
    sample_size,
    case
        when program_id = 'all'
            then is_open and bool_and(is_open or program_id = 'all') over (partition by family)
        else is_open
    end as is_open
from (
    select
        cells.block_id,
        split_part(cells.block_id, '|', 1) as program_id,
        substring(
            cells.block_id, length(split_part(cells.block_id, '|', 1)) + 2
        ) as family,
        max(cells.value) as sample_size,
        max(cells.status) = 'shown' and coalesce(
            split_part(cells.block_id, '|', 1) = 'all'
            or max(cells.value) = 0
            or bool_and(
                {{ set_beside }}.other_count is not null
                and abs({{ set_beside }}.other_count - cells.value)
                not between 1 and policy.smallest_count - 1
            ),
            false
        ) as is_open
    from {{ source('disclosure', 'published_cells') }} as cells
    cross join {{ source('disclosure', 'disclosure_policy') }} as policy
    left join {{ set_beside }}
        on cells.block_id = {{ set_beside }}.block_id
    where cells.table_name = '{{ table }}' and cells.cell = '{{ cell }}'
    group by cells.block_id
) as judged
{%- endmacro %}

{#- Number of people of an estimate and its status: two columns. A group that is in no block has
    nobody in it. -#}
{% macro shown_size() -%}
case when is_open then sample_size end as sample_size,
case
    when is_open is null then 'not_computable'
    when is_open then 'shown'
    else 'suppressed'
end as sample_size_status
{%- endmacro %}

{#- The status of an estimate: it may be shown where its number of people may and there are enough
    of them for a mean; what its method could not estimate is not computable. -#}
{% macro estimate_status() -%}
case
    when is_open is null or (is_open and sample_size = 0) then 'not_computable'
    when not is_open or least(sample_size, counted_size) < smallest_for_means then 'suppressed'
    when status <> 'estimated' or estimate is null then 'not_computable'
    else 'shown'
end
{%- endmacro %}

{#- An estimate with its interval, as it is shown: three columns. -#}
{% macro shown_estimate(digits) -%}
{%- for column, name in [
    ('estimate', 'estimate'),
    ('interval_low', 'estimate_interval_low'),
    ('interval_high', 'estimate_interval_high'),
] -%}
case when estimate_status = 'shown' then {{ to_digits(column, digits) }} end
    as {{ name }}{{ ',' if not loop.last }}
{% endfor -%}
{%- endmacro %}
