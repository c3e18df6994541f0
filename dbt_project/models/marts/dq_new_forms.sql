-- One row per source, clinic and primary scale: the forms of the source's last arrival beside all
-- that came before. First scores are compared with first scores, because later ones move with
-- treatment; in units of the standard deviation before, and only beyond what chance makes of so
-- many forms. A form came when its file did; what was read again came when it first did.
with first_seen as (

    select
        source,
        sha256,
        cast(min(loaded_at) as date) as arrived_on
    from {{ ref('stg_raw__loads') }}
    where status = 'loaded'
    group by source, sha256

),

last_arrivals as (

    select
        source,
        max(arrived_on) as last_arrived_on
    from first_seen
    group by source
    having count(distinct arrived_on) > 1

),

arrivals as (

    select
        loads.load_sequence,
        loads.source,
        last_arrivals.last_arrived_on,
        first_seen.arrived_on = last_arrivals.last_arrived_on as is_new
    from {{ ref('stg_raw__loads') }} as loads
    inner join first_seen
        on
            loads.source = first_seen.source
            and loads.sha256 = first_seen.sha256
    inner join last_arrivals
        on loads.source = last_arrivals.source
    where loads.status = 'loaded'

),

forms as (

    select
        arrivals.source,
        arrivals.last_arrived_on,
        arrivals.is_new,
        coalesce(episodes.clinic_id, 'unknown') as clinic_id,
        scales.instrument_id,
        scores.scale_id,
        scores.score,
        scores.timepoint = 'baseline' and scores.score is not null as is_first,
        scores.item_count - scores.items_answered_count as missing_count,
        case when scores.items_answered_count is not null then scores.item_count end as item_count
    from {{ ref('fct_scores') }} as scores
    inner join {{ ref('dim_scales') }} as scales
        on
            scores.scale_id = scales.scale_id
            and scales.is_primary
    inner join {{ ref('int_administrations_identified') }} as administrations
        on scores.administration_id = cast(administrations.administration_key as varchar)
    inner join arrivals
        on administrations.first_load_sequence = arrivals.load_sequence
    left join {{ ref('dim_episodes') }} as episodes
        on scores.episode_id = episodes.episode_id

),

summed as (

    select
        source,
        clinic_id,
        instrument_id,
        scale_id,
        max(last_arrived_on) as last_arrived_on,
        {%- for kind, condition in [('new', 'is_new'), ('earlier', 'not is_new')] %}
        count(*) filter (where {{ condition }}) as {{ kind }}_form_count,
        cast(sum(missing_count) filter (where {{ condition }}) as double)
        / nullif(sum(item_count) filter (where {{ condition }}), 0)
            as {{ kind }}_missing_proportion,
        count(*) filter (where {{ condition }} and is_first) as {{ kind }}_first_count,
        avg(score) filter (where {{ condition }} and is_first) as {{ kind }}_first_mean,
        {%- endfor %}
        stddev_samp(score) filter (where not is_new and is_first) as earlier_first_sd
    from forms
    group by source, clinic_id, instrument_id, scale_id

),

compared as (

    select
        *,
        (new_first_mean - earlier_first_mean) / nullif(earlier_first_sd, 0)
            as standardized_difference,
        sqrt(
            1.0 / nullif(new_first_count, 0) + 1.0 / nullif(earlier_first_count, 0)
        ) as standard_error
    from summed

)

select
    ---------- which
    source,
    clinic_id,
    instrument_id,
    scale_id,
    last_arrived_on,

    ---------- first scores
    new_first_count,
    earlier_first_count,
    round(new_first_mean, 10) as new_first_mean,
    round(earlier_first_mean, 10) as earlier_first_mean,
    round(standardized_difference, 10) as standardized_difference,
    case
        when
            new_first_count < {{ var('minimum_compared_forms') }}
            or earlier_first_count < {{ var('minimum_compared_forms') }}
            then 'too_few'
        when standardized_difference is null then 'not_computable'
        when
            abs(standardized_difference) >= {{ var('drift_difference') }}
            and abs(standardized_difference) > {{ var('drift_standard_errors') }} * standard_error
            then 'moved'
        else 'alike'
    end as score_status,

    ---------- missing answers
    new_form_count,
    earlier_form_count,
    new_missing_proportion,
    earlier_missing_proportion,
    case
        when
            new_form_count < {{ var('minimum_compared_forms') }}
            or earlier_form_count < {{ var('minimum_compared_forms') }}
            then 'too_few'
        when new_missing_proportion is null or earlier_missing_proportion is null
            then 'not_computable'
        when
            new_missing_proportion
            > earlier_missing_proportion + {{ var('missing_answers_rise') }}
            then 'more'
        else 'alike'
    end as missing_status
from compared
