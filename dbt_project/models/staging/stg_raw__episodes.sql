-- One row per episode of care that a file stated; an episode no file named takes the name that
-- int_episodes gives to what it derives, so that both meet.
with current_records as (

    {{ current_records('episodes') }}

),

named as (

    select
        {{ recency() }} as recency,
        client_id,
        coalesce(program_id, source) as program_id,
        {{ derived_episode_id('coalesce(program_id, source)', 'client_id') }} as derived_id,
        episode_id as stated_id,
        clinic_id,
        clinician_id,
        condition_id,
        arm,
        cast(referred_on as date) as referred_on,
        cast(started_on as date) as started_on,
        cast(ended_on as date) as ended_on,
        lower(ending) as ending
    from current_records

)

select
    ---------- ids
    coalesce(stated_id, derived_id) as episode_id,
    max_by(client_id, recency) as client_id,
    max_by(program_id, recency) as program_id,
    max_by(clinic_id, recency) as clinic_id,
    max_by(clinician_id, recency) as clinician_id,

    ---------- strings
    max_by(arm, recency) as arm,
    max_by(ending, recency) as ending,

    ---------- dates
    max_by(referred_on, recency) as referred_on,
    max_by(started_on, recency) as started_on,
    max_by(ended_on, recency) as ended_on,

    ---------- booleans
    bool_or(stated_id is not null) as is_stated
from named
group by coalesce(stated_id, derived_id)
