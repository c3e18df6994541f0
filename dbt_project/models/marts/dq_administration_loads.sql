-- One row per completed form and file: where its answers and stated totals stand. With it a score
-- can be walked back to the lines of the files that it was made from.
with records as (

    select
        administration_key,
        load_sequence,
        line
    from {{ ref('stg_raw__item_responses') }}
    union all
    select
        administration_key,
        load_sequence,
        line
    from {{ ref('stg_raw__stated_scores') }}

),

located as (

    select
        administration_key,
        load_sequence,
        min(line) as first_line,
        max(line) as last_line,
        count(*) as record_count
    from records
    group by administration_key, load_sequence

)

select
    cast(located.administration_key as varchar) as administration_id,
    loads.load_id,
    located.first_line,
    located.last_line,
    located.record_count
from located
inner join {{ ref('stg_raw__loads') }} as loads
    on located.load_sequence = loads.load_sequence
