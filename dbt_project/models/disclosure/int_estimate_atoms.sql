-- The people behind published estimates, in the form of int_atoms: one row per episode and unit,
-- with the published numbers it is behind. An estimate is no count, but how many it rests on is
-- one, and two estimates of nearly the same people tell of the few between them. Only what a
-- dashboard shows of the link: the total of a process and its halves on one side, symptoms on the
-- other.
with scales as (

    select
        scale_id,
        instrument_id,
        role,
        scale_kind,
        is_primary
    from {{ ref('dim_scales') }}

),

pairs as (

    select
        processes.scale_id as process_scale_id,
        processes.is_primary as is_total,
        outcomes.scale_id as outcome_scale_id
    from scales as processes
    cross join scales as outcomes
    where
        processes.role = 'process'
        and (processes.is_primary or processes.scale_kind = 'half')
        and outcomes.role = 'outcome'
        and outcomes.is_primary

),

changes as (

    select
        client_id,
        episode_id,
        program_id,
        scale_id,
        change
    from {{ ref('fct_changes') }}
    where interval_name = 'first_to_last' and change is not null

),

paired as (

    select
        pairs.process_scale_id,
        pairs.is_total,
        pairs.outcome_scale_id,
        processes.client_id,
        processes.episode_id,
        processes.program_id,
        processes.change as process_change,
        outcomes.change as outcome_change
    from pairs
    inner join changes as processes
        on pairs.process_scale_id = processes.scale_id
    inner join changes as outcomes
        on
            pairs.outcome_scale_id = outcomes.scale_id
            and processes.episode_id = outcomes.episode_id

),

-- Two moments are enough for the cross-lagged model, a lag within a person takes three.
lead_lag as (

    select
        'lead_lag' as system,
        episodes.program_id,
        concat_ws('|', comparisons.process_scale_id, comparisons.outcome_scale_id) as block,
        episodes.client_id,
        concat_ws(
            ',',
            'pub_lead_lag||sample_size',
            case when panels.moments_count >= 3 then 'pub_lead_lag||lagged_size' end
        ) as cells,
        panels.concurrent_mean_x as amount_1,
        panels.concurrent_mean_y as amount_2,
        panels.concurrent_x_y as amount_3
    from {{ ref('int_panel_products') }} as panels
    inner join {{ ref('int_scale_pairs') }} as comparisons
        on panels.pair = comparisons.pair
    inner join pairs
        on
            comparisons.process_scale_id = pairs.process_scale_id
            and comparisons.outcome_scale_id = pairs.outcome_scale_id
    inner join {{ ref('int_episodes_numbered') }} as numbered
        on panels.episode_number = numbered.episode_number
    inner join {{ ref('dim_episodes') }} as episodes
        on numbered.episode_id = episodes.episode_id
    where panels.moments_count >= 2

),

parts_of_processes as (

    select
        scale_id,
        instrument_id,
        count(*) over (partition by instrument_id) as parts_count
    from scales
    where role = 'process' and scale_kind = 'subscale' and not is_primary

),

outcomes_of_pairs as (

    select distinct
        episode_id,
        outcome_scale_id,
        outcome_change
    from paired

),

components as (

    select
        'components' as system,
        parts.program_id,
        concat_ws('|', scales.instrument_id, outcomes.outcome_scale_id) as block,
        parts.client_id,
        'pub_components||sample_size' as cells,
        sum(parts.change) as amount_1,
        max(outcomes.outcome_change) as amount_2,
        sum(parts.change * parts.change) as amount_3
    from changes as parts
    inner join parts_of_processes as scales
        on parts.scale_id = scales.scale_id
    inner join outcomes_of_pairs as outcomes
        on parts.episode_id = outcomes.episode_id
    group by
        parts.program_id,
        parts.client_id,
        parts.episode_id,
        scales.instrument_id,
        outcomes.outcome_scale_id
    having count(*) = max(scales.parts_count)

),

