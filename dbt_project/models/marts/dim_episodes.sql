select
    episode_id,
    client_id,
    program_id,
    clinic_id,
    clinician_id,
    arm,
    referred_on,
    started_on,
    ended_on,
    ending,
    is_derived
from {{ ref('int_episodes') }}
