with reasons as (

    select
        load_sequence,
        reason,
        count(*) as refused_count
    from {{ ref('stg_raw__refusals') }}
    group by load_sequence, reason

),

listed as (

    select
        load_sequence,
        string_agg(concat(reason, ' ', cast(refused_count as varchar)), ', ' order by reason)
            as reasons
    from reasons
    group by load_sequence

)

select
    loads.load_id,
    loads.source,
    loads.file_name,
    loads.sha256,
    loads.rows_read,
    loads.rows_loaded,
    loads.rows_refused,
    loads.rows_repeated,
    coalesce(loads.refusal, listed.reasons) as reasons,
    loads.status,
    loads.record_type,
    loads.message,
    loads.values_loaded,
    loads.values_refused,
    loads.loaded_at,
    loads.retired_by is not null as is_retired
from {{ ref('stg_raw__loads') }} as loads
left join listed
    on loads.load_sequence = listed.load_sequence
