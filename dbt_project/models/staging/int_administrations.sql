-- One row per administration, placed: in which episode, on which day, in which order.
-- Nothing is invented: what cannot be placed keeps NULL and is counted as an exclusion.
with identified as (

    select * from {{ ref('int_administrations_identified') }}

),

episodes as (

    select * from {{ ref('int_episodes') }}

),

-- Rule: the stated episode; else the client's only one in the program; else, of several, the one
-- that was open on the day of the form, the latest to start when two overlap.
housed as (

    select
        identified.administration_key,
        episodes.episode_id,
        episodes.program_id,
        episodes.started_on,
        count(*) over (partition by identified.administration_key) as candidates_count,
        row_number() over (
            partition by identified.administration_key
            order by
                case
                    when
                        identified.occurred_on
                        >= coalesce(episodes.started_on, episodes.referred_on)
                        and identified.occurred_on
                        <= coalesce(episodes.ended_on, identified.occurred_on)
                        then 0
                    else 1
                end,
                episodes.started_on desc,
                episodes.episode_id asc
        ) as preference,
        coalesce(
            identified.occurred_on >= coalesce(episodes.started_on, episodes.referred_on)
            and identified.occurred_on <= coalesce(episodes.ended_on, identified.occurred_on),
            false
        ) as was_open
    from identified
    inner join episodes
        on
            identified.client_id = episodes.client_id
            and case
                when identified.stated_episode_id is not null
                    then identified.stated_episode_id = episodes.episode_id
                -- A derived episode holds the forms it was derived for and no others.
                when episodes.is_derived
                    then episodes.episode_id = {{ derived_episode_id(
                        'coalesce(identified.stated_program_id, identified.source)',
                        'identified.client_id'
                    ) }}
                else
                    identified.stated_program_id is null
                    or identified.stated_program_id = episodes.program_id
            end

),

chosen as (

    select
        administration_key,
        episode_id,
        program_id,
        started_on
    from housed
    where preference = 1 and (candidates_count = 1 or was_open)

),

labelled as (

    select
        identified.administration_key,
        identified.instrument_id,
        identified.source,
        identified.client_id,
        chosen.episode_id,
        coalesce(chosen.program_id, identified.stated_program_id, identified.source) as program_id,
        chosen.started_on,
        identified.occurred_on,
        identified.stated_day,
        identified.occasion,
        coalesce(identified.stated_timepoint, timepoints.timepoint) as labelled_timepoint,
        coalesce(
            identified.stated_occasion_order,
            timepoints.timepoint_order,
            {{ number_in_label('identified.occasion') }}
        ) as occasion_order,
        {{ session_in_label('identified.occasion') }} as session_number,
        identified.mode,
        identified.repeat_number,
        identified.item_answers_count,
        identified.is_blank
    from identified
    left join chosen
        on identified.administration_key = chosen.administration_key
    left join {{ ref('stg_registry__timepoints') }} as timepoints
        on lower(trim(identified.occasion)) = timepoints.occasion_label

),

first_contacts as (

    select
        episode_id,
        coalesce(min(started_on), min(occurred_on)) as first_contact_on
    from labelled
    where episode_id is not null
    group by episode_id

),

dated as (

    select
        labelled.*,
        coalesce(
            labelled.stated_day,
            cast(
                {{ datediff('first_contacts.first_contact_on', 'labelled.occurred_on', 'day') }}
                as double
            )
        ) as day
    from labelled
    left join first_contacts
        on labelled.episode_id = first_contacts.episode_id

),

-- One clock per episode: days when every form has one, else the order of its occasions.
clocked as (

    select
        *,
        case
            when bool_and(day is not null) over (partition by episode_id) then day
            else occasion_order
        end as time_position,
        bool_and(day is not null) over (partition by episode_id) as is_ordered_by_day,
        case
            when occasion is not null or day is not null
                then count(*) over (
                        partition by
                            client_id,
                            episode_id,
                            instrument_id,
                            coalesce('occasion ' || occasion, cast(day as varchar))
                    )
            else 1
        end as same_label_count
    from dated
    where not is_blank

)

select
    ---------- ids
    administration_key,
    cast(administration_key as varchar) as administration_id,
    client_id,
    episode_id,
    program_id,
    instrument_id,
    source,

    ---------- when
    occurred_on,
    day,
    occasion,
    occasion_order,
    time_position,
    is_ordered_by_day,
    coalesce(
        labelled_timepoint,
        case
            when
                episode_id is not null
                and time_position = min(time_position) over (partition by episode_id)
                then 'baseline'
            when session_number is not null
                then concat('session ', cast(session_number as varchar))
        end
    ) as timepoint,

    ---------- how
    mode,
    repeat_number,
    item_answers_count,

    ---------- reasons to leave it out, one flag each
    same_label_count > 1 as is_conflict,
    episode_id is null as is_unplaced,
    time_position is null as is_unordered
from clocked
