-- One row per program (and all), component of a process, outcome and statistic: how a component's
-- change goes with the outcome's alone, beside the other components, and as its share of what all
-- explain together. All components rest on the same people, who have every one of them.
with beside as (

    select
        concat_ws('|', links.program_id, scales.instrument_id, links.outcome_scale_id) as block_id,
        links.sample_size as other_count
    from {{ ref('pub_change_associations') }} as links
    inner join {{ ref('dim_scales') }} as scales
        on links.process_scale_id = scales.scale_id
    where scales.scale_kind = 'subscale' and not scales.is_primary

),

blocks as (

    {{ opened_blocks('pub_components', 'beside') | indent(4) }}

),

judged as (

    select
        {{ program_of_stratum('estimates') }} as program_id,
        estimates.process_instrument_id,
        estimates.outcome_scale_id,
        estimates.predictor_id as component_scale_id,
        estimates.sample_size as counted_size,
        estimates.pearson_r,
        estimates.estimate as standardised_slope,
        estimates.interval_low as slope_low,
        estimates.interval_high as slope_high,
        estimates.relative_weight,
        estimates.relative_weight_interval_low as weight_low,
        estimates.relative_weight_interval_high as weight_high,
        estimates.status,
        estimates.method,
        estimates.evidence_label,
        blocks.sample_size,
        blocks.is_open,
        policy.smallest_for_means
    from {{ ref('rel_components') }} as estimates
    inner join {{ ref('dim_scales') }} as outcomes
        on estimates.outcome_scale_id = outcomes.scale_id and outcomes.role = 'outcome'
    cross join {{ source('disclosure', 'disclosure_policy') }} as policy
    left join blocks
        on
            blocks.block_id = concat_ws(
                '|', {{ program_of_stratum('estimates') }},
                estimates.process_instrument_id, estimates.outcome_scale_id
            )
    where
        estimates.stratum_kind in ('all', 'program')
        and estimates.interval_name = 'first_to_last'
        and estimates.predictor_set = 'components'

),

told as (

    select
        judged.*,
        statistics.statistic,
        case statistics.statistic
            when 'pearson_r' then judged.pearson_r
            when 'standardised_slope' then judged.standardised_slope
            else judged.relative_weight
        end as estimate,
        case statistics.statistic
            when 'standardised_slope' then judged.slope_low
            when 'relative_weight' then judged.weight_low
        end as interval_low,
        case statistics.statistic
            when 'standardised_slope' then judged.slope_high
            when 'relative_weight' then judged.weight_high
        end as interval_high
    from judged
    cross join (
        values ('pearson_r'), ('standardised_slope'), ('relative_weight')
    ) as statistics (statistic)

),

rated as (

    select
        *,
        {{ estimate_status() | indent(8) }} as estimate_status
    from told

)

select
    program_id,
    process_instrument_id,
    outcome_scale_id,
    component_scale_id,
    statistic,
    {{ shown_size() | indent(4) }},
    {{ shown_estimate(2) | indent(4) }},
    estimate_status,
    method,
    evidence_label,
    {{ kept_from_release() }}
from rated
