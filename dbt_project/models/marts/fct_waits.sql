-- How long people wait: for the first contact, for the second, and in an episode nobody closes.
-- From dated records only; whoever cannot be judged is counted as missing. Whoever is still waiting
-- is judged as soon as the limit has passed, or long waits would be left out until they end.
with contacts as (

    select
        episode_id,
        min(held_on) as first_on,
        max(held_on) as last_on
    from {{ ref('stg_raw__sessions') }}
    where held_on is not null and {{ is_attended('attended') }}
    group by episode_id

),

seconds as (

    select
        sessions.episode_id,
        min(sessions.held_on) as second_on
    from {{ ref('stg_raw__sessions') }} as sessions
    inner join contacts
        on sessions.episode_id = contacts.episode_id
    where sessions.held_on > contacts.first_on and {{ is_attended('sessions.attended') }}
    group by sessions.episode_id

),

episodes as (

    select
        episodes.episode_id,
        episodes.client_id,
        episodes.program_id,
        episodes.clinician_id,
        episodes.arm,
        episodes.referred_on,
        -- The start of an episode is its first contact where a program dates no session.
        case
            when bool_or(contacts.episode_id is not null) over (partition by episodes.program_id)
                then contacts.first_on
            else episodes.started_on
        end as first_on,
        seconds.second_on,
        coalesce(contacts.last_on, episodes.started_on, episodes.referred_on) as last_on,
        outcomes.has_ended,
        {{ as_of_date() }} as as_of
    from {{ ref('int_episodes') }} as episodes
    inner join {{ ref('int_episode_outcomes') }} as outcomes
        on episodes.episode_id = outcomes.episode_id
    left join contacts
        on episodes.episode_id = contacts.episode_id
    left join seconds
        on episodes.episode_id = seconds.episode_id
    where not episodes.is_derived

),

measured as (

    select
        *,
        {{ datediff('referred_on', 'first_on', 'day') }} as days_to_first,
        case when first_on is null then {{ datediff('referred_on', 'as_of', 'day') }} end
            as days_waiting,
        {{ datediff('first_on', 'second_on', 'day') }} as days_to_second,
        case when second_on is null then {{ datediff('first_on', 'as_of', 'day') }} end
            as days_since_first,
        {{ datediff('last_on', 'as_of', 'day') }} as days_since_last,
        coalesce(has_ended, true) as is_closed
    from episodes

),

metrics as (

    select
        named.metric_id,
        named.limit_days
    from (
        values
        ('first_contact_within_42_days', 42),
        ('first_contact_within_126_days', 126),
        ('second_contact_after_28_days', 28),
        ('open_over_90_days_without_contact', 90)
    ) as named (metric_id, limit_days)

),

-- `is_asked`: in the denominator if it can be judged. Whoever left without a first contact, or
-- after one, waits for nothing: fct_attrition counts them. A contact before the referral is a slip.
judged as (

    select
        measured.episode_id,
        measured.program_id,
        measured.as_of,
        metrics.metric_id,
        metrics.limit_days,
        case metrics.metric_id
            when 'second_contact_after_28_days'
                then
                    measured.second_on is not null
                    or (measured.first_on is not null and not measured.is_closed)
            when 'open_over_90_days_without_contact' then not measured.is_closed
            else measured.first_on is not null or not measured.is_closed
        end as is_asked,
        case metrics.metric_id
            when 'second_contact_after_28_days' then measured.days_to_second
            when 'open_over_90_days_without_contact' then measured.days_since_last
            else measured.days_to_first
        end as days,
        case metrics.metric_id
            when 'second_contact_after_28_days'
                then
                    case
                        when measured.days_to_second is not null
                            then measured.days_to_second > metrics.limit_days
                        when measured.days_since_first > metrics.limit_days then true
                    end
            when 'open_over_90_days_without_contact'
                then
                    case
                        when measured.days_since_last >= 0
                            then measured.days_since_last > metrics.limit_days
                    end
            else
                case
                    when measured.days_to_first >= 0
                        then measured.days_to_first <= metrics.limit_days
                    when measured.days_waiting > metrics.limit_days then false
                end
        end as has_it
    from measured
    cross join metrics

),

strata as (

    {{ every_stratum('episodes') }}

),

scoped as (

    select
        program_id as program,
        *
    from judged
    where is_asked
    union all
    select
        'all' as program,
        *
    from judged
    where is_asked

),

counted as (

    select
        scoped.program,
        strata.stratum_kind,
        strata.stratum_id,
        scoped.metric_id,
        scoped.limit_days,
        scoped.as_of,
        count(*) filter (where scoped.has_it) as numerator_count,
        count(scoped.has_it) as sample_size,
        count(*) as asked_count,
        percentile_cont(0.25) within group (
            order by case when scoped.days >= 0 then scoped.days end
        ) as lower_quartile_days,
        percentile_cont(0.5) within group (
            order by case when scoped.days >= 0 then scoped.days end
        ) as median_days,
        percentile_cont(0.75) within group (
            order by case when scoped.days >= 0 then scoped.days end
        ) as upper_quartile_days
    from scoped
    inner join strata
        on scoped.episode_id = strata.episode_id
    group by
        scoped.program, strata.stratum_kind, strata.stratum_id, scoped.metric_id,
        scoped.limit_days, scoped.as_of

)

select
    ---------- which
    program as program_id,
    stratum_kind,
    stratum_id,
    metric_id,

    ---------- how many, of how many
    case when sample_size > 0 then round(cast(numerator_count as double) / sample_size, 10) end
        as estimate,
    case
        when sample_size > 0
            then {{ wilson_limit('cast(numerator_count as double)', 'sample_size', '-') }}
    end as interval_low,
    case
        when sample_size > 0
            then {{ wilson_limit('cast(numerator_count as double)', 'sample_size', '+') }}
    end as interval_high,
    numerator_count,
    sample_size,
    asked_count - sample_size as missing_count,

    ---------- how long
    cast(limit_days as bigint) as limit_days,
    cast(lower_quartile_days as double) as lower_quartile_days,
    cast(median_days as double) as median_days,
    cast(upper_quartile_days as double) as upper_quartile_days,
    as_of,

    ---------- how sure
    case when sample_size > 0 then 'estimated' else 'not_computable' end as status,
    'wilson' as method,
    'descriptive' as evidence_label
from counted
