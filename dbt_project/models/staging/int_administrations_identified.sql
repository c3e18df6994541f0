-- One row per administration, with what its records state about it and no more.
-- Every record of an administration carries the same statements: they are what its key is made of.
with stated_by_items as (

    select
        administration_key,
        min(instrument_id) as instrument_id,
        min(source) as source,
        min(client_id) as client_id,
        min(episode_id) as stated_episode_id,
        min(program_id) as stated_program_id,
        min(occurred_on) as occurred_on,
        min(day) as day,
        min(occasion) as occasion,
        min(occasion_order) as occasion_order,
        min(timepoint) as timepoint,
        min(mode) as mode,
        max(repeat_number) as repeat_number,
        min(load_sequence) as first_load_sequence,
        count(response) as item_answers_count,
        0 as stated_scores_count
    from ({{ current_records('item_responses') }}) as item_responses
    group by administration_key

),

stated_by_scores as (

    select
        administration_key,
        min(instrument_id) as instrument_id,
        min(source) as source,
        min(client_id) as client_id,
        min(episode_id) as stated_episode_id,
        min(program_id) as stated_program_id,
        min(occurred_on) as occurred_on,
        min(day) as day,
        min(occasion) as occasion,
        min(occasion_order) as occasion_order,
        min(timepoint) as timepoint,
        min(mode) as mode,
        max(repeat_number) as repeat_number,
        min(load_sequence) as first_load_sequence,
        0 as item_answers_count,
        count(score) as stated_scores_count
    from ({{ current_records('stated_scores') }}) as stated_scores
    group by administration_key

),

both_kinds as (

    select * from stated_by_items
    union all
    select * from stated_by_scores

)

select
    administration_key,
    min(instrument_id) as instrument_id,
    min(source) as source,
    min(client_id) as client_id,
    min(stated_episode_id) as stated_episode_id,
    min(stated_program_id) as stated_program_id,
    cast(min(occurred_on) as date) as occurred_on,
    cast(min(day) as double) as stated_day,
    min(occasion) as occasion,
    cast(min(occasion_order) as double) as stated_occasion_order,
    min(timepoint) as stated_timepoint,
    min(mode) as mode,
    max(repeat_number) as repeat_number,
    min(first_load_sequence) as first_load_sequence,
    cast(sum(item_answers_count) as integer) as item_answers_count,
    sum(item_answers_count) + sum(stated_scores_count) = 0 as is_blank
from both_kinds
group by administration_key
