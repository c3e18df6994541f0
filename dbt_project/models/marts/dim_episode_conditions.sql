select
    episode_id,
    condition_id
from {{ ref('stg_raw__episode_conditions') }}
