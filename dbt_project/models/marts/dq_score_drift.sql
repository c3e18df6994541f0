{{ config(materialized='view') }}

-- A view: what moved can only be told once the marts of this run stand.
select
    subject,
    program_id,
    scale_id,
    metric_id,
    reason,
    added_count,
    removed_count,
    changed_count,
    moved_class_count,
    largest_difference,
    previous_release,
    changed_rules,
    load_count,
    load_ids
from {{ source('quality', 'score_drift') }}
