{{ config(materialized='view') }}

-- One row: which release this is and what it rests on. A view, because its number, its time and
-- what its last rules found are known only after the other marts stand.
with facts as (

    select
        release_number,
        built_at,
        as_of,
        is_synthetic,
        policy_name,
        smallest_count,
        rounding
    from {{ source('quality', 'release_facts') }}

),

sources as (

    select
        count(*) as source_count,
        count(*) filter (where freshness = 'late') as late_source_count,
        max(last_arrival_at) as last_arrival_at
    from {{ ref('dq_freshness') }}

),

files as (

    select
        count(*) filter (where status = 'loaded' and not is_retired) as file_count,
        count(*) filter (where status = 'refused') as refused_file_count
    from {{ ref('dq_loads') }}

),

rules as (

    select count(*) as rule_count
    from {{ ref('dq_rules') }}

),

newest_run as (

    select max_by(run_id, checked_at) as run_id
    from {{ ref('dq_results') }}

),

failing as (

    select count(*) filter (where results.status in ('fail', 'error')) as failing_rule_count
    from {{ ref('dq_results') }} as results
    inner join newest_run
        on results.run_id = newest_run.run_id

)

select
    facts.release_number,
    facts.built_at,
    {{ as_of_date() }} as reference_day,
    facts.as_of,
    facts.is_synthetic,
    sources.source_count,
    sources.late_source_count,
    files.file_count,
    files.refused_file_count,
    sources.last_arrival_at,
    rules.rule_count,
    failing.failing_rule_count,
    facts.policy_name,
    facts.smallest_count,
    facts.rounding
from facts
cross join sources
cross join files
cross join rules
cross join failing
