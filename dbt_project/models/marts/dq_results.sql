{{ config(materialized='view') }}

-- A view, so that the rules run after this model was built are in it too.
select
    run_id,
    gate,
    table_name,
    rule,
    severity,
    status,
    evaluated_count,
    unexpected_count,
    checked_at,
    failing_since
from {{ source('quality', 'rule_results') }}
