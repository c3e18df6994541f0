-- One row per episode and kind of alert that needs no expected trajectory, where it could be
-- judged: reliable deterioration since the first score, a drop of the alliance, a client not seen.
with clocks as (

    select
        episodes.episode_id,
        episodes.program_id,
        outcomes.has_ended,
        min(episodes.ended_on) as ended_on,
        -- Where `day` counts from, and whether every form of the episode has one.
        coalesce(min(episodes.started_on), min(forms.occurred_on)) as first_contact_on,
        coalesce(bool_and(forms.is_ordered_by_day), true) as is_ordered_by_day
    from {{ ref('int_episodes') }} as episodes
    inner join {{ ref('int_episode_outcomes') }} as outcomes
        on episodes.episode_id = outcomes.episode_id
    left join {{ ref('int_administrations') }} as forms
        on episodes.episode_id = forms.episode_id
    group by episodes.episode_id, episodes.program_id, outcomes.has_ended

),

sessions as (

    select
        clocks.episode_id,
        clocks.program_id,
        clocks.is_ordered_by_day,
        sessions.session_number,
        sessions.held_on,
        sessions.alliance_score,
        coalesce(
            sessions.stated_day,
            cast({{ datediff('clocks.first_contact_on', 'sessions.held_on', 'day') }} as double)
        ) as day
    from {{ ref('stg_raw__sessions') }} as sessions
    inner join clocks
        on sessions.episode_id = clocks.episode_id
    where
        {{ is_attended('sessions.attended') }}
        and coalesce(sessions.held_on <= clocks.ended_on, true)

),

---------- deterioration
deterioration as (

    select
        scores.*,
        criteria.reliable_change_points,
        case when scores.is_higher_better then -1 else 1 end as worse_sign,
        (scores.score - scores.intake_score) / criteria.standard_error_of_difference
            as reliable_change_index
    from {{ ref('int_tracked_scores') }} as scores
    left join {{ ref('int_change_criteria') }} as criteria
        on scores.scale_id = criteria.scale_id
    where scores.is_later

),

---------- the alliance: forms of it, and the number of a session on a scale that nobody named
alliance_scores as (

    select
        sequences.episode_id,
        sequences.program_id,
        sequences.scale_id,
        sequences.time_position,
        sequences.administration_key as tie,
        sequences.day,
        sequences.occurred_on,
        case when scales.is_higher_better then 1 else -1 end as direction,
        sequences.score
    from {{ ref('int_score_sequences') }} as sequences
    inner join {{ ref('int_episodes') }} as episodes
        on sequences.episode_id = episodes.episode_id
    inner join {{ ref('stg_registry__scales') }} as scales
        on sequences.scale_id = scales.scale_id
    inner join {{ ref('stg_registry__instruments') }} as instruments
        on sequences.instrument_id = instruments.instrument_id
    where
        scales.is_primary
        and instruments.role = 'alliance'
        and {{ is_of_course('sequences', 'episodes') }}
    union all
    select
        episode_id,
        program_id,
        cast(null as varchar) as scale_id,
        day as time_position,
        cast(session_number as bigint) as tie,
        day,
        held_on as occurred_on,
        1 as direction,
        alliance_score as score
    from sessions
    where is_ordered_by_day and day is not null and alliance_score is not null

),

-- How much the alliance varies within an episode, as a control chart of it would ask.
alliance_spreads as (

    select
        program_id,
        scale_id,
        sqrt(sum(squares) / sum(freedom)) as within_sd
    from (
        select
            program_id,
            scale_id,
            count(*) - 1 as freedom,
            var_samp(score) * (count(*) - 1) as squares
        from alliance_scores
        group by program_id, scale_id, episode_id
        having count(*) > 1
    ) as courses
    group by program_id, scale_id
    having count(*) >= {{ var('minimum_baseline_count') }}

),

alliance as (

    select
        scores.*,
        cutoffs.operator as cutoff_operator,
        cutoffs.value as cutoff,
        drops.operator as drop_operator,
        drops.value as drop_value,
        {{ var('alliance_drop_sd') }} * round(spreads.within_sd, 10) as usual_drop,
        lag(scores.score) over earlier as previous_score,
        avg(scores.score) over (
            partition by scores.episode_id, scores.scale_id
            order by scores.time_position, scores.tie
            rows between unbounded preceding and 1 preceding
        ) as earlier_mean,
        row_number() over earlier - 1 as earlier_count
    from alliance_scores as scores
    left join alliance_spreads as spreads
        on
            scores.program_id = spreads.program_id
            and coalesce(scores.scale_id, '') = coalesce(spreads.scale_id, '')
    left join {{ ref('stg_registry__thresholds') }} as cutoffs
        on
            scores.scale_id = cutoffs.scale_id
            and cutoffs.is_default
            and cutoffs.threshold_kind = 'caseness'
            and {{ is_valid_on('scores.occurred_on', 'cutoffs') }}
    left join {{ ref('stg_registry__thresholds') }} as drops
        on
            scores.scale_id = drops.scale_id
            and drops.is_default
            and drops.threshold_kind = 'drop'
            and {{ is_valid_on('scores.occurred_on', 'drops') }}
    window earlier as (
        partition by scores.episode_id, scores.scale_id
        order by scores.time_position, scores.tie
    )

),

