-- One row per group, process scale and outcome scale: how many clients are in each pair of reliable
-- change classes over the whole course, the unknown among them. The known are counted; whoever is
-- in no known class of a side is the remainder, so that the cells add up to the group's clients.
-- Lines that loops write are not laid out by hand.
-- noqa: disable=LT02,LT05
{%- set classes = ['improved', 'unchanged', 'deteriorated'] -%}
{%- set keys = 'strata.stratum, pairs.process_scale_id, pairs.outcome_scale_id' %}

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

pairs as (

    select
        process_scale_id,
        outcome_scale_id
    from {{ ref('int_scale_pairs') }}

),

classes as (

    select
        episode_id,
        scale_id,
        reliable_change_class
    from {{ ref('int_changes') }}
    where interval_name = 'first_to_last'

),

-- Every scale that somebody of the group filled in, whether or not a class is known.
sides as (

    select
        strata.stratum,
        classes.scale_id
        {%- for class in classes %},
        count(*) filter (where classes.reliable_change_class = '{{ class }}')
            as {{ class }}_count
        {%- endfor %}
    from classes
    inner join strata
        on classes.episode_id = strata.episode_id
    group by strata.stratum, classes.scale_id

),

joint as (

    select
        {{ keys }}
        {%- for process in classes %}{% for outcome in classes %},
        count(*) filter (
            where processes.reliable_change_class = '{{ process }}'
            and outcomes.reliable_change_class = '{{ outcome }}'
        ) as {{ process }}_{{ outcome }}_count
        {%- endfor %}{% endfor %}
    from classes as processes
    inner join pairs
        on processes.scale_id = pairs.process_scale_id
    inner join classes as outcomes
        on
            processes.episode_id = outcomes.episode_id
            and pairs.outcome_scale_id = outcomes.scale_id
    inner join strata
        on processes.episode_id = strata.episode_id
    where
        processes.reliable_change_class <> 'unknown'
        and outcomes.reliable_change_class <> 'unknown'
    group by {{ keys }}

),

known as (

    select
        sizes.stratum_kind,
        sizes.stratum_id,
        sizes.client_count,
        pairs.process_scale_id,
        pairs.outcome_scale_id
        {%- for process in classes %}{% for outcome in classes %},
        coalesce(joint.{{ process }}_{{ outcome }}_count, 0) as {{ process }}_{{ outcome }}_count
        {%- endfor %}{% endfor %}
        {%- for class in classes %},
        process_sides.{{ class }}_count as process_{{ class }}_count,
        outcome_sides.{{ class }}_count as outcome_{{ class }}_count
        {%- endfor %}
    from pairs
    inner join sides as process_sides
        on pairs.process_scale_id = process_sides.scale_id
    inner join sides as outcome_sides
        on
            pairs.outcome_scale_id = outcome_sides.scale_id
            and process_sides.stratum = outcome_sides.stratum
    inner join stratum_sizes as sizes
        on process_sides.stratum = sizes.stratum
    left join joint
        on
            process_sides.stratum = joint.stratum
            and pairs.process_scale_id = joint.process_scale_id
            and pairs.outcome_scale_id = joint.outcome_scale_id

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
