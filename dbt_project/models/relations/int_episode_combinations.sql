-- One row per episode by which somebody counts in a group: which groups those are, as one number
-- over the whole course and one over every other interval, where fewer are looked at.
-- Episodes of the same groups share it: what is added up over combinations first is added up over a
-- few hundred rows a second time, instead of over every row once for each group.
with flagged as (

    select
        episode_number,
        episode_id,
        {{ group_flags('stratum', 'whole', 'true') }},
        {{ group_flags('stratum', 'every', 'not is_whole_course_only') }}
    from {{ ref('int_relation_strata') }}
    group by episode_number, episode_id

)

-- Odd and even: a number says which of the two it is.
select
    episode_number,
    episode_id,
    cast(2 * dense_rank() over (order by {{ group_flag_names('whole') }}) - 1 as integer)
        as whole_course_combination,
    cast(2 * dense_rank() over (order by {{ group_flag_names('every') }}) as integer)
        as interval_combination
from flagged
