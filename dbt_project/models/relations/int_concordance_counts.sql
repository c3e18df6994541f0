-- One row per group, process scale and outcome scale: how many clients are in each pair of reliable
-- change classes over the whole course, the unknown among them. The known are counted; whoever is
-- in no known class of a side is the remainder, so that the cells add up to the group's clients.
-- Lines that loops write are not laid out by hand.
-- noqa: disable=LT02,LT05
{%- set classes = ['improved', 'unchanged', 'deteriorated'] %}
with strata as (

    select * from {{ ref('int_relation_strata') }}

),

stratum_sizes as (

    select
        stratum,
        stratum_kind,
        stratum_id,
        count(*) as client_count
    from strata
    group by stratum, stratum_kind, stratum_id

),

scales as (

    select
        scale_id,
        cast(row_number() over (order by scale_id) as integer) as scale
    from (
        select process_scale_id as scale_id from {{ ref('int_scale_pairs') }}
        union
        select outcome_scale_id as scale_id from {{ ref('int_scale_pairs') }}
    ) as paired

),

pairs as (

    select
        pairs.process_scale_id,
        pairs.outcome_scale_id,
        pairs.pair,
        processes.scale as process_scale,
        outcomes.scale as outcome_scale
    from {{ ref('int_scale_pairs') }} as pairs
    inner join scales as processes
        on pairs.process_scale_id = processes.scale_id
    inner join scales as outcomes
        on pairs.outcome_scale_id = outcomes.scale_id

),

-- Numbered, the unknown class 0: millions of rows are grouped by numbers.
classes as (

    select
        numbered.episode_number,
        scales.scale,
        case changes.reliable_change_class
            {%- for class in classes %}
            when '{{ class }}' then {{ loop.index }}
            {%- endfor %}
            else 0
        end as class
    from {{ ref('int_changes') }} as changes
    inner join scales
        on changes.scale_id = scales.scale_id
    inner join {{ ref('int_episodes_numbered') }} as numbered
        on changes.episode_id = numbered.episode_id
    where changes.interval_name = 'first_to_last'

),

-- Every scale that somebody of the group filled in, whether or not a class is known.
sides as (

    select
        strata.stratum,
        classes.scale
        {%- for class in classes %},
        count(*) filter (where classes.class = {{ loop.index }}) as {{ class }}_count
        {%- endfor %}
    from classes
    inner join strata
        on classes.episode_number = strata.episode_number
    group by strata.stratum, classes.scale

),

joint_classes as (

    select
        strata.stratum,
        pairs.pair,
        processes.class as process_class,
        outcomes.class as outcome_class,
        count(*) as client_count
    from classes as processes
    inner join pairs
        on processes.scale = pairs.process_scale
    inner join classes as outcomes
        on
            processes.episode_number = outcomes.episode_number
            and pairs.outcome_scale = outcomes.scale
    inner join strata
        on processes.episode_number = strata.episode_number
    where processes.class > 0 and outcomes.class > 0
    group by strata.stratum, pairs.pair, processes.class, outcomes.class

),

joint as (

    select
        stratum,
        pair
        {%- for process in classes %}{% set process_class = loop.index %}
        {%- for outcome in classes %},
        sum(client_count) filter (
            where process_class = {{ process_class }} and outcome_class = {{ loop.index }}
        ) as {{ process }}_{{ outcome }}_count
        {%- endfor %}{% endfor %}
    from joint_classes
    group by stratum, pair

),

known as (

    select
        sizes.stratum_kind,
        sizes.stratum_id,
        sizes.client_count,
        pairs.process_scale_id,
        pairs.outcome_scale_id
        {%- for process in classes %}{% for outcome in classes %},
        cast(coalesce(joint.{{ process }}_{{ outcome }}_count, 0) as bigint)
            as {{ process }}_{{ outcome }}_count
        {%- endfor %}{% endfor %}
        {%- for class in classes %},
        process_sides.{{ class }}_count as process_{{ class }}_count,
        outcome_sides.{{ class }}_count as outcome_{{ class }}_count
        {%- endfor %}
    from pairs
    inner join sides as process_sides
        on pairs.process_scale = process_sides.scale
    inner join sides as outcome_sides
        on
            pairs.outcome_scale = outcome_sides.scale
            and process_sides.stratum = outcome_sides.stratum
    inner join stratum_sizes as sizes
        on process_sides.stratum = sizes.stratum
    left join joint
        on
            process_sides.stratum = joint.stratum
            and pairs.pair = joint.pair

),

half_known as (

    select
        *
        {%- for class in classes %},
        process_{{ class }}_count
        {%- for other in classes %} - {{ class }}_{{ other }}_count{% endfor %}
            as {{ class }}_unknown_count,
        outcome_{{ class }}_count
        {%- for other in classes %} - {{ other }}_{{ class }}_count{% endfor %}
            as unknown_{{ class }}_count
        {%- endfor %}
    from known

)

select
    stratum_kind,
    stratum_id,
    process_scale_id,
    outcome_scale_id,
    'first_to_last' as interval_name
    {%- for process in classes + ['unknown'] %}{% for outcome in classes + ['unknown'] %}
    {%- if process != 'unknown' or outcome != 'unknown' %},
    {{ process }}_{{ outcome }}_count
    {%- endif %}{% endfor %}{% endfor %},
    client_count
    {%- for process in classes %} - process_{{ process }}_count{% endfor %}
    {%- for outcome in classes %} - unknown_{{ outcome }}_count{% endfor %}
        as unknown_unknown_count
from half_known
