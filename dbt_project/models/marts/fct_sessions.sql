select
    episode_id,
    session_number,
    held_on,
    stated_day as day,
    attended,
    presence,
    alliance,
    interventions,
    alliance_score
from {{ ref('stg_raw__sessions') }}
