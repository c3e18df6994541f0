-- The groups an episode is counted in: one row per episode and stratum. An unknown is a group
-- of its own, so that no episode falls out of a split.
with episodes as (

    select * from {{ ref('int_episodes') }}

)

select
    episode_id,
    'all' as stratum_kind,
    'all' as stratum_id
from episodes
union all
select
    episode_id,
    'program' as stratum_kind,
    program_id as stratum_id
from episodes
union all
select
    episode_id,
    'clinic' as stratum_kind,
    coalesce(clinic_id, 'unknown') as stratum_id
from episodes
union all
select
    episodes.episode_id,
    'condition' as stratum_kind,
    coalesce(conditions.condition_id, 'unknown') as stratum_id
from episodes
left join {{ ref('stg_raw__episode_conditions') }} as conditions
    on episodes.episode_id = conditions.episode_id
union all
select
    episodes.episode_id,
    'self_compassion_content' as stratum_kind,
    coalesce(programs.self_compassion_content, 'unknown') as stratum_id
from episodes
left join {{ ref('stg_registry__programs') }} as programs
    on episodes.program_id = programs.program_id
