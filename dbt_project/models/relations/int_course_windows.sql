-- One row per episode and scale: the scores at the first, middle and last place, change within the
-- early weeks, and the sums of which the slope after them is made. Early weeks need days; days are
-- counted from the scale's own first score. Later means after the last early day, so that no score
-- stands on both sides. Time is in weeks, which the slope's reader counts in.
{%- set first_day = var('early_change_first_day') -%}
{%- set last_day = var('early_change_last_day') %}

with scales as (

    select process_scale_id as scale_id
    from {{ ref('int_scale_pairs') }}
    union
    select outcome_scale_id as scale_id
    from {{ ref('int_scale_pairs') }}

),

scores as (

    select
        numbered.episode_number,
        sequences.scale_id,
        sequences.position,
        sequences.positions_count,
        sequences.time_position,
        sequences.score,
        case
            when sequences.is_ordered_by_day
                then sequences.time_position - sequences.first_time_position
        end as days
    from {{ ref('int_score_sequences') }} as sequences
    inner join scales
        on sequences.scale_id = scales.scale_id
    inner join {{ ref('int_episodes_numbered') }} as numbered
        on sequences.episode_id = numbered.episode_id

),

weeks as (

    select
        *,
        case when days between {{ first_day }} and {{ last_day }} then position end
            as early_position,
        case when days > {{ last_day }} then days / 7.0 end as later_week,
        case when days > {{ last_day }} then score end as later_score
    from scores

),

windows as (

    select
        episode_number,
        scale_id,
        cast(max(positions_count) as integer) as positions_count,
        max(case when position = 1 then score end) as first_score,
        -- Of an even number the earlier of the two in the middle: what follows must be later.
        max(case when position = floor((positions_count + 1) / 2) then score end) as middle_score,
        max(case when position = positions_count then score end) as final_score,
        max(case when position = floor((positions_count + 1) / 2) then time_position end)
            as middle_position,
        max(time_position) as final_position,
        max_by(score, early_position) as early_score,
        cast(count(later_week) as integer) as later_count,
        greatest(
            sum(later_week * later_week) - sum(later_week) * sum(later_week)
            / nullif(count(later_week), 0),
            0
        ) as later_squares,
        sum(later_week * later_score) - sum(later_week) * sum(later_score)
        / nullif(count(later_week), 0) as later_product
    from weeks
    group by episode_number, scale_id

)

-- The scales of an episode beside each other: what is looked up by it then is in the cache.
select
    episode_number,
    scale_id,
    positions_count,
    first_score,
    middle_score,
    final_score,
    middle_position,
    final_position,
    early_score,
    later_count,
    -- Twelve digits, for the order of parallel sums moves the last ones.
    round(later_squares, 12) as later_squares,
    round(later_product, 12) as later_product
from windows
order by episode_number, scale_id
