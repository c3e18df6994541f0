{{ config(materialized='view') }}

-- A view, as what it reads: the release's number is known only when it is built.
select
    release_number,
    built_at,
    reference_day,
    as_of,
    is_synthetic,
    source_count,
    late_source_count,
    file_count,
    refused_file_count,
    last_arrival_at,
    rule_count,
    failing_rule_count,
    policy_name,
    smallest_count,
    rounding
from {{ ref('dq_release') }}
