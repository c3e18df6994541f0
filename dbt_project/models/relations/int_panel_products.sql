-- One row per episode, scale pair and direction: the sums of squares and products, about the
-- episode's own means, that within-person slopes are made of.
-- concurrent: outcome on process at one moment. process_to_outcome: outcome on the process one
-- moment before; outcome_to_process: the reverse. An episode enters with two rows or more.
with panels as (

    select * from {{ ref('int_panels') }}

),

directed as (

    select
        client_id,
        episode_id,
        process_scale_id,
        outcome_scale_id,
        'concurrent' as direction,
        time_position,
        moment,
        is_ordered_by_day,
        process_score as regressor,
        outcome_score as response
    from panels
    union all
    select
        client_id,
        episode_id,
        process_scale_id,
        outcome_scale_id,
        'process_to_outcome' as direction,
        time_position,
        moment,
        is_ordered_by_day,
        previous_process_score as regressor,
        outcome_score as response
    from panels
    where moment > 1
    union all
    select
        client_id,
        episode_id,
        process_scale_id,
        outcome_scale_id,
        'outcome_to_process' as direction,
        time_position,
        moment,
        is_ordered_by_day,
        previous_outcome_score as regressor,
        process_score as response
    from panels
    where moment > 1

)

select
    client_id,
    episode_id,
    process_scale_id,
    outcome_scale_id,
    direction,
    bool_and(is_ordered_by_day) as is_ordered_by_day,
    count(*) as rows_count,
    max(moment) as moments_count,
    avg(regressor) as regressor_mean,
    avg(response) as response_mean,
    regr_sxx(response, regressor) as regressor_squares,
    regr_sxy(response, regressor) as regressor_response,
    regr_sxx(response, time_position) as day_squares,
    regr_sxy(regressor, time_position) as regressor_day,
    regr_sxy(response, time_position) as response_day,
    regr_sxx(response, moment) as moment_squares,
    regr_sxy(regressor, moment) as regressor_moment,
    regr_sxy(response, moment) as response_moment
from directed
group by client_id, episode_id, process_scale_id, outcome_scale_id, direction
having count(*) >= 2
