-- One row per program (and all), process, outcome, model and direction: does a higher score than
-- usual on one go before a lower or higher one on the other? Both directions rest on the same
-- people, and so both are shown or neither.
with beside as (

    select
        concat_ws('|', program_id, process_scale_id, outcome_scale_id) as block_id,
        sample_size as other_count
    from {{ ref('pub_change_associations') }}

),

waves as (

    {{ opened_blocks('pub_lead_lag', 'beside') | indent(4) }}

),

lags as (

    {{ opened_blocks('pub_lead_lag', 'beside', 'lagged_size') | indent(4) }}

),

estimates as (

    select
        stratum_kind,
        stratum_id,
        process_scale_id,
        outcome_scale_id,
        model,
        direction,
        client_count,
        wave_count,
        estimate,
        interval_low,
        interval_high,
        status,
        method,
        evidence_label
    from {{ ref('rel_cross_lagged') }}
    where model = 'random_intercept'
    union all
    select
        stratum_kind,
        stratum_id,
        process_scale_id,
        outcome_scale_id,
        model,
        direction,
        client_count,
        cast(null as bigint) as wave_count,
        within_slope as estimate,
        interval_low,
        interval_high,
        status,
        method,
        evidence_label
    from {{ ref('rel_within_person_models') }}
    where model = 'multilevel' and direction <> 'concurrent'

),

judged as (

    select
        {{ program_of_stratum('estimates') }} as program_id,
        estimates.process_scale_id,
        estimates.outcome_scale_id,
        estimates.model,
        estimates.direction,
        estimates.client_count as counted_size,
        estimates.wave_count,
        estimates.estimate,
        estimates.interval_low,
        estimates.interval_high,
        estimates.status,
        estimates.method,
        estimates.evidence_label,
        case when estimates.model = 'multilevel' then lags.sample_size else waves.sample_size end
            as sample_size,
        -- Who has lags has waves: their number is no more than that of the others.
        case
            when estimates.model = 'multilevel' then lags.is_open and waves.is_open
            else waves.is_open
        end as is_open,
        policy.smallest_for_means,
        policy.proportion_digits
    from estimates
    inner join {{ ref('dim_scales') }} as processes
        on
            estimates.process_scale_id = processes.scale_id
            and processes.role = 'process'
    inner join {{ ref('dim_scales') }} as outcomes
        on
            estimates.outcome_scale_id = outcomes.scale_id
            and outcomes.role = 'outcome'
    cross join {{ source('disclosure', 'disclosure_policy') }} as policy
    left join waves
        on
            waves.block_id = concat_ws(
                '|', {{ program_of_stratum('estimates') }},
                estimates.process_scale_id, estimates.outcome_scale_id
            )
    left join lags
        on waves.block_id = lags.block_id
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
    outcome_scale_id,
    model,
    direction,
    {{ shown_size() | indent(4) }},
    case when estimate_status = 'shown' then wave_count end as wave_count,
    {{ shown_estimate('proportion_digits') | indent(4) }},
    estimate_status,
    method,
    evidence_label,
    {{ kept_from_release() }}
from rated
