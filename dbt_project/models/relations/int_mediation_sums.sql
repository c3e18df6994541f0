-- One row per program (and all), mediation, window and block of clients: what
-- orchestration.statistics.mediation needs. The cause is time (before and after), an arm against
-- the program's others, or the change on another scale. m and y are mediator and outcome at
-- their first (0), middle (1) and last (2) score; in first_to_last the middle ones are 0, for
-- nobody needs one there. In middle_then_last the mediator's middle score lies before the
-- outcome's last, and the outcome's before the mediator's, so that the exchanged model is as
-- well ordered.
-- Nothing is multiplied twice: first_to_last adds up the courses that have an order and those that
-- have none, middle_then_last the former alone; time adds up all arms, and the products with an arm
-- are the sums of the scores in it.
-- Lines that loops write are not laid out by hand.
-- noqa: disable=LT02,LT05
{%- set scores = ['one', 'm0', 'm1', 'm2', 'y0', 'y1', 'y2'] -%}
{%- set middle_scores = ['m1', 'y1'] -%}
{%- set keys = ['stratum', 'cause_number', 'pair', 'is_ordered', 'block'] -%}
{%- set names = product_names('sum', ['one', 'cause'] + scores[1:]).split(' ') -%}

{%- set numbers = {'one': '1.0', 'early_cause': 'courses.early_cause', 'cause': 'courses.cause'} -%}
{%- for score in scores[1:] -%}{%- do numbers.update({score: 'courses.' ~ score}) -%}{%- endfor -%}
{%- set score_numbers = dict(numbers) -%}
{%- for name in ['early_cause', 'cause'] -%}{%- do score_numbers.pop(name) -%}{%- endfor -%}

