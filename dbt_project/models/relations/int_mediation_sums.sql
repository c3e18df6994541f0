-- One row per program (and all), mediation, window and block of clients: what
-- orchestration.statistics.mediation needs. The cause is time (before and after), an arm against
-- the program's others, or the change on another scale. m and y are mediator and outcome at
-- their first (0), middle (1) and last (2) score; in first_to_last the middle ones are 0, for
-- nobody needs one there. In middle_then_last the mediator's middle score lies before the
-- outcome's last, and the outcome's before the mediator's, so that the exchanged model is as
-- well ordered.
{%- set scores = {
    'one': '1.0', 'cause': 'cause', 'm0': 'm0', 'm1': 'm1', 'm2': 'm2', 'y0': 'y0', 'y1': 'y1',
    'y2': 'y2'
} -%}
{%- set keys = [
    'stratum_kind', 'stratum_id', 'cause_kind', 'cause_id', 'mediator_scale_id',
    'outcome_scale_id', 'window_name', 'block'
] | join(', ') %}

with members as (

    select *
    from {{ ref('int_stratum_blocks') }}
    where stratum_kind in ('all', 'program')

),

arms as (

    select distinct
        program_id,
        arm
    from members
    where arm is not null
    qualify count(*) over (partition by program_id) > 1

),

courses as (

    select
        mediators.episode_id,
        mediators.client_id,
        pairs.process_scale_id as mediator_scale_id,
        pairs.outcome_scale_id,
        windows.window_name,
        windows.window_name = 'middle_then_last' as is_ordered,
        cast(mediators.first_score as double) as m0,
        cast(mediators.final_score as double) as m2,
        cast(outcomes.first_score as double) as y0,
        cast(outcomes.final_score as double) as y2,
        case
            when windows.window_name = 'middle_then_last'
                then cast(mediators.middle_score as double)
            else 0.0
        end as m1,
        case
            when windows.window_name = 'middle_then_last'
                then cast(outcomes.middle_score as double)
            else 0.0
        end as y1
    from {{ ref('int_scale_pairs') }} as pairs
    cross join (values ('first_to_last'), ('middle_then_last')) as windows (window_name)
    inner join {{ ref('int_course_windows') }} as mediators
        on pairs.process_scale_id = mediators.scale_id
    inner join {{ ref('int_course_windows') }} as outcomes
        on
            pairs.outcome_scale_id = outcomes.scale_id
            and mediators.episode_id = outcomes.episode_id
    where
        mediators.positions_count >= 2
        and outcomes.positions_count >= 2
        and (
            windows.window_name = 'first_to_last'
            or (
                mediators.positions_count >= 3
                and outcomes.positions_count >= 3
                and mediators.middle_position < outcomes.final_position
                and outcomes.middle_position < mediators.final_position
            )
        )

),

causes as (

    select
        members.stratum_kind,
        members.stratum_id,
        members.block,
        courses.*,
        'time' as cause_kind,
        'time' as cause_id,
        0.0 as cause
    from courses
    inner join members
        on courses.episode_id = members.episode_id
    union all
    select
        members.stratum_kind,
        members.stratum_id,
        members.block,
        courses.*,
        'arm' as cause_kind,
        arms.arm as cause_id,
        case when members.arm = arms.arm then 1.0 else 0.0 end as cause
    from courses
    inner join members
        on courses.episode_id = members.episode_id and members.stratum_kind = 'program'
    inner join arms
        on members.stratum_id = arms.program_id
    where members.arm is not null
    union all
    select
        members.stratum_kind,
        members.stratum_id,
        members.block,
        courses.*,
        'scale' as cause_kind,
        processes.scale_id as cause_id,
        cast(
            case when courses.is_ordered then processes.middle_score else processes.final_score end
            - processes.first_score as double
        ) as cause
    from courses
    inner join {{ ref('int_scale_pairs') }} as first_paths
        on courses.mediator_scale_id = first_paths.outcome_scale_id
    inner join {{ ref('int_scale_pairs') }} as direct_paths
        on
            first_paths.process_scale_id = direct_paths.process_scale_id
            and courses.outcome_scale_id = direct_paths.outcome_scale_id
    inner join {{ ref('int_course_windows') }} as processes
        on
            first_paths.process_scale_id = processes.scale_id
            and courses.episode_id = processes.episode_id
    inner join members
        on courses.episode_id = members.episode_id
    where processes.positions_count >= case when courses.is_ordered then 3 else 2 end

)

select
    {{ keys }},
    count(distinct client_id) as client_count,
    count(distinct case when cause_kind = 'arm' and cause = 1 then client_id end) as group_count,
    {{ sums_of_products('sum', scores) }}
from causes
group by {{ keys }}