-- Who has a middle score of all three, before the last of what follows, is in the ordered window.
mediation as (

    select
        'mediation' as system,
        episodes.program_id,
        concat_ws(
            '|', pairs.process_scale_id, mediators.scale_id, pairs.outcome_scale_id,
            windows.window_name
        ) as block,
        episodes.client_id,
        'pub_mediation||sample_size' as cells,
        processes.final_score - processes.first_score as amount_1,
        mediators.final_score - mediators.first_score as amount_2,
        outcomes.final_score - outcomes.first_score as amount_3
    from pairs
    cross join (values ('first_to_last'), ('middle_then_last')) as windows (window_name)
    inner join {{ ref('int_course_windows') }} as processes
        on pairs.process_scale_id = processes.scale_id
    inner join {{ ref('int_course_windows') }} as outcomes
        on
            pairs.outcome_scale_id = outcomes.scale_id
            and processes.episode_number = outcomes.episode_number
    inner join {{ ref('int_course_windows') }} as mediators
        on processes.episode_number = mediators.episode_number
    inner join scales
        on mediators.scale_id = scales.scale_id and scales.role = 'mechanism' and scales.is_primary
    inner join {{ ref('int_episodes_numbered') }} as numbered
        on processes.episode_number = numbered.episode_number
    inner join {{ ref('dim_episodes') }} as episodes
        on numbered.episode_id = episodes.episode_id
    where
        least(processes.positions_count, mediators.positions_count, outcomes.positions_count) >= 2
        and (
            windows.window_name = 'first_to_last'
            or (
                least(
                    processes.positions_count, mediators.positions_count, outcomes.positions_count
                ) >= 3
                and mediators.middle_position < outcomes.final_position
                and outcomes.middle_position < mediators.final_position
            )
        )

),

covariates as (

    select
        people.episode_id,
        covariates.covariate_kind,
        covariates.covariate_id,
        covariates.covariate_value
    from {{ ref('int_link_covariates') }} as covariates
    inner join {{ ref('int_relation_strata') }} as people
        on
            covariates.episode_number = people.episode_number
            and people.stratum_kind = 'program'

),

delivery as (

    select
        'delivery' as system,
        paired.program_id,
        concat_ws(
            '|', paired.process_scale_id, paired.outcome_scale_id, covariates.covariate_id
        ) as block,
        paired.client_id,
        'pub_delivery||sample_size' as cells,
        paired.process_change as amount_1,
        paired.outcome_change as amount_2,
        covariates.covariate_value as amount_3
    from paired
    inner join covariates
        on paired.episode_id = covariates.episode_id and covariates.covariate_kind = 'delivery'
    where paired.is_total
    union all
    select
        'delivery' as system,
        changes.program_id,
        concat_ws('|', changes.scale_id, changes.scale_id, covariates.covariate_id) as block,
        changes.client_id,
        'pub_delivery||sample_size' as cells,
        changes.change as amount_1,
        cast(null as double) as amount_2,
        covariates.covariate_value as amount_3
    from changes
    inner join parts_of_processes
        on changes.scale_id = parts_of_processes.scale_id
    inner join covariates
        on
            changes.episode_id = covariates.episode_id
            and covariates.covariate_kind = 'practice'
            and covariates.covariate_id in ('minutes_per_week', 'days_per_week')

),

-- Effect sizes: of counted courses with both scores.
effects as (

    select
        'benchmarks' as system,
        outcomes.program_id,
        concat_ws('|', outcomes.population, 'none', ends.scale_id) as block,
        outcomes.client_id,
        'pub_benchmarks||sample_size' as cells,
        ends.first_score as amount_1,
        ends.last_score as amount_2,
        cast(null as double) as amount_3
    from {{ ref('int_course_ends') }} as ends
    inner join scales
        on ends.scale_id = scales.scale_id and scales.is_primary
    inner join {{ ref('fct_episode_outcomes') }} as outcomes
        on ends.episode_id = outcomes.episode_id
    where outcomes.is_counted and ends.last_score is not null

),

-- Rates, which are numbers of those who had the outcome.
rates as (

    select
        'benchmarks' as system,
        program_id,
        concat_ws('|', population, coalesce(threshold_set, 'none'), 'none') as block,
        client_id,
        'pub_benchmarks||sample_size' as cells,
        case reliable_change_class
            when 'improved' then 1.0 when 'deteriorated' then -1.0
        end as amount_1,
        case when is_recovered then 1.0 when not is_recovered then -1.0 end as amount_2,
        case
            when is_reliably_recovered then 1.0 when not is_reliably_recovered then -1.0
        end as amount_3
    from {{ ref('fct_episode_outcomes') }}
    where is_counted

),

in_programs as (

    select * from lead_lag
    union all
    select * from components
    union all
    select * from mediation
    union all
    select * from delivery
    union all
    select * from effects
    union all
    select * from rates

),

-- The groups of an episode, and for each way of splitting the whole that is pooled over.
memberships as (

    select
        episode_id,
        string_agg(
            concat(
                'pub_strata|', stratum_kind, '|', stratum_id, '|sample_size,',
                'pub_strata|', stratum_kind, '|all|sample_size'
            ), ',' order by stratum_kind, stratum_id
        ) as cells
    from {{ ref('int_episode_strata') }}
    where stratum_kind in ('program', 'condition', 'self_compassion_content')
    group by episode_id

),