{#- Products of two scores, those with a middle one where it has an order only. -#}
{%- set score_sums -%}
cast(count(*) as double) as sum_one_one
{%- for a in scores -%}
{%- for b in scores[loop.index0:] if b != 'one' -%},
        {{ exact_sum(
            a, b, numbers,
            condition='courses.is_ordered' if a in middle_scores or b in middle_scores
        ) }} as sum_{{ a }}_{{ b }}
{%- endfor -%}
{%- endfor -%}
{%- endset -%}

{#- The same for a window. -#}
{%- set window_sums -%}
{%- for name in product_names('sum', scores).split(' ') -%}
{%- if 'm1' in name or 'y1' in name -%}
sum(case when window_names.is_ordered then parts.{{ name }} end) as {{ name }}
{%- else -%}
sum(parts.{{ name }}) as {{ name }}
{%- endif -%}
{{- ',\n        ' if not loop.last -}}
{%- endfor -%}
{%- endset %}

with members as (

    select *
    from {{ ref('int_stratum_blocks') }}
    where stratum_kind in ('all', 'program')

),

stratum_names as (

    select distinct
        stratum,
        stratum_kind,
        stratum_id
    from members

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

-- What time and arms are asked of: every group, and the programs that have several arms.
group_causes as (

    select
        stratum_names.stratum,
        causes.cause_number,
        cast(null as varchar) as arm
    from stratum_names
    inner join causes
        on causes.cause_kind = 'time'
    union all
    select
        stratum_names.stratum,
        causes.cause_number,
        arms.arm
    from stratum_names
    inner join arms
        on stratum_names.stratum_kind = 'program' and stratum_names.stratum_id = arms.program_id
    inner join causes
        on causes.cause_kind = 'arm' and arms.arm = causes.cause_id

),

people as (

    select
        members.stratum,
        members.block,
        members.episode_number,
        members.client_id,
        members.is_only_episode,
        arm_causes.cause_number as arm_number
    from members
    left join group_causes as arm_causes
        on members.stratum = arm_causes.stratum and members.arm = arm_causes.arm

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
        mediators.episode_number,
        coalesce(
            mediators.positions_count >= 3
            and outcomes.positions_count >= 3
            and mediators.middle_position < outcomes.final_position
            and outcomes.middle_position < mediators.final_position,
            false
        ) as is_ordered,
        mediators.first_score as m0,
        mediators.middle_score as m1,
        mediators.final_score as m2,
        outcomes.first_score as y0,
        outcomes.middle_score as y1,
        outcomes.final_score as y2
    from {{ ref('int_scale_pairs') }} as pairs
    inner join windows as mediators
        on pairs.process_scale_id = mediators.scale_id
    inner join windows as outcomes
        on
            pairs.outcome_scale_id = outcomes.scale_id
            and mediators.episode_number = outcomes.episode_number

),

-- With the change of a third scale, up to its middle score and over the whole course.
scaled_courses as (

    select
        courses.pair,
        courses.episode_number,
        courses.is_ordered and processes.positions_count >= 3 as is_ordered,
        scale_paths.cause_number,
        processes.middle_score - processes.first_score as early_cause,
        processes.final_score - processes.first_score as cause,
        courses.{{ scores[1:] | join(', courses.') }}
    from courses
    inner join scale_paths
        on courses.pair = scale_paths.pair
    inner join windows as processes
        on
            scale_paths.cause_scale_id = processes.scale_id
            and courses.episode_number = processes.episode_number

),

largest as (

    {{ exact_sum_root('people') }}

),

bounds as (

    select
        courses.pair,
        {{ bounds_of(score_numbers) }}
    from courses
    cross join largest
    group by courses.pair

),

scale_bounds as (

    select
        courses.pair,
        courses.cause_number,
        {{ bounds_of(numbers) }}
    from scaled_courses as courses
    cross join largest
    group by courses.pair, courses.cause_number

),

arm_sums as (

    select
        people.stratum,
        people.arm_number,
        courses.pair,
        courses.is_ordered,
        people.block,
        count(*) filter (where people.is_only_episode) as client_count,
        {{ score_sums }}
    from courses
    inner join bounds
        on courses.pair = bounds.pair
    inner join people
        on courses.episode_number = people.episode_number
    group by people.stratum, people.arm_number, courses.pair, courses.is_ordered, people.block

),

scale_sums as (

    select
        people.stratum,
        courses.cause_number,
        courses.pair,
        courses.is_ordered,
        people.block,
        count(*) filter (where people.is_only_episode) as client_count,
        {{ score_sums }}
        {%- for score in ['one', 'early_cause'] + scores[1:] %},
        {{ exact_sum('early_cause', score, numbers, condition='courses.is_ordered') }}
            as early_cause_{{ score }}
        {%- endfor %}
        {%- for score in ['one', 'cause'] + scores[1:] if score not in middle_scores %},
        {{ exact_sum('cause', score, numbers) }} as cause_{{ score }}
        {%- endfor %}
    from scaled_courses as courses
    inner join scale_bounds as bounds
        on courses.pair = bounds.pair and courses.cause_number = bounds.cause_number
    inner join people
        on courses.episode_number = people.episode_number
    group by
        people.stratum, courses.cause_number, courses.pair, courses.is_ordered,
        people.block

),

window_names as (

    select
        false as is_ordered,
        'first_to_last' as window_name
    union all
    select
        true as is_ordered,
        'middle_then_last' as window_name

),

sums as (

    select
        parts.stratum,
        group_causes.cause_number,
        parts.pair,
        window_names.is_ordered,
        parts.block,
        sum(parts.client_count) as client_count,
        sum(case when parts.arm_number = group_causes.cause_number then parts.client_count end)
            as group_count,
        {{ window_sums }}
        {%- for score in ['one', 'cause'] + scores[1:] %},
        sum(
            case
                when
                    parts.arm_number = group_causes.cause_number
                    {{- ' and window_names.is_ordered' if score in middle_scores }}
                    then parts.sum_one_{{ 'one' if score == 'cause' else score }}
            end
        ) as {{ 'sum_one_cause' if score == 'one' else 'sum_cause_' ~ score }}
        {%- endfor %}
    from arm_sums as parts
    inner join group_causes
        on
            parts.stratum = group_causes.stratum
            and (group_causes.arm is null or parts.arm_number is not null)
    inner join window_names
        on parts.is_ordered or not window_names.is_ordered
    group by
        parts.stratum, group_causes.cause_number, parts.pair, window_names.is_ordered,
        parts.block
    union all
    select
        parts.stratum,
        parts.cause_number,
        parts.pair,
        window_names.is_ordered,
        parts.block,
        sum(parts.client_count) as client_count,
        0 as group_count,
        {{ window_sums }}
        {%- for score in ['one', 'cause'] + scores[1:] %},
        sum(
            case
                when window_names.is_ordered then parts.early_cause_{{ score.replace('cause', 'early_cause') }}
                {%- if score not in middle_scores %}
                else parts.cause_{{ score }}
                {%- endif %}
            end
        ) as {{ 'sum_one_cause' if score == 'one' else 'sum_cause_' ~ score }}
        {%- endfor %}
    from scale_sums as parts
    inner join window_names
        on parts.is_ordered or not window_names.is_ordered
    group by
        parts.stratum, parts.cause_number, parts.pair, window_names.is_ordered,
        parts.block

),

-- Only who has several episodes in a group could be counted twice.
repeated as (

    select
        people.stratum,
        group_causes.cause_number,
        courses.pair,
        courses.is_ordered,
        people.block,
        people.client_id,
        coalesce(people.arm_number = group_causes.cause_number, false) as is_of_arm
    from courses
    inner join people
        on courses.episode_number = people.episode_number and not people.is_only_episode
    inner join group_causes
        on
            people.stratum = group_causes.stratum
            and (group_causes.arm is null or people.arm_number is not null)
    union all
    select
        people.stratum,
        courses.cause_number,
        courses.pair,
        courses.is_ordered,
        people.block,
        people.client_id,
        false as is_of_arm
    from scaled_courses as courses
    inner join people
        on courses.episode_number = people.episode_number and not people.is_only_episode

),

repeated_counts as (

    select
        repeated.stratum,
        repeated.cause_number,
        repeated.pair,
        window_names.is_ordered,
        repeated.block,
        count(distinct repeated.client_id) as client_count,
        count(distinct case when repeated.is_of_arm then repeated.client_id end) as group_count
    from repeated
    inner join window_names
        on repeated.is_ordered or not window_names.is_ordered
    group by
        repeated.stratum, repeated.cause_number, repeated.pair, window_names.is_ordered,
        repeated.block

)

select
    stratum_names.stratum_kind,
    stratum_names.stratum_id,
    causes.cause_kind,
    causes.cause_id,
    pairs.process_scale_id as mediator_scale_id,
    pairs.outcome_scale_id,
    window_names.window_name,
    sums.block,
    cast(sums.client_count + coalesce(repeated_counts.client_count, 0) as bigint) as client_count,
    cast(coalesce(sums.group_count, 0) + coalesce(repeated_counts.group_count, 0) as bigint)
        as group_count
    {%- for name in names %},
    cast(coalesce(sums.{{ name }}, 0) as double) as {{ name }}
    {%- endfor %}
from sums
inner join stratum_names
    on sums.stratum = stratum_names.stratum
inner join causes
    on sums.cause_number = causes.cause_number
inner join {{ ref('int_scale_pairs') }} as pairs
    on sums.pair = pairs.pair
inner join window_names
    on sums.is_ordered = window_names.is_ordered
left join repeated_counts
    on
        {%- for key in keys %}
        {{ 'and ' if not loop.first }}sums.{{ key }} = repeated_counts.{{ key }}
        {%- endfor %}
