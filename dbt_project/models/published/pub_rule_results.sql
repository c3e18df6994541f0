{{ config(materialized='view') }}

-- A view, so that the rules that judge the published tables themselves are in it. Most tables that
-- rules look into have a row per person, form or answer: how many such rows there are is held back,
-- how many break a rule is told to the nearest ten, none as none and few not at all. Files and
-- published rows count nobody and are told exactly.
with newest_run as (

    select max_by(run_id, checked_at) as run_id
    from {{ ref('dq_results') }}

),

results as (

    select results.*
    from {{ ref('dq_results') }} as results
    inner join newest_run
        on results.run_id = newest_run.run_id

),

policy as (

    select cast(smallest_count as bigint) as smallest_count
    from {{ source('disclosure', 'disclosure_policy') }}

),

judged as (

    select
        rules.gate,
        rules.table_name,
        rules.rule,
        rules.severity,
        rules.sentence,
        rules.why,
        rules.when_it_fails,
        coalesce(results.status, 'not_checked') as status,
        results.evaluated_count,
        results.unexpected_count,
        results.failing_since,
        rules.gate = 'published' or rules.table_name = 'raw.loads' as counts_nobody,
        coalesce(results.status, 'not_checked') in ('pass', 'pass_with_failures', 'fail')
            as is_judged,
        policy.smallest_count
    from {{ ref('dq_rules') }} as rules
    cross join policy
    left join results
        on
            rules.gate = results.gate
            and rules.table_name = results.table_name
            and rules.rule = results.rule

),

decided as (

    select
        *,
        case
            when not is_judged then 'not_computable'
            when counts_nobody then 'shown'
            else 'suppressed'
        end as evaluated_count_status,
        case
            when not is_judged then 'not_computable'
            when counts_nobody or unexpected_count = 0 or unexpected_count >= smallest_count
                then 'shown'
            else 'suppressed'
        end as unexpected_count_status
    from judged

)

select
    gate,
    table_name,
    rule,
    severity,
    sentence,
    why,
    when_it_fails,
    status,
    case when evaluated_count_status = 'shown' then evaluated_count end as evaluated_count,
    evaluated_count_status,
    case
        when unexpected_count_status = 'shown' and counts_nobody then unexpected_count
        -- Not less than the smallest count that may be told: 11 is ten to the nearest ten.
        when unexpected_count_status = 'shown' and unexpected_count > 0
            then greatest(cast(round(unexpected_count / 10.0) * 10 as bigint), smallest_count)
        when unexpected_count_status = 'shown' then 0
    end as unexpected_count,
    unexpected_count_status,
    failing_since
from decided
