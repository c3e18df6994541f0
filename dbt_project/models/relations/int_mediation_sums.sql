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
{%- set products = product_names('sum', scores).split(' ') %}

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

-- Numbered, for millions of rows are grouped by the cause.
causes as (

    select
        *,
        cast(row_number() over (order by cause_kind, cause_id) as integer) as cause_number
    from (
        select
            'time' as cause_kind,
            'time' as cause_id
        union
        select
            'arm' as cause_kind,
            arm as cause_id
        from arms
        union
        select
            'scale' as cause_kind,
            process_scale_id as cause_id
        from {{ ref('int_scale_pairs') }}
    ) as every_cause

),

scale_paths as (

    select
        mediators.pair,
        causes.cause_number,
        causes.cause_id as cause_scale_id
    from {{ ref('int_scale_pairs') }} as mediators
    inner join {{ ref('int_scale_pairs') }} as first_paths
        on mediators.process_scale_id = first_paths.outcome_scale_id
    inner join {{ ref('int_scale_pairs') }} as direct_paths
        on
            first_paths.process_scale_id = direct_paths.process_scale_id
            and mediators.outcome_scale_id = direct_paths.outcome_scale_id
    inner join causes
        on first_paths.process_scale_id = causes.cause_id and causes.cause_kind = 'scale'

),

windows as (

    select
        episode_number,
        scale_id,
        positions_count,
        middle_position,
        final_position,
        cast(first_score as double) as first_score,
        cast(middle_score as double) as middle_score,
        cast(final_score as double) as final_score
    from {{ ref('int_course_windows') }}
    where positions_count >= 2

),

courses as (

    select
        pairs.pair,
        orders.is_ordered,
        mediators.episode_number,
        mediators.first_score as m0,
        mediators.final_score as m2,
        outcomes.first_score as y0,
        outcomes.final_score as y2,
        case when orders.is_ordered then mediators.middle_score else 0.0 end as m1,
        case when orders.is_ordered then outcomes.middle_score else 0.0 end as y1
    from {{ ref('int_scale_pairs') }} as pairs
    cross join (values (false), (true)) as orders (is_ordered)
    inner join windows as mediators
        on pairs.process_scale_id = mediators.scale_id
    inner join windows as outcomes
        on
            pairs.outcome_scale_id = outcomes.scale_id
            and mediators.episode_number = outcomes.episode_number
    where
        not orders.is_ordered
        or (
            mediators.positions_count >= 3
            and outcomes.positions_count >= 3
            and mediators.middle_position < outcomes.final_position
            and outcomes.middle_position < mediators.final_position
        )

),

caused as (

    select
        members.stratum,
        members.block,
        members.client_id,
        members.is_only_episode,
        courses.*,
        causes.cause_number,
        0.0 as cause
    from courses
    inner join members
        on courses.episode_number = members.episode_number
    inner join causes
        on causes.cause_kind = 'time'
    union all
    select
        members.stratum,
        members.block,
        members.client_id,
        members.is_only_episode,
        courses.*,
        causes.cause_number,
        case when members.arm = arms.arm then 1.0 else 0.0 end as cause
    from courses
    inner join members
        on courses.episode_number = members.episode_number and members.stratum_kind = 'program'
    inner join arms
        on members.stratum_id = arms.program_id
    inner join causes
        on arms.arm = causes.cause_id and causes.cause_kind = 'arm'
    where members.arm is not null
    union all
    select
        members.stratum,
        members.block,
        members.client_id,
        members.is_only_episode,
        courses.*,
        scale_paths.cause_number,
        case when courses.is_ordered then processes.middle_score else processes.final_score end
        - processes.first_score as cause
    from courses
    inner join scale_paths
        on courses.pair = scale_paths.pair
    inner join windows as processes
        on
            scale_paths.cause_scale_id = processes.scale_id
            and courses.episode_number = processes.episode_number
    inner join members
        on courses.episode_number = members.episode_number
    where processes.positions_count >= case when courses.is_ordered then 3 else 2 end

),

sums as (

    select
        stratum,
        cause_number,
        pair,
        is_ordered,
        block,
        -- Only who has several episodes in a group could be counted twice.
        count(*) filter (where is_only_episode)
        + count(distinct client_id) filter (where not is_only_episode) as client_count,
        count(*) filter (where is_only_episode and cause = 1)
        + count(distinct client_id) filter (where not is_only_episode and cause = 1)
            as cause_count,
        {{ sums_of_products('sum', scores) }}
    from caused
    group by stratum, cause_number, pair, is_ordered, block

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
    causes.cause_kind,
    causes.cause_id,
    pairs.process_scale_id as mediator_scale_id,
    pairs.outcome_scale_id,
    case when sums.is_ordered then 'middle_then_last' else 'first_to_last' end as window_name,
    sums.block,
    sums.client_count,
    case when causes.cause_kind = 'arm' then sums.cause_count else 0 end as group_count,
    sums.{{ products | join(', sums.') }}
from sums
inner join stratum_names
    on sums.stratum = stratum_names.stratum
inner join causes
    on sums.cause_number = causes.cause_number
inner join {{ ref('int_scale_pairs') }} as pairs
    on sums.pair = pairs.pair
