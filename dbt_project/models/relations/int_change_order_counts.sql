-- One row per stratum, process scale and outcome scale: how many episodes have each order of
-- changes. Strata and comparisons are numbered first, as in int_change_association_moments:
-- grouping millions of rows by two numbers takes a tenth of the time.
with strata as (

    select
        episode_id,
        stratum_kind,
        stratum_id,
        dense_rank() over (order by stratum_kind, stratum_id) as stratum
    from {{ ref('int_episode_strata') }}

),

stratum_names as (

    select distinct
        stratum,
        stratum_kind,
        stratum_id
    from strata

),

orders as (

    select
        *,
        dense_rank() over (order by process_scale_id, outcome_scale_id) as comparison
    from {{ ref('int_change_orders') }}

),

comparison_names as (

    select distinct
        comparison,
        process_scale_id,
        outcome_scale_id
    from orders

),

counted as (

    select
        strata.stratum,
        orders.comparison,
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
    from orders
    inner join strata
        on orders.episode_id = strata.episode_id
    group by strata.stratum, orders.comparison

)

select
    stratum_names.stratum_kind,
    stratum_names.stratum_id,
    comparison_names.process_scale_id,
    comparison_names.outcome_scale_id,
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
inner join comparison_names
    using (comparison)
