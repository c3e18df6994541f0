-- One row per program (and all), thing delivered or practised up to the middle of a course, part of
-- the process, outcome and block of clients: what orchestration.statistics.mediation needs, as
-- int_mediation_sums has it. The part changes from its first to its middle score, the outcome from
-- its middle to its last, so that each step lies before the next.
-- Lines that loops write are not laid out by hand.
-- noqa: disable=LT02
{%- set scores = ['one', 'cause', 'm0', 'm1', 'm2', 'y0', 'y1', 'y2'] -%}
{%- set numbers = {'one': '1.0'} -%}
{%- for score in scores[1:] -%}{%- do numbers.update({score: 'courses.' ~ score}) -%}{%- endfor %}

with scales as (

    select
        scale_id,
        instrument_id,
        role,
        is_primary
    from {{ ref('stg_registry__scales') }}

),

-- Numbered, for millions of rows are grouped by it.
paths as (

    select
        mediators.cause_kind,
        mediators.cause_id,
        mediators.scale_id as mediator_scale_id,
        outcomes.scale_id as outcome_scale_id,
        cast(row_number() over (
            order by
                mediators.cause_kind, mediators.cause_id, mediators.scale_id, outcomes.scale_id
        ) as integer) as path
    from (
        select distinct
            cause_kind,
            cause_id,
            scale_id
        from {{ ref('int_early_deliveries') }}
    ) as mediators
    inner join scales
        on mediators.scale_id = scales.scale_id
    inner join scales as outcomes
        on
            scales.instrument_id <> outcomes.instrument_id
            and outcomes.role = 'outcome'
            and outcomes.is_primary

),

members as (

    select *
    from {{ ref('int_stratum_blocks') }}
    where stratum_kind in ('all', 'program')

),

courses as (

    select
        mediators.episode_number,
        paths.path,
        cast(mediators.early_amount as double) as cause,
        cast(mediators.first_score as double) as m0,
        cast(mediators.middle_score as double) as m1,
        cast(mediators.final_score as double) as m2,
        cast(outcomes.first_score as double) as y0,
        cast(outcomes.middle_score as double) as y1,
        cast(outcomes.final_score as double) as y2
    from {{ ref('int_early_deliveries') }} as mediators
    inner join paths
        on
            mediators.cause_kind = paths.cause_kind
            and mediators.cause_id = paths.cause_id
            and mediators.scale_id = paths.mediator_scale_id
    inner join {{ ref('int_course_windows') }} as outcomes
        on
            mediators.episode_number = outcomes.episode_number
            and paths.outcome_scale_id = outcomes.scale_id
    where
        outcomes.positions_count >= 3
        and mediators.middle_day < outcomes.final_position
        and outcomes.middle_position < mediators.final_day

),

largest as (

    {{ exact_sum_root('members') }}

),

bounds as (

    select
        courses.path,
        {{ bounds_of(numbers) }}
    from courses
    cross join largest
    group by courses.path

),

sums as (

    select
        members.stratum,
        courses.path,
        members.block,
        count(*) filter (where members.is_only_episode) as client_count,
        cast(count(*) as double) as sum_one_one
        {%- for a in scores %}
        {%- for b in scores[loop.index0:] if b != 'one' %},
        {{ exact_sum(a, b, numbers) }} as sum_{{ a }}_{{ b }}
        {%- endfor %}
        {%- endfor %}
    from courses
    inner join bounds
        on courses.path = bounds.path
    inner join members
        on courses.episode_number = members.episode_number
    group by members.stratum, courses.path, members.block

),

-- Only who has several episodes in a group could be counted twice.
repeated as (

    select
        members.stratum,
        courses.path,
        members.block,
        count(distinct members.client_id) as client_count
    from courses
    inner join members
        on courses.episode_number = members.episode_number
    where not members.is_only_episode
    group by members.stratum, courses.path, members.block

),

stratum_names as (

    select distinct
        stratum,
        stratum_kind,
        stratum_id
    from members

)

select
    stratum_names.stratum_kind,
    stratum_names.stratum_id,
    paths.cause_kind,
    paths.cause_id,
    paths.mediator_scale_id,
    paths.outcome_scale_id,
    'middle_then_last' as window_name,
    sums.block,
    sums.client_count + coalesce(repeated.client_count, 0) as client_count,
    cast(0 as bigint) as group_count,
    sums.{{ product_names('sum', scores).split(' ') | join(', sums.') }}
from sums
inner join stratum_names
    on sums.stratum = stratum_names.stratum
inner join paths
    on sums.path = paths.path
left join repeated
    on
        sums.stratum = repeated.stratum
        and sums.path = repeated.path
        and sums.block = repeated.block
