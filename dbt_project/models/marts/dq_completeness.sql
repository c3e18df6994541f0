-- One row per program, instrument and period in which episodes started: of how many episodes is
-- there a form, a first score, a first and a last score; how much of the forms can be scored. Of
-- every finished course two forms are expected, at its start and at its end; what else a clinic
-- expects nobody has told Scout.
with primary_scales as (

    select
        instrument_id,
        scale_id
    from {{ ref('dim_scales') }}
    where is_primary

),

episodes as (

    select
        episodes.episode_id,
        episodes.program_id,
        coalesce(cast(year(episodes.started_on) as varchar), 'unknown') as started_in,
        coalesce(outcomes.is_counted, false) as is_finished
    from {{ ref('dim_episodes') }} as episodes
    left join {{ ref('fct_episode_outcomes') }} as outcomes
        on episodes.episode_id = outcomes.episode_id

),

forms as (

    select
        scores.episode_id,
        primary_scales.instrument_id,
        primary_scales.scale_id,
        count(*) as form_count,
        count(scores.score) as scored_form_count,
        sum(scores.items_answered_count) filter (where scores.item_count is not null)
            as answer_count,
        sum(scores.item_count) filter (where scores.items_answered_count is not null)
            as item_count
    from {{ ref('fct_scores') }} as scores
    inner join primary_scales
        on scores.scale_id = primary_scales.scale_id
    where scores.episode_id is not null
    group by scores.episode_id, primary_scales.instrument_id, primary_scales.scale_id

),

changes as (

    select
        episode_id,
        scale_id,
        change is not null as is_paired
    from {{ ref('fct_changes') }}
    where interval_name = 'first_to_last'

),

-- One scale speaks for an instrument; of several primary ones the first by name.
used as (

    select
        episodes.program_id,
        forms.instrument_id,
        min(forms.scale_id) as scale_id
    from forms
    inner join episodes
        on forms.episode_id = episodes.episode_id
    group by episodes.program_id, forms.instrument_id

),

-- Every instrument that a program uses, for every episode of it.
pairs as (

    select
        used.program_id,
        used.instrument_id,
        used.scale_id,
        episodes.started_in,
        episodes.is_finished,
        forms.form_count,
        forms.scored_form_count,
        forms.answer_count,
        forms.item_count,
        changes.episode_id is not null as is_measured,
        coalesce(changes.is_paired, false) as is_paired
    from used
    inner join episodes
        on used.program_id = episodes.program_id
    left join forms
        on
            episodes.episode_id = forms.episode_id
            and used.scale_id = forms.scale_id
    left join changes
        on
            episodes.episode_id = changes.episode_id
            and used.scale_id = changes.scale_id

),

periods as (

    select
        pairs.*,
        'all' as period_kind,
        'all' as period
    from pairs
    union all
    select
        pairs.*,
        'year' as period_kind,
        pairs.started_in as period
    from pairs

),

counted as (

    select
        program_id,
        instrument_id,
        scale_id,
        period_kind,
        period,
        count(*) as episode_count,
        count(form_count) as with_form_count,
        count(*) filter (where is_measured) as measured_count,
        count(*) filter (where is_paired) as paired_count,
        count(*) filter (where is_finished) as finished_count,
        count(*) filter (where is_finished and is_paired) as finished_paired_count,
        coalesce(sum(form_count), 0) as form_count,
        coalesce(sum(scored_form_count), 0) as scored_form_count,
        sum(answer_count) as answer_count,
        sum(item_count) as item_count
    from periods
    group by program_id, instrument_id, scale_id, period_kind, period

)

select
    ---------- which
    program_id,
    instrument_id,
    scale_id,
    period_kind,
    period,

    ---------- episodes
    episode_count,
    with_form_count,
    measured_count,
    paired_count,
    cast(measured_count as double) / episode_count as measured_proportion,
    case when measured_count > 0 then cast(paired_count as double) / measured_count end
        as paired_proportion,

    ---------- of finished courses, of which both forms are expected
    finished_count,
    finished_paired_count,
    case when finished_count > 0 then cast(finished_paired_count as double) / finished_count end
        as finished_paired_proportion,

    ---------- forms
    cast(form_count as bigint) as form_count,
    cast(scored_form_count as bigint) as scored_form_count,
    case when form_count > 0 then cast(scored_form_count as double) / form_count end
        as scored_form_proportion,
    case when item_count > 0 then 1.0 - cast(answer_count as double) / item_count end
        as missing_answer_proportion
from counted
