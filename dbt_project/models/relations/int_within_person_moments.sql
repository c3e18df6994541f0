-- One row per stratum, scale pair, direction and adjustment: what
-- orchestration.statistics.within_person needs. With adjustment both sides are first freed of their
-- common linear course in time (Frisch & Waugh 1933), so that one closed form serves both.
-- Time is counted in days where every episode of the group has days, else in moments.
{%- set estimate = [
    'stratum_kind', 'stratum_id', 'process_scale_id', 'outcome_scale_id', 'direction'
] | join(', ') %}

with episodes as (

    select
        strata.stratum_kind,
        strata.stratum_id,
        products.*,
        bool_and(products.is_ordered_by_day) over (partition by {{ estimate }}) as is_in_days
    from {{ ref('int_panel_products') }} as products
    inner join {{ ref('int_episode_strata') }} as strata
        on products.episode_id = strata.episode_id

),

-- The cluster is the client: one who comes for two episodes counts once.
clients as (

    select
        {{ estimate }},
        client_id,
        is_in_days,
        sum(rows_count) as rows_count,
        max(moments_count) as moments_count,
        avg(regressor_mean) as regressor_mean,
        avg(response_mean) as response_mean,
        sum(regressor_squares) as xx,
        sum(regressor_response) as xy,
        sum(case when is_in_days then day_squares else moment_squares end) as tt,
        sum(case when is_in_days then regressor_day else regressor_moment end) as xt,
        sum(case when is_in_days then response_day else response_moment end) as yt
    from episodes
    group by {{ estimate }}, client_id, is_in_days

),

time_slopes as (

    select
        {{ estimate }},
        sum(xt) / nullif(sum(tt), 0) as regressor_on_time,
        sum(yt) / nullif(sum(tt), 0) as response_on_time
    from clients
    group by {{ estimate }}

),

-- Per client, the products of regressor and response after each is freed of time (or is not).
adjusted as (

    select
        clients.stratum_kind,
        clients.stratum_id,
        clients.process_scale_id,
        clients.outcome_scale_id,
        clients.direction,
        adjustments.is_adjusted_for_time,
        clients.is_in_days,
        clients.rows_count,
        clients.moments_count,
        clients.regressor_mean,
        clients.response_mean,
        clients.xx as unadjusted_xx,
        case
            when not adjustments.is_adjusted_for_time then clients.xx
            else clients.xx
                - 2 * time_slopes.regressor_on_time * clients.xt
                + time_slopes.regressor_on_time * time_slopes.regressor_on_time * clients.tt
        end as xx,
        case
            when not adjustments.is_adjusted_for_time then clients.xy
            else clients.xy
                - time_slopes.response_on_time * clients.xt
                - time_slopes.regressor_on_time * clients.yt
                + time_slopes.regressor_on_time * time_slopes.response_on_time * clients.tt
        end as xy
    from clients
    inner join time_slopes
        using ({{ estimate }})
    cross join (values (true), (false)) as adjustments (is_adjusted_for_time)

),

slopes as (

    select
        {{ estimate }},
        is_adjusted_for_time,
        sum(xx) as regressor_sum_squares,
        sum(unadjusted_xx) as unadjusted_sum_squares,
        -- A regressor that time explains wholly leaves only rounding behind: no slope.
        case when sum(xx) > 1e-9 * sum(unadjusted_xx) then sum(xy) / sum(xx) end as within_slope
    from adjusted
    group by {{ estimate }}, is_adjusted_for_time

)

select
    {{ estimate }},
    is_adjusted_for_time,
    count(*) as client_count,
    count(*) filter (where adjusted.moments_count >= 4) as long_client_count,
    cast(sum(adjusted.rows_count) as bigint) as occasion_count,
    any_value(slopes.regressor_sum_squares) as regressor_sum_squares,
    any_value(slopes.within_slope) as within_slope,
    -- The sandwich's middle: squared sums, per client, of regressor times residual.
    sum(power(adjusted.xy - slopes.within_slope * adjusted.xx, 2)) as cluster_score_sum_squares,
    regr_slope(adjusted.response_mean, adjusted.regressor_mean) as between_slope,
    case when bool_and(adjusted.is_in_days) then 'day' else 'position' end as time_unit
from adjusted
inner join slopes
    using ({{ estimate }}, is_adjusted_for_time)
group by {{ estimate }}, is_adjusted_for_time
