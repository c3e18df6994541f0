-- One row per client and attribute (age band, gender, ...): the latest statement counts.
with current_records as (

    {{ current_records('clients') }}

)

select
    client_id,
    attribute,
    max_by(value, {{ recency() }}) as attribute_value,
    count(distinct value) as stated_values_count
from current_records
where value is not null
group by client_id, attribute
