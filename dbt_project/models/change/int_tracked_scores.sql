-- One row per episode, primary outcome scale and score of the course: how long after the first
-- score it was taken, and whether the clinic's expected trajectory is learned from it. Time is days
-- where every score of the scale in the program has one, else the place in the sequence.
-- An episode is never judged by a trajectory that it or another episode of its client taught: each
-- client belongs to one of eight parts, by a hash of the pseudonym, and is judged by the others.
with course_scores as (

    select
        sequences.*,
        scales.is_higher_better,
        outcomes.has_ended
    from {{ ref('int_score_sequences') }} as sequences
    inner join {{ ref('int_episodes') }} as episodes
        on sequences.episode_id = episodes.episode_id
    inner join {{ ref('stg_registry__scales') }} as scales
        on sequences.scale_id = scales.scale_id
    inner join {{ ref('stg_registry__instruments') }} as instruments
        on sequences.instrument_id = instruments.instrument_id
    inner join {{ ref('int_episode_outcomes') }} as outcomes
        on sequences.episode_id = outcomes.episode_id
    where
        scales.is_primary
        and instruments.role = 'outcome'
        and {{ is_of_course('sequences', 'episodes') }}

),

-- Grouped and joined: a window over a whole program would have to sort it.
clocks as (

    select
        program_id,
        scale_id,
        bool_and(is_ordered_by_day) as is_timed_by_day
    from course_scores
    group by program_id, scale_id

),

placed as (

    select
        course_scores.*,
        clocks.is_timed_by_day,
        row_number() over course as course_position,
        -- Positions follow time, so the first in place is the first in time.
        first_value(course_scores.time_position) over course as course_start,
        first_value(course_scores.score) over course as intake_score
    from course_scores
    inner join clocks
        on
            course_scores.program_id = clocks.program_id
            and course_scores.scale_id = clocks.scale_id
    window course as (
        partition by course_scores.episode_id, course_scores.scale_id
        order by course_scores.position
    )

),

timed as (

    select
        *,
        case
            when is_timed_by_day then time_position - course_start
            else course_position - 1
        end as elapsed,
        time_position > course_start as is_later
    from placed

)

select
    ---------- which
    client_id,
    episode_id,
    program_id,
    scale_id,
    administration_key,
    instr('0123456789abcdef', substr(md5(client_id), 1, 1)) % 8 as client_part,

    ---------- when
    occurred_on,
    day,
    time_position,
    is_ordered_by_day,
    course_position,
    is_timed_by_day,
    elapsed,
    ln(1 + elapsed) as log_time,
    is_later,

    ---------- the score
    intake_score,
    score,
    is_higher_better,

    ---------- what it is good for: only courses that are over teach what to expect
    is_later and coalesce(has_ended, true) as is_reference
from timed
