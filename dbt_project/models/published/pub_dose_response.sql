-- One row per program (and all), threshold set and number of sessions in bands: of the ended
-- courses whose outcome is known, how many reliably improved. A row over all lengths stands beside
-- the bands. Whoever gets better sooner may stop sooner: the bands are other people, not a course.
with policy as (

    select * from {{ source('disclosure', 'disclosure_policy') }}

),

cells as (

    {{ published_cells('pub_dose_response', ['sample_size', 'numerator_count'])
       | indent(4) }}

),

bands as (

    select
        named.session_band,
        named.session_band_low,
        named.session_band_high
    from (
        values
        ('all', 1, cast(null as integer))
        {%- for name, low, high in session_bands() %},
        ('{{ name }}', {{ low }}, {{ 'cast(null as integer)' if high is none else high }})
        {%- endfor %}
    ) as named (session_band, session_band_low, session_band_high)

),

-- Courses of all lengths are known of from the rates: what those do not show, the bands do not,
-- and where they count a few others, those few could be told.
outcomes as (

    select
        program_id,
        threshold_set,
        sum(numerator_count) filter (where metric_id = 'paired_data') as known_count,
        sum(numerator_count) filter (where metric_id = 'reliable_improvement') as improved_count,
        bool_and(numerator_count_status = 'shown' and sample_size_status = 'shown') as is_shown
    from {{ ref('pub_program_outcomes') }}
    where metric_id in ('reliable_improvement', 'paired_data')
    group by program_id, threshold_set

),

groups as (

    select
        estimates.program_id,
        estimates.threshold_set,
        min(estimates.evidence_label) as evidence_label
    from {{ ref('fct_dose_response') }} as estimates
    where
        estimates.metric_id = 'reliable_improvement_of_known'
        and estimates.ending_kind = 'all'
    group by estimates.program_id, estimates.threshold_set

),

told as (

    select
        groups.program_id,
        groups.threshold_set,
        groups.evidence_label,
        coalesce(
            outcomes.is_shown
            and wholes.sample_size_status = 'shown'
            and wholes.numerator_count_status = 'shown'
            and (
                groups.program_id = 'all'
                or (
                    abs(outcomes.known_count - wholes.sample_size)
                    not between 1 and policy.smallest_count - 1
                    and abs(outcomes.improved_count - wholes.numerator_count)
                    not between 1 and policy.smallest_count - 1
                    and abs(
                        outcomes.known_count - outcomes.improved_count
                        - wholes.sample_size + wholes.numerator_count
                    ) not between 1 and policy.smallest_count - 1
                )
            ),
            false
        ) as is_whole_shown
    from groups
    cross join policy
    left join outcomes
        on
            groups.program_id = outcomes.program_id
            and groups.threshold_set = outcomes.threshold_set
    left join cells as wholes
        on
            wholes.block_id
            = concat_ws('|', groups.program_id, groups.threshold_set, 'all')

),

-- All programs together are told where each program's whole is.
opened as (

    select
        told.*,
        told.is_whole_shown and (
            told.program_id <> 'all'
            or bool_and(told.is_whole_shown) over (partition by told.threshold_set)
        ) as is_open
    from told

),

decided as (

    select
        opened.program_id,
        opened.threshold_set,
        bands.session_band,
        bands.session_band_low,
        bands.session_band_high,
        opened.evidence_label,
        -- A length that nobody has yet is held back as well: else its first few would be seen.
        case
            when opened.is_open and cells.numerator_count_status = 'shown'
                then cells.numerator_count
        end as numerator_count,
        case
            when opened.is_open then coalesce(cells.numerator_count_status, 'suppressed')
            else 'suppressed'
        end as numerator_count_status,
        case
            when opened.is_open and cells.sample_size_status = 'shown' then cells.sample_size
        end as sample_size,
        case
            when opened.is_open then coalesce(cells.sample_size_status, 'suppressed')
            else 'suppressed'
        end as sample_size_status,
        policy.proportion_digits as digits
    from opened
    cross join bands
    cross join policy
    left join cells
        on
            cells.block_id
            = concat_ws('|', opened.program_id, opened.threshold_set, bands.session_band)

),

rated as (

    select
        *,
        {{ proportion_status('numerator_count', 'sample_size') | indent(8) }} as estimate_status
    from decided

)

select
    program_id,
    threshold_set,
    session_band,
    session_band_low,
    session_band_high,
    'reliable_improvement_of_known' as metric_id,
    numerator_count,
    numerator_count_status,
    sample_size,
    sample_size_status,
    {{ shown_proportion('estimate', 'numerator_count', 'sample_size', 'digits') | indent(4) }},
    estimate_status,
    'wilson' as method,
    evidence_label,
    {{ kept_from_release() }}
from rated
