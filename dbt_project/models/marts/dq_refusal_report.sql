with rows_refused as (

    select
        load_sequence,
        reason,
        count(*) as refused_count,
        min(line) as first_line,
        max(line) as last_line,
        min(how_to_mend) as how_to_mend
    from {{ ref('stg_raw__refusals') }}
    group by load_sequence, reason

),

files_refused as (

    select
        load_sequence,
        refusal as reason,
        cast(null as bigint) as refused_count,
        cast(null as bigint) as first_line,
        cast(null as bigint) as last_line,
        message as how_to_mend
    from {{ ref('stg_raw__loads') }}
    where status = 'refused'

),

every_refusal as (

    select
        load_sequence,
        reason,
        refused_count,
        first_line,
        last_line,
        how_to_mend
    from rows_refused
    union all
    select
        load_sequence,
        reason,
        refused_count,
        first_line,
        last_line,
        how_to_mend
    from files_refused

)

select
    loads.load_id,
    loads.source,
    loads.file_name,
    every_refusal.reason,
    every_refusal.refused_count,
    every_refusal.first_line,
    every_refusal.last_line,
    every_refusal.how_to_mend
from every_refusal
inner join {{ ref('stg_raw__loads') }} as loads
    on every_refusal.load_sequence = loads.load_sequence
