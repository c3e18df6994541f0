-- One row per published effect or rate and program (and all): what a paper or a country found, and
-- what was found here, with the reason where the two may not be compared. Of national statistics
-- only the newest year. A local rate is that of pub_program_outcomes; a local effect size may be
-- shown where its pairs are those of pub_program_measures, or far enough from them.
with effects as (

    select
        published_effect_id,
        -- A published number that nothing here is set beside has no group.
        coalesce(population, 'none') as population,
        coalesce(threshold_set, 'none') as threshold_set,
        coalesce(scale_id, 'none') as scale_id,
        program_id,
        outcome,
        metric_id,
        local_metric_id,
        estimate,
        interval_low,
        interval_high,
        sample_size,
        status,
        method,
        evidence_label,
        published_estimate,
        published_interval_low,
        published_interval_high,
        published_people_count,
        is_comparable,
        not_comparable_reason,
        study,
        published_period,
        design,
        citation,
        doi
    from {{ ref('fct_benchmarks') }}
    where stratum_kind = 'all'
    qualify
        design <> 'national_statistics'
        or published_period
        = max(case when design = 'national_statistics' then published_period end)
            over (partition by metric_id, threshold_set)

),

populations as (

    select distinct population from effects

),

beside as (

    select
        concat_ws(
            '|', measures.program_id, populations.population, 'none', measures.scale_id
        ) as block_id,
        measures.paired_count as other_count
    from {{ ref('pub_program_measures') }} as measures
    cross join populations
    union all
    select
        concat_ws('|', program_id, population, threshold_set, 'none') as block_id,
        sample_size as other_count
    from {{ ref('pub_program_outcomes') }}
    where metric_id = 'paired_data'

),

blocks as (

    {{ opened_blocks('pub_benchmarks', 'beside') | indent(4) }}

),

judged as (

    select
        effects.published_effect_id,
        effects.program_id,
        effects.population,
        effects.threshold_set,
        effects.scale_id,
        effects.outcome,
        effects.metric_id,
        effects.local_metric_id,
        case when rates.metric_id is null then effects.sample_size else rates.sample_size end
            as counted_size,
        case when rates.metric_id is null then effects.estimate else rates.estimate end
            as estimate,
        case
            when rates.metric_id is null then effects.interval_low
            else rates.estimate_interval_low
        end as interval_low,
        case
            when rates.metric_id is null then effects.interval_high
            else rates.estimate_interval_high
        end as interval_high,
        effects.status,
        effects.method,
        effects.evidence_label,
        case when rates.metric_id is null then blocks.sample_size else rates.sample_size end
            as sample_size,
        case
            when effects.local_metric_id is null then cast(null as boolean)
            when rates.metric_id is null then blocks.is_open
            else blocks.is_open and rates.estimate_status <> 'suppressed'
        end as is_open,
        effects.published_estimate,
        effects.published_interval_low,
        effects.published_interval_high,
        effects.published_people_count,
        effects.is_comparable,
        effects.not_comparable_reason,
        effects.study,
        effects.published_period,
        effects.design,
        effects.citation,
        effects.doi,
        policy.smallest_for_means,
        policy.proportion_digits
    from effects
    cross join {{ source('disclosure', 'disclosure_policy') }} as policy
    left join {{ ref('pub_program_outcomes') }} as rates
        on
            effects.program_id = rates.program_id
            and effects.population = rates.population
            and effects.threshold_set = rates.threshold_set
            and effects.local_metric_id = rates.metric_id
    left join blocks
        on
            blocks.block_id = concat_ws(
                '|', effects.program_id, effects.population, effects.threshold_set, effects.scale_id
            )

),

rated as (

    select
        *,
        {{ estimate_status() | indent(8) }} as estimate_status
    from judged

)

select
    published_effect_id,
    program_id,
    population,
    threshold_set,
    scale_id,
    outcome,
    metric_id,
    local_metric_id,
    {{ shown_size() | indent(4) }},
    {{ shown_estimate('proportion_digits') | indent(4) }},
    estimate_status,
    published_estimate,
    published_interval_low as published_estimate_interval_low,
    published_interval_high as published_estimate_interval_high,
    published_people_count as published_sample_size,
    case when published_people_count is null then 'not_stated' else 'shown' end
        as published_sample_size_status,
    is_comparable,
    not_comparable_reason,
    study,
    published_period,
    design,
    citation,
    doi,
    method,
    evidence_label,
    {{ kept_from_release() }}
from rated
