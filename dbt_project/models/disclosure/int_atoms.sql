-- One row per episode (or pair of changes) and unit that published counts are made of: in which
-- published counts it is counted, each named table|row|cell. What an attacker can subtract are
-- differences of these sets, so the sets themselves are kept and not a list of sums.
-- A further pub_ table adds its names to a CTE here, or a CTE.
with changes as (

    select * from {{ ref('fct_changes') }}
    where interval_name = 'first_to_last'

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
        'pub_change_associations||sample_size' as cells,
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

)

select * from measures
union all
select * from pairs
union all
select * from outcomes
union all
select * from {{ ref('int_estimate_atoms') }}
