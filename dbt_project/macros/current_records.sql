{#-
  The records of a raw table that count today: not of a load that was read again under a newer
  contract, and not superseded by a correction. The others stay in raw for good.
-#}
{% macro current_records(table) -%}
select records.*
from {{ source('raw', table) }} as records
where
    records.load_sequence not in (
        select loads.load_sequence
        from {{ source('raw', 'loads') }} as loads
        where loads.retired_by is not null
    )
    and not exists (
        select 1
        from {{ source('raw', 'superseded') }} as superseded
        where
            superseded.record_type = '{{ table }}'
            and superseded.load_sequence = records.load_sequence
            and superseded.record_key = records.record_key
    )
{%- endmacro %}