-- A published rule of the scale judges where there is one, else the client's own earlier scores.
alliance_judged as (

    select
        *,
        cutoff is not null or drop_value is not null as has_rule,
        coalesce({{ is_on_side('score', 'cutoff_operator', 'cutoff') }}, false) as is_below,
        {{ is_on_side('direction * (previous_score - score)', 'drop_operator', 'drop_value') }}
            as has_dropped,
        case
            when earlier_count >= {{ var('alliance_minimum_scores') }}
                then direction * (earlier_mean - score) > usual_drop
        end as is_unusual
    from alliance

),

---------- not seen
contacts as (

    select distinct
        seen.episode_id,
        seen.seen_on
    from (
        select
            episode_id,
            occurred_on as seen_on
        from {{ ref('int_administrations') }}
        union all
        select
            episode_id,
            held_on as seen_on
        from sessions
        union all
        select
            episode_id,
            started_on as seen_on
        from {{ ref('int_episodes') }}
    ) as seen
    where seen.episode_id is not null and seen.seen_on is not null

),

gaps as (

    select
        contacts.episode_id,
        contacts.seen_on,
        clocks.is_ordered_by_day,
        clocks.first_contact_on,
        -- The last gap of an open episode lasts until today, as the data know it.
        coalesce(
            lead(contacts.seen_on) over (
                partition by contacts.episode_id
                order by contacts.seen_on
            ),
            case when clocks.has_ended then clocks.ended_on else {{ as_of_date() }} end
        ) as until_on
    from contacts
    inner join clocks
        on contacts.episode_id = clocks.episode_id
    where
        clocks.has_ended is not null
        and contacts.seen_on
        <= case when clocks.has_ended then coalesce(clocks.ended_on, contacts.seen_on)
            else {{ as_of_date() }}
        end

),

absences as (

    select
        *,
        {{ datediff('seen_on', 'until_on', 'day') }} as days_without_contact,
        -- When it was raised, or, where it was not, when the gap closed.
        least(
            until_on,
            cast({{ dateadd('day', var('not_seen_days') ~ ' + 1', 'seen_on') }} as date)
        ) as judged_on
    from gaps
    where until_on is not null

),

signals as (

    select
        episode_id,
        'deterioration' as alert_kind,
        time_position,
        day,
        occurred_on,
        scale_id,
        score as observed_value,
        intake_score + worse_sign * reliable_change_points as limit_value,
        worse_sign * reliable_change_index > {{ var('reliable_change_z') }} as is_met,
        case when reliable_change_index is null then 'no_rule' end as unknown_reason
    from deterioration
    union all
    select
        episode_id,
        'alliance_drop' as alert_kind,
        time_position,
        day,
        occurred_on,
        scale_id,
        score as observed_value,
        case
            when not has_rule then round(earlier_mean - direction * usual_drop, 10)
            when is_below then cutoff
            else previous_score - direction * drop_value
        end as limit_value,
        case
            when not has_rule then is_unusual
            when is_below then true
            -- Without a score before there is no drop to speak of, but a cut-off has spoken.
            else coalesce(has_dropped, case when cutoff is not null then false end)
        end as is_met,
        'too_few_scores' as unknown_reason
    from alliance_judged
    union all
    select
        episode_id,
        'not_seen' as alert_kind,
        case
            when is_ordered_by_day
                then cast({{ datediff('first_contact_on', 'judged_on', 'day') }} as double)
        end as time_position,
        cast({{ datediff('first_contact_on', 'judged_on', 'day') }} as double) as day,
        judged_on as occurred_on,
        cast(null as varchar) as scale_id,
        cast(days_without_contact as double) as observed_value,
        cast({{ var('not_seen_days') }} as double) as limit_value,
        days_without_contact > {{ var('not_seen_days') }} as is_met,
        cast(null as varchar) as unknown_reason
    from absences

)

{{ alerts_from('signals') }}
