-- One row per stratum and scale with two baselines: how far the two agree.
with baselines as (

    select
        client_id,
        episode_id,
        program_id,
        scale_id,
        score,
        day,
        row_number() over (
            partition by episode_id, scale_id order by position
        ) as place
    from {{ ref('int_score_sequences') }}
    where timepoint = 'baseline'

),

pairs as (

    select
        first_baselines.program_id,
        first_baselines.scale_id,
        first_baselines.score as first_score,
        second_baselines.score as second_score,
        second_baselines.day - first_baselines.day as days
    from baselines as first_baselines
    inner join baselines as second_baselines
        on
            first_baselines.episode_id = second_baselines.episode_id
            and first_baselines.scale_id = second_baselines.scale_id
            and first_baselines.place = 1
            and second_baselines.place = 2

),

stratified as (

    select
        'all' as stratum_kind,
        'all' as stratum_id,
        scale_id,
        first_score,
        second_score,
        days
    from pairs
    union all
    select
        'program' as stratum_kind,
        program_id as stratum_id,
        scale_id,
        first_score,
        second_score,
        days
    from pairs

)

select
    stratum_kind,
    stratum_id,
    scale_id,
    cast(count(*) as integer) as pair_count,
    case
        when stddev_samp(first_score) > 0 and stddev_samp(second_score) > 0
            then round(corr(first_score, second_score), 10)
    end as r,
    percentile_cont(0.5) within group (order by days) as median_days
from stratified
group by stratum_kind, stratum_id, scale_id
