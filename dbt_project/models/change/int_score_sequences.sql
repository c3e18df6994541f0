-- One row per valid score that has a place in an episode and in time, numbered from the first.
-- Ties in time are broken by the occasion's order and then by the administration's key, which
-- comes from what the record says and not from when it arrived.
with scores as (

    select *
    from {{ ref('int_scores') }}
    where is_valid and not is_unplaced and not is_unordered

)

select
    administration_key,
    client_id,
    episode_id,
    program_id,
    instrument_id,
    scale_id,
    day,
    occurred_on,
    occasion,
    timepoint,
    time_position,
    occasion_order,
    is_ordered_by_day,
    score,
    row_number() over sequence as position,
    count(*) over (partition by episode_id, scale_id) as positions_count,
    first_value(time_position) over sequence as first_time_position,
    coalesce(lag(time_position) over sequence <> time_position, true) as is_first_of_moment
from scores
window sequence as (
    partition by episode_id, scale_id
    order by time_position, occasion_order nulls last, administration_key
)
