-- One row per episode (or pair of changes) and unit that published counts are made of: in which
-- published counts it is counted, each named table|row|cell. What an attacker can subtract are
-- differences of these sets, so the sets themselves are kept and not a list of sums.
-- A further pub_ table adds its names to a CTE here, or a CTE.
with scales as (

    select
        scales.scale_id,
        scales.role,
        scales.is_primary,
        scales.score_minimum,
        scales.score_maximum,
        {{ is_pictured('scales') }} as is_pictured,
        {{ change_unit(
            'criteria.reliable_change_points', 'scales.score_minimum', 'scales.score_maximum'
        ) }} as change_unit
    from {{ ref('dim_scales') }} as scales
    left join {{ ref('dim_change_criteria') }} as criteria
        on scales.scale_id = criteria.scale_id

),

changes as (

    select
        changes.*,
        scales.is_pictured and scales.role = 'process' as is_pictured_process,
        scales.is_pictured and scales.is_primary and scales.role = 'outcome' as is_pictured_outcome,
        case
            when scales.is_pictured and changes.change is not null
                then {{ score_bin(
                    'changes.baseline_score', 'scales.score_minimum', 'scales.score_maximum'
                ) | indent(16) }}
        end as first_bin,
        case
            when scales.is_pictured and changes.change is not null
                then {{ score_bin(
                    'changes.final_score', 'scales.score_minimum', 'scales.score_maximum'
                ) | indent(16) }}
        end as last_bin,
        case
            when scales.is_pictured and changes.change is not null
                then {{ change_bin(
                    'changes.improvement', 'changes.reliable_change_class', 'scales.change_unit'
                ) | indent(16) }}
        end as change_bin
    from {{ ref('fct_changes') }} as changes
    left join scales
        on changes.scale_id = scales.scale_id
    where changes.interval_name = 'first_to_last'

),

measures as (

    select
        'changes' as system,
        concat_ws('|', program_id, scale_id) as unit_id,
        cast(null as varchar) as total_id,
        client_id,
        concat_ws(
            ',',
            'pub_program_measures||episode_count',
            case when change is not null then 'pub_program_measures||paired_count' end,
            case
                when reliable_change_class <> 'unknown' then 'pub_program_measures||judged_count'
            end,
            case
                when reliable_change_class <> 'unknown'
                    then concat('pub_program_measures||', reliable_change_class, '_count')
            end,
            case when first_bin is not null then 'pub_score_bins||paired_count' end,
            case
                when first_bin is not null
                    then concat('pub_score_bins||first_fine_', cast(first_bin as varchar))
            end,
            case
                when last_bin is not null
                    then concat('pub_score_bins||last_fine_', cast(last_bin as varchar))
            end
        ) as cells,
        case when change is not null then baseline_score end as amount_1,
        case when change is not null then final_score end as amount_2,
        improvement as amount_3
    from changes

),

pairs as (

    select
        'pairs' as system,
        concat_ws('|', associations.stratum_id, processes.scale_id, outcomes.scale_id) as unit_id,
        cast(null as varchar) as total_id,
        processes.client_id,
        -- The classes are counted in pub_program_measures: no edge of the picture may tell them.
        case
            when processes.is_pictured_process and outcomes.is_pictured_outcome
                then concat_ws(
                        ',',
                        'pub_change_associations||sample_size',
                        'pub_change_lines||sample_size',
                        'pub_change_bins||sample_size',
                        {%- for side, rows in [
                            ('process', 'processes'), ('outcome', 'outcomes')
                        ] %}
                        case
                            when {{ rows }}.reliable_change_class <> 'unknown'
                                then concat(
                                        'pub_change_bins||{{ side }}_',
                                        {{ rows }}.reliable_change_class
                                    )
                        end,
                        {%- endfor %}
                        concat(
                            'pub_change_bins||fine_', cast(processes.change_bin as varchar), '_',
                            cast(outcomes.change_bin as varchar)
                        )
                    )
            else 'pub_change_associations||sample_size'
        end as cells,
        processes.change as amount_1,
        outcomes.change as amount_2,
        cast(null as double) as amount_3
    from {{ ref('rel_change_associations') }} as associations
    inner join changes as processes
        on
            associations.stratum_id = processes.program_id
            and associations.process_scale_id = processes.scale_id
    inner join changes as outcomes
        on
            associations.outcome_scale_id = outcomes.scale_id
            and processes.episode_id = outcomes.episode_id
    where
        associations.stratum_kind = 'program'
        and associations.interval_name = 'first_to_last'
        and processes.change is not null
        and outcomes.change is not null

),

