-- One row per stratum, process scale and outcome scale: how many episodes have each order of
-- changes.
with strata as (

    select
        stratum,
        episode_number
    from {{ ref('int_stratum_blocks') }}

),

stratum_names as (

    select distinct
        stratum,
        stratum_kind,
        stratum_id
    from {{ ref('int_stratum_blocks') }}

),

counted as (

    select
        strata.stratum,
        orders.pair,
        count(*) as episode_count,
        count(*) filter (where orders.order_class = 'process_first') as process_first_count,
        count(*) filter (where orders.order_class = 'together') as together_count,
        count(*) filter (where orders.order_class = 'outcome_first') as outcome_first_count,
        count(*) filter (where orders.order_class = 'process_only') as process_only_count,
        count(*) filter (where orders.order_class = 'outcome_only') as outcome_only_count,
        count(*) filter (where orders.order_class = 'neither') as neither_count,
        count(*) filter (where orders.order_class = 'unknown') as unknown_count,
        count(*) filter (
            where orders.order_class = 'process_first' and orders.is_order_resolved
        ) as process_first_resolved_count,
        count(*) filter (
            where orders.order_class = 'outcome_first' and orders.is_order_resolved
        ) as outcome_first_resolved_count,
        percentile_cont(0.5) within group (order by orders.lead_days) as median_lead_days,
        -- Rounded, so that the order in which parallel workers add up cannot move a last digit.
        round(avg(orders.process_days_between_scores), 8) as process_days_between_scores,
        round(avg(orders.outcome_days_between_scores), 8) as outcome_days_between_scores
    from {{ ref('int_change_orders') }} as orders
    inner join strata
        on orders.episode_number = strata.episode_number
    group by strata.stratum, orders.pair

)

select
    stratum_names.stratum_kind,
    stratum_names.stratum_id,
    pairs.process_scale_id,
    pairs.outcome_scale_id,
    counted.episode_count,
    counted.process_first_count,
    counted.together_count,
    counted.outcome_first_count,
    counted.process_only_count,
    counted.outcome_only_count,
    counted.neither_count,
    counted.unknown_count,
    counted.process_first_resolved_count,
    counted.outcome_first_resolved_count,
    counted.median_lead_days,
    counted.process_days_between_scores,
    counted.outcome_days_between_scores
from counted
inner join stratum_names
    using (stratum)
inner join {{ ref('int_scale_pairs') }} as pairs
    using (pair)
