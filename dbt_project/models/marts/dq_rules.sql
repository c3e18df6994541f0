{{ config(materialized='view') }}

select
    gate,
    table_name,
    rule,
    severity,
    sentence,
    why,
    when_it_fails,
    threshold,
    columns_read,
    tables_read
from {{ source('quality', 'rules') }}
