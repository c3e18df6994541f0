{#- Whether a session counts as a contact: it does unless the clinic says that it was not attended. -#}
{% macro is_attended(attended) -%}
coalesce(lower(trim({{ attended }})), '') not in (
    'false', 'f', 'no', 'n', '0', 'absent', 'missed', 'cancelled', 'canceled', 'did not attend', 'dna'
)
{%- endmacro %}

{#- Whether a score is of the course: not at follow-up, and not after the end of the episode. -#}
{% macro is_of_course(scores, episodes) -%}
coalesce({{ scores }}.timepoint, '') <> 'follow_up'
and coalesce(
    {{ scores }}.occurred_on <= {{ episodes }}.ended_on,
    {{ scores }}.day <= {{ datediff(episodes ~ '.started_on', episodes ~ '.ended_on', 'day') }},
    true
)
{%- endmacro %}

{#- How an episode that has ended came to its end, as far as the clinic tells. -#}
{% macro ending_kind(ending) -%}
case when {{ ending }} in ('planned', 'unplanned') then {{ ending }} else 'unknown' end
{%- endmacro %}

{#-
  One row per episode with conditions: all of them in one word, in the order of the alphabet, so that
  a model can hold them constant. Up to three are named; whoever has more differs by those.
-#}
{% macro condition_sets() -%}
select
    episode_id,
    concat_ws(
        '+',
        max(case when place = 1 then condition_id end),
        max(case when place = 2 then condition_id end),
        max(case when place = 3 then condition_id end)
    ) as condition_set
from (
    select
        episode_id,
        condition_id,
        row_number() over (partition by episode_id order by condition_id) as place
    from {{ ref('stg_raw__episode_conditions') }}
) as numbered
group by episode_id
{%- endmacro %}

{#- How many courses ended how, in every class, so that each denominator is the sum of its classes. -#}
{% macro course_counts() -%}
count(*) as course_count,
    count(*) filter (where is_paired) as paired_count,
    count(*) filter (where is_at_caseness) as at_caseness_count,
    count(*) filter (where not is_at_caseness) as not_at_caseness_count,
    count(*) filter (where is_recovered) as recovered_count,
    count(*) filter (where not is_recovered) as not_recovered_count,
    count(*) filter (where is_reliably_recovered) as reliably_recovered_count,
    count(*) filter (where not is_reliably_recovered) as not_reliably_recovered_count,
    count(*) filter (where reliable_change_class = 'improved') as improved_count,
    count(*) filter (where reliable_change_class = 'unchanged') as unchanged_count,
    count(*) filter (where reliable_change_class = 'deteriorated') as deteriorated_count
{%- endmacro %}

{#-
  Every group that each of `episodes` is counted in, a CTE with episode_id, client_id, clinician_id
  and arm. An unknown is a group of its own and every value a clinic states is one, so no split can
  lose a category. An attribute with more than fifty values is no band and is left out whole, and so
  is one that has the name of another kind of group. The program is a dimension beside the groups.
-#}
{% macro every_stratum(episodes) -%}
select
    {{ episodes }}.episode_id,
    strata.stratum_kind,
    strata.stratum_id
from {{ episodes }}
inner join {{ ref('int_episode_strata') }} as strata
    on {{ episodes }}.episode_id = strata.episode_id
where strata.stratum_kind <> 'program'
union all
select
    episode_id,
    'clinician' as stratum_kind,
    coalesce(clinician_id, 'unknown') as stratum_id
from {{ episodes }}
union all
select
    episode_id,
    'arm' as stratum_kind,
    coalesce(arm, 'unknown') as stratum_id
from {{ episodes }}
union all
select
    {{ episodes }}.episode_id,
    attributes.attribute as stratum_kind,
    coalesce(stated.attribute_value, 'unknown') as stratum_id
from {{ episodes }}
cross join (
    select attribute
    from {{ ref('stg_raw__clients') }}
    where
        attribute not in (
            'all', 'program', 'clinic', 'clinician', 'condition', 'arm', 'self_compassion_content'
        )
    group by attribute
    having count(distinct attribute_value) <= 50
) as attributes
left join {{ ref('stg_raw__clients') }} as stated
    on
        {{ episodes }}.client_id = stated.client_id
        and attributes.attribute = stated.attribute
{%- endmacro %}
