with current_records as (

    {{ current_records('sessions') }}

)

select
    ---------- ids
    episode_id,
    cast(session_number as integer) as session_number,

    ---------- when
    max_by(cast(held_on as date), load_sequence) as held_on,
    max_by(cast(day as double), load_sequence) as stated_day,

    ---------- delivery, as stated
    max_by(attended, load_sequence) as attended,
    max_by(presence, load_sequence) as presence,
    max_by(alliance, load_sequence) as alliance,
    max_by(interventions, load_sequence) as interventions,
    max_by(cast(alliance_score as double), load_sequence) as alliance_score
from current_records
group by episode_id, cast(session_number as integer)