strata as (

    select
        'strata' as system,
        concat_ws('|', paired.process_scale_id, paired.outcome_scale_id) as unit_id,
        cast(null as varchar) as total_id,
        paired.client_id,
        memberships.cells,
        paired.process_change as amount_1,
        paired.outcome_change as amount_2,
        cast(null as double) as amount_3
    from paired
    inner join memberships
        on paired.episode_id = memberships.episode_id

),

-- Ended courses whose outcome is known, by how many sessions they were; the row over all lengths
-- is there so that no length follows from the others.
courses as (

    select
        *,
        coalesce(threshold_set, 'none') as known_set,
        {{ session_band('contact_count') | indent(8) }} as session_band
    from {{ ref('int_episode_outcomes') }}
    where
        coalesce(has_ended, true)
        and contact_count >= 1
        and is_reliably_improved is not null

),

doses as (

    select
        'doses' as system,
        program_id as unit_id,
        'all' as total_id,
        client_id,
        concat_ws(
            ',',
            {%- for band in ["'all'", 'session_band'] %}
            concat('pub_dose_response|', known_set, '|', {{ band }}, '|sample_size'),
            concat(
                'pub_dose_response|', known_set, '|', {{ band }},
                case when is_reliably_improved then '|numerator_count' else '|remainder_count' end
            ){{ ',' if not loop.last }}
            {%- endfor %}
        ) as cells,
        cast(null as double) as amount_1,
        cast(null as double) as amount_2,
        cast(null as double) as amount_3
    from courses

),

counted_courses as (

    select
        program_id,
        episode_id,
        client_id,
        concat_ws('|', population, coalesce(threshold_set, 'none')) as whole,
        coalesce(cast(year(ended_on) as varchar), 'unknown') as year_ended,
        concat_ws(
            ',',
            {%- for cell, condition in [
                ('course', 'true'),
                ('asked', 'coalesce(is_at_caseness, true)'),
                ('recovered', 'is_recovered'),
                ('reliably_recovered', 'is_reliably_recovered'),
                ('improved', "reliable_change_class = 'improved'"),
                ('deteriorated', "reliable_change_class = 'deteriorated'"),
            ] %}
            case when {{ condition }} then 'pub_comparisons|<unit>|{{ cell }}' end
            {{- ',' if not loop.last }}
            {%- endfor %}
        ) as cells
    from {{ ref('fct_episode_outcomes') }}
    where is_counted

),

-- A program's own rates stand among the rates of programs.
units as (

    select
        'units' as system,
        concat_ws('|', whole, 'program', program_id) as unit_id,
        concat_ws('|', whole, 'program', 'all') as total_id,
        client_id,
        replace(cells, '<unit>', '') as cells,
        cast(null as double) as amount_1,
        cast(null as double) as amount_2,
        cast(null as double) as amount_3
    from counted_courses

),

-- Units of other kinds are made of parts of programs and overlap with each other: each episode is
-- counted in all of its units at once, and in its program, whose counts are known from the rates.
units_of_courses as (

    select
        episode_id,
        case stratum_kind when 'program' then 'in_program' else stratum_kind end as unit_kind,
        stratum_id as unit_id
    from {{ ref('int_episode_strata') }}
    where stratum_kind in ('all', 'program', 'clinic', 'condition')
    union all
    select
        episode_id,
        'period' as unit_kind,
        year_ended as unit_id
    from counted_courses

),

overlapping as (

    select
        'groups' as system,
        courses.whole as unit_id,
        cast(null as varchar) as total_id,
        courses.client_id,
        string_agg(
            replace(courses.cells, '<unit>', concat(units.unit_kind, '|', units.unit_id)), ','
            order by units.unit_kind, units.unit_id
        ) as cells,
        cast(null as double) as amount_1,
        cast(null as double) as amount_2,
        cast(null as double) as amount_3
    from counted_courses as courses
    inner join units_of_courses as units
        on courses.episode_id = units.episode_id
    group by courses.episode_id, courses.whole, courses.client_id

)

select
    system,
    concat_ws('|', program_id, block) as unit_id,
    concat_ws('|', 'all', block) as total_id,
    client_id,
    cells,
    amount_1,
    amount_2,
    amount_3
from in_programs
union all
select * from strata
union all
select * from doses
union all
select * from units
union all
select * from overlapping
