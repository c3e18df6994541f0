-- One row per source. A file may hold one row per person, so numbers of rows are rounded to
-- hundreds and a number of fewer than a hundred is held back: what is left counts nobody.
with counted as (

    select
        source,
        count(*) filter (where status = 'loaded' and not is_retired) as file_count,
        count(*) filter (where status = 'refused') as refused_file_count,
        sum(rows_read) filter (where not is_retired) as rows_read,
        sum(rows_loaded) filter (where not is_retired) as rows_loaded,
        sum(rows_refused) filter (where not is_retired) as rows_refused,
        sum(rows_repeated) filter (where not is_retired) as rows_repeated
    from {{ ref('dq_loads') }}
    group by source

),

-- A source that has not sent anything yet is there too.
joined as (

    select
        freshness.source,
        coalesce(counted.file_count, 0) as file_count,
        coalesce(counted.refused_file_count, 0) as refused_file_count,
        coalesce(counted.rows_read, 0) as rows_read,
        coalesce(counted.rows_loaded, 0) as rows_loaded,
        coalesce(counted.rows_refused, 0) as rows_refused,
        coalesce(counted.rows_repeated, 0) as rows_repeated,
        freshness.last_arrival_at,
        freshness.expected_days,
        freshness.expected_basis,
        freshness.days_since_arrival,
        freshness.freshness
    from {{ ref('dq_freshness') }} as freshness
    left join counted
        on freshness.source = counted.source

)

select
    source,
    file_count,
    refused_file_count,
    {{ in_hundreds('rows_read') }} as rows_read,
    {{ in_hundreds_status('rows_read') }} as rows_read_status,
    {{ in_hundreds('rows_loaded') }} as rows_loaded,
    {{ in_hundreds_status('rows_loaded') }} as rows_loaded_status,
    {{ in_hundreds('rows_refused') }} as rows_refused,
    {{ in_hundreds_status('rows_refused') }} as rows_refused_status,
    {{ in_hundreds('rows_repeated') }} as rows_repeated,
    {{ in_hundreds_status('rows_repeated') }} as rows_repeated_status,
    last_arrival_at,
    expected_days,
    expected_basis,
    days_since_arrival,
    case freshness when 'late' then true when 'on_time' then false end as is_late,
    freshness
from joined
