with current_records as (

    {{ current_records('sessions') }}

)

select
    ---------- ids
    episode_id,
    cast(session_number as integer) as session_number,

    ---------- when
    max_by(cast(held_on as date), {{ recency() }}) as held_on,
    max_by(cast(day as double), {{ recency() }}) as stated_day,

    ---------- delivery, as stated
    max_by(attended, {{ recency() }}) as attended,
    max_by(presence, {{ recency() }}) as presence,
    max_by(alliance, {{ recency() }}) as alliance,
    max_by(interventions, {{ recency() }}) as interventions,
    max_by(cast(alliance_score as double), {{ recency() }}) as alliance_score
from current_records
group by episode_id, cast(session_number as integer)