-- How far an episode came, as fct_attrition has it.
courses as (

    select
        *,
        concat_ws('|', population, coalesce(threshold_set, 'none')) as outcome_row,
        case
            when coalesce(contact_count, 0) < 1 then 1
            when contact_count < {{ var('finished_course_contacts') }} then 2
            when not is_counted then 3
            when not is_paired then 4
            when not coalesce(is_at_caseness, false) then 5
            when not coalesce(is_reliably_improved, false) then 6
            when not coalesce(is_reliably_recovered, false) then 7
            else 8
        end as last_step
    from {{ ref('fct_episode_outcomes') }}

),

outcomes as (

    select
        'courses' as system,
        program_id as unit_id,
        'all' as total_id,
        client_id,
        concat_ws(
            ',',
            {%- for step in [1, 2, 3, 4, 5, 6, 7, 8] %}
            case when last_step >= {{ step }} then 'pub_attrition||step_{{ step }}' end,
            {%- endfor %}
            {%- for step in [2, 3, 4, 5, 6, 7, 8] %}
            case when last_step = {{ step - 1 }} then 'pub_attrition||lost_{{ step }}' end,
            {%- endfor %}
            {%- for cell, condition in [
                ('course', 'true'),
                ('asked', 'coalesce(is_at_caseness, true)'),
                ('at_caseness', 'is_at_caseness'),
                ('recovered', 'is_recovered'),
                ('reliably_recovered', 'is_reliably_recovered'),
                ('improved', "reliable_change_class = 'improved'"),
                ('unchanged', "reliable_change_class = 'unchanged'"),
                ('deteriorated', "reliable_change_class = 'deteriorated'"),
                ('paired', 'is_paired'),
            ] %}
            case
                when is_counted and {{ condition }}
                    then concat('pub_program_outcomes|', outcome_row, '|{{ cell }}')
            end{{ ',' if not loop.last }}
            {%- endfor %}
        ) as cells,
        cast(null as double) as amount_1,
        cast(null as double) as amount_2,
        cast(null as double) as amount_3
    from courses

),

-- Everybody counts once in a band of weeks, and each band stands for itself.
weeks as (

    {{ client_weeks() | indent(4) }}

),

courses_by_week as (

    select
        'weeks' as system,
        concat_ws('|', program_id, scale_id, cast(week_from as varchar)) as unit_id,
        cast(null as varchar) as total_id,
        client_id,
        'pub_course||client_count' as cells,
        score as amount_1,
        cast(null as double) as amount_2,
        cast(null as double) as amount_3
    from weeks

),

-- Those in whom both improved. Of the two bases the one that leaves undecided what the scores
-- cannot tell: both together would give away the few orders in which they differ.
orders as (

    select
        'orders' as system,
        concat_ws('|', program_id, process_scale_id, outcome_scale_id) as unit_id,
        concat_ws('|', 'all', process_scale_id, outcome_scale_id) as total_id,
        client_id,
        concat(
            'pub_change_order|resolved|sample_size,pub_change_order|resolved|',
            case when is_order_resolved then order_class else 'together' end
        ) as cells,
        cast(null as double) as amount_1,
        cast(null as double) as amount_2,
        cast(null as double) as amount_3
    from {{ ref('fct_change_order') }}
    where order_class in ('process_first', 'together', 'outcome_first')

),

gains as (

    select
        'gains' as system,
        concat_ws('|', program_id, scale_id) as unit_id,
        concat_ws('|', 'all', scale_id) as total_id,
        client_id,
        concat_ws(
            ',',
            'pub_sudden_gains||course_count',
            case when sudden_gains_count > 0 then 'pub_sudden_gains||gain_count' end,
            case when sudden_losses_count > 0 then 'pub_sudden_gains||loss_count' end
        ) as cells,
        cast(null as double) as amount_1,
        cast(null as double) as amount_2,
        cast(null as double) as amount_3
    from {{ ref('fct_score_courses') }}
    where threshold_id is not null and judged_steps_count > 0

)

select * from measures
union all
select * from pairs
union all
select * from outcomes
union all
select * from courses_by_week
union all
select * from orders
union all
select * from gains
union all
select * from {{ ref('int_estimate_atoms') }}
