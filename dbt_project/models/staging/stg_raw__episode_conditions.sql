-- One row per episode and condition; a file may repeat the episode or write `depression;ptsd`.
with current_records as (

    {{ current_records('episodes') }}

),

-- Up to nine conditions in one cell: split_part is what DuckDB and Spark both know.
places as (

    select numbered.place
    from (values (1), (2), (3), (4), (5), (6), (7), (8), (9)) as numbered (place)

),

listed as (

    select
        coalesce(
            current_records.episode_id,
            {{ derived_episode_id(
                'coalesce(current_records.program_id, current_records.source)',
                'current_records.client_id'
            ) }}
        ) as episode_id,
        trim(split_part(current_records.condition_id, ';', places.place)) as condition_id
    from current_records
    cross join places

)

select distinct
    episode_id,
    condition_id
from listed
where condition_id <> ''
