-- One row per program (and all), thing delivered or practised up to the middle of a course, part of
-- the process, outcome and block of clients: what orchestration.statistics.mediation needs, as
-- int_mediation_sums has it. The part changes from its first to its middle score, the outcome from
-- its middle to its last, so that each step lies before the next.
{%- set scores = {
    'one': '1.0', 'cause': 'cause', 'm0': 'm0', 'm1': 'm1', 'm2': 'm2', 'y0': 'y0', 'y1': 'y1',
    'y2': 'y2'
} -%}
{%- set keys = [
    'stratum_kind', 'stratum_id', 'cause_kind', 'cause_id', 'mediator_scale_id',
    'outcome_scale_id', 'window_name', 'block'
] | join(', ') %}

with outcomes as (

    select
        scale_id,
        instrument_id
    from {{ ref('stg_registry__scales') }}
    where role = 'outcome' and is_primary

),

members as (

    select *
    from {{ ref('int_stratum_blocks') }}
    where stratum_kind in ('all', 'program')

),

-- Practice is asked of the parts, which exercises aim at; a level of the therapy of the total.
grouped as (

    select
        members.stratum_kind,
        members.stratum_id,
        members.block,
        members.client_id,
        mediators.cause_kind,
        mediators.cause_id,
        mediators.scale_id as mediator_scale_id,
        outcomes.scale_id as outcome_scale_id,
        'middle_then_last' as window_name,
        cast(mediators.early_amount as double) as cause,
        cast(mediators.first_score as double) as m0,
        cast(mediators.middle_score as double) as m1,
        cast(mediators.final_score as double) as m2,
        cast(courses.first_score as double) as y0,
        cast(courses.middle_score as double) as y1,
        cast(courses.final_score as double) as y2
    from {{ ref('int_early_deliveries') }} as mediators
    inner join {{ ref('stg_registry__scales') }} as scales
        on
            mediators.scale_id = scales.scale_id
            and (mediators.cause_kind = 'practice' or scales.is_primary)
    inner join members
        on mediators.episode_id = members.episode_id
    inner join outcomes
        on scales.instrument_id <> outcomes.instrument_id
    inner join {{ ref('int_course_windows') }} as courses
        on
            members.episode_number = courses.episode_number
            and outcomes.scale_id = courses.scale_id
    where
        courses.positions_count >= 3
        and mediators.middle_day < courses.final_position
        and courses.middle_position < mediators.final_day

)

select
    {{ keys }},
    count(distinct client_id) as client_count,
    cast(0 as bigint) as group_count,
    {{ sums_of_products('sum', scores) }}
from grouped
group by {{ keys }}
