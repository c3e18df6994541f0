-- One row per episode and kind of alert: raised, not raised, or unknown because nothing could be
-- judged. `signals` holds every moment at which a kind could be judged; an alert is raised at the
-- first at which it was met. No moment looks ahead: it rests on what was known that day.
with episodes as (

    select
        outcomes.client_id,
        outcomes.episode_id,
        outcomes.program_id,
        outcomes.has_ended,
        kinds.alert_kind
    from {{ ref('int_episode_outcomes') }} as outcomes
    cross join (
        values
        ('off_track'), ('deterioration'), ('mechanism'), ('alliance_drop'), ('not_seen')
    ) as kinds (alert_kind)

),

tracking as (

    select
        tracking.*,
        case when scales.is_higher_better then tracking.band_low else tracking.band_high end
            as worse_limit
    from {{ ref('fct_session_tracking') }} as tracking
    inner join {{ ref('stg_registry__scales') }} as scales
        on tracking.scale_id = scales.scale_id

),

-- Whether self-compassion, or another process, had risen reliably by each of its later scores.
process_scores as (

    select
        sequences.episode_id,
        sequences.time_position,
        sequences.position,
        case when scales.is_higher_better then 1 else -1 end
        * (sequences.score - first_value(sequences.score) over (
            partition by sequences.episode_id, sequences.scale_id
            order by sequences.position
        )) / criteria.standard_error_of_difference > {{ var('reliable_change_z') }} as has_risen
    from {{ ref('int_score_sequences') }} as sequences
    inner join {{ ref('stg_registry__scales') }} as scales
        on sequences.scale_id = scales.scale_id
    inner join {{ ref('stg_registry__instruments') }} as instruments
        on sequences.instrument_id = instruments.instrument_id
    left join {{ ref('int_change_criteria') }} as criteria
        on sequences.scale_id = criteria.scale_id
    where scales.is_primary and instruments.role = 'process'

),

-- Scores on symptoms about week four, each with whether a process had risen by then; NULL where
-- none had been asked again.
mechanism as (

    select
        tracking.episode_id,
        tracking.scale_id,
        tracking.administration_id,
        min(tracking.time_position) as time_position,
        min(tracking.day) as day,
        min(tracking.occurred_on) as occurred_on,
        min(tracking.score) as score,
        min(tracking.worse_limit) as worse_limit,
        min(tracking.tracking_state) as tracking_state,
        bool_or(processes.has_risen) as has_risen
    from tracking
    left join process_scores as processes
        on
            tracking.episode_id = processes.episode_id
            and tracking.time_position >= processes.time_position
            and processes.position > 1
    where
        tracking.is_ordered_by_day
        and tracking.tracking_state <> 'unknown'
        and tracking.day
        between {{ var('mechanism_day') }} - {{ var('mechanism_tolerance_days') }}
        and {{ var('mechanism_day') }} + {{ var('mechanism_tolerance_days') }}
    group by tracking.episode_id, tracking.scale_id, tracking.administration_id

),

signals as (

    select
        episode_id,
        'off_track' as alert_kind,
        time_position,
        day,
        occurred_on,
        scale_id,
        score as observed_value,
        worse_limit as limit_value,
        case when tracking_state <> 'unknown' then tracking_state = 'off_track' end as is_met,
        unknown_reason
    from tracking
    where coalesce(unknown_reason, '') <> 'first_score'
    union all
    select
        episode_id,
        'mechanism' as alert_kind,
        time_position,
        day,
        occurred_on,
        scale_id,
        score as observed_value,
        worse_limit as limit_value,
        case when tracking_state = 'off_track' then not has_risen else false end as is_met,
        case
            when tracking_state = 'off_track' and has_risen is null then 'no_process_score'
        end as unknown_reason
    from mechanism

),

alerts as (

    {{ alerts_from('signals') }}
    union all
    select * from {{ ref('int_alerts') }}

),

-- The moments of the course at which symptoms were asked; the last decides the outcome.
moments as (

    select
        episode_id,
        time_position,
        min(case when is_ordered_by_day then day end) as day
    from {{ ref('int_tracked_scores') }}
    group by episode_id, time_position

),

leads as (

    select
        alerts.episode_id,
        alerts.alert_kind,
        alerts.time_position < max(moments.time_position) as is_in_time,
        max(moments.day) - min(alerts.day) as lead_days,
        count(*) filter (where moments.time_position > alerts.time_position) as lead_occasions
    from alerts
    inner join moments
        on alerts.episode_id = moments.episode_id
    where alerts.is_raised
    group by alerts.episode_id, alerts.alert_kind, alerts.time_position

)

select
    ---------- which
    episodes.client_id,
    episodes.episode_id,
    episodes.program_id,
    episodes.alert_kind,

    ---------- the alert
    case
        when alerts.is_raised then 'raised'
        when not alerts.is_raised then 'not_raised'
        else 'unknown'
    end as alert_status,
    case
        when alerts.is_raised is not null then null
        when alerts.unknown_reason is not null then alerts.unknown_reason
        when episodes.alert_kind = 'mechanism' then 'no_score_about_week_four'
        when episodes.alert_kind = 'alliance_drop' then 'no_alliance_score'
        when episodes.alert_kind <> 'not_seen' then 'no_second_score'
        when episodes.has_ended is null then 'no_endings'
        else 'no_dates'
    end as unknown_reason,
    alerts.occurred_on as raised_on,
    alerts.day as raised_day,
    case when alerts.is_raised then alerts.is_standing end as is_standing,

    ---------- what it rests on
    alerts.scale_id,
    alerts.observed_value,
    alerts.limit_value,

    ---------- how early it was
    coalesce(episodes.has_ended, true) as is_over,
    leads.is_in_time,
    case when leads.is_in_time then leads.lead_days end as lead_days,
    case when leads.is_in_time then leads.lead_occasions end as lead_occasions
from episodes
left join alerts
    on
        episodes.episode_id = alerts.episode_id
        and episodes.alert_kind = alerts.alert_kind
left join leads
    on
        alerts.episode_id = leads.episode_id
        and alerts.alert_kind = leads.alert_kind
