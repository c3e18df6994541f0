-- One row per episode, scale and interval: the two scores that a change is taken between.
-- first_to_last exists for every episode and scale with a form, even where a score is missing:
-- that is how unknown outcomes are counted. baseline_to_<label> exists for each later occasion.
-- A form without a label is named by the place of its moment in the episode, from 0, so that two
-- scales given at different rhythms are compared over the same stretch.
with sequences as (

    select
        *,
        coalesce(
            occasion,
            case when timepoint in ('mid', 'end', 'follow_up') then timepoint end,
            cast(dense_rank() over (partition by episode_id order by time_position) - 1 as varchar)
        ) as occasion_label
    from {{ ref('int_score_sequences') }}

),

episode_scales as (

    select distinct
        client_id,
        episode_id,
        program_id,
        instrument_id,
        scale_id
    from {{ ref('int_scores') }}
    where not is_unplaced

),

baselines as (

    select *
    from sequences
    where position = 1

),

lasts as (

    select *
    from sequences
    where position = positions_count and position > 1

),

-- Two forms under one label are both kept in fct_scores; the first in time stands for the label.
laters as (

    select *
    from sequences
    where position > 1
    qualify row_number() over (
            partition by episode_id, scale_id, occasion_label
            order by position
        ) = 1

),

paired as (

    select
        episode_scales.*,
        'first_to_last' as interval_name,
        baselines.score as baseline_score,
        lasts.score as final_score,
        baselines.day as baseline_day,
        lasts.day as final_day,
        baselines.administration_key as baseline_administration_key,
        lasts.administration_key as final_administration_key
    from episode_scales
    left join baselines
        on
            episode_scales.episode_id = baselines.episode_id
            and episode_scales.scale_id = baselines.scale_id
    left join lasts
        on
            episode_scales.episode_id = lasts.episode_id
            and episode_scales.scale_id = lasts.scale_id
    union all
    select
        episode_scales.*,
        concat('baseline_to_', laters.occasion_label) as interval_name,
        baselines.score as baseline_score,
        laters.score as final_score,
        baselines.day as baseline_day,
        laters.day as final_day,
        baselines.administration_key as baseline_administration_key,
        laters.administration_key as final_administration_key
    from episode_scales
    inner join baselines
        on
            episode_scales.episode_id = baselines.episode_id
            and episode_scales.scale_id = baselines.scale_id
    inner join laters
        on
            episode_scales.episode_id = laters.episode_id
            and episode_scales.scale_id = laters.scale_id
            and baselines.occasion_label <> laters.occasion_label

)

select * from paired
