-- One row per program (and all), predictor and scale: does what was delivered (the three levels,
-- the alliance) go with the change in symptoms beside the change in self-compassion, and does home
-- practice go with the change of each component?
with delivered as (

    select distinct
        stratum_id as program_id,
        process_scale_id,
        outcome_scale_id,
        delivery_id
    from {{ ref('rel_delivery') }}
    where stratum_kind = 'program'

),

practised as (

    select distinct
        stratum_id as program_id,
        component_scale_id,
        practice_id
    from {{ ref('rel_practice') }}
    where stratum_kind = 'program'

),

-- A block and what it shares with the other predictors of the same scale.
neighbours as (

    select
        block_id,
        value,
        regexp_replace(block_id, '[|][^|]*$', '') as family
    from {{ source('disclosure', 'published_cells') }}
    where table_name = 'pub_delivery' and value > 0

),

beside as (

    -- What was delivered is known of some of a pair; whoever is in one may be in the other.
    select
        concat_ws(
            '|', links.program_id, links.process_scale_id, links.outcome_scale_id,
            delivered.delivery_id
        ) as block_id,
        links.sample_size as other_count
    from {{ ref('pub_change_associations') }} as links
    inner join delivered
        on
            links.program_id = delivered.program_id
            and links.process_scale_id = delivered.process_scale_id
            and links.outcome_scale_id = delivered.outcome_scale_id
    union all
    select
        concat_ws(
            '|', measures.program_id, measures.scale_id, measures.scale_id, practised.practice_id
        ) as block_id,
        measures.paired_count as other_count
    from {{ ref('pub_program_measures') }} as measures
    inner join practised
        on
            measures.program_id = practised.program_id
            and measures.scale_id = practised.component_scale_id
    union all
    -- Each beside the others of the same people.
    select
        own.block_id,
        others.value as other_count
    from neighbours as own
    inner join neighbours as others
        on own.family = others.family and own.block_id <> others.block_id

),

blocks as (

    {{ opened_blocks('pub_delivery', 'beside') | indent(4) }}

),

estimates as (

    select
        stratum_kind,
        stratum_id,
        delivery_id as predictor,
        process_scale_id,
        outcome_scale_id as scale_id,
        'standardised_slope' as statistic,
        sample_size,
        estimate,
        interval_low,
        interval_high,
        status,
        method,
        evidence_label
    from {{ ref('rel_delivery') }}
    where predictor = 'delivery' and interval_name = 'first_to_last'
    union all
    select
        stratum_kind,
        stratum_id,
        practice_id as predictor,
        component_scale_id as process_scale_id,
        component_scale_id as scale_id,
        'pearson_r' as statistic,
        sample_size,
        estimate,
        interval_low,
        interval_high,
        status,
        method,
        evidence_label
    from {{ ref('rel_practice') }}
    where
        practice_id in ('minutes_per_week', 'days_per_week')
        and interval_name = 'first_to_last'

),

judged as (

    select
        {{ program_of_stratum('estimates') }} as program_id,
        estimates.predictor,
        estimates.process_scale_id,
        estimates.scale_id,
        estimates.statistic,
        estimates.sample_size as counted_size,
        estimates.estimate,
        estimates.interval_low,
        estimates.interval_high,
        estimates.status,
        estimates.method,
        estimates.evidence_label,
        blocks.sample_size,
        blocks.is_open,
        policy.smallest_for_means
    from estimates
    cross join {{ source('disclosure', 'disclosure_policy') }} as policy
    left join blocks
        on
            blocks.block_id = concat_ws(
                '|', {{ program_of_stratum('estimates') }},
                estimates.process_scale_id, estimates.scale_id, estimates.predictor
            )
    where estimates.stratum_kind in ('all', 'program')

),

rated as (

    select
        *,
        {{ estimate_status() | indent(8) }} as estimate_status
    from judged

)

select
    program_id,
    process_scale_id,
    scale_id,
    predictor,
    statistic,
    {{ shown_size() | indent(4) }},
    {{ shown_estimate(2) | indent(4) }},
    estimate_status,
    method,
    evidence_label,
    {{ kept_from_release() }}
from rated
