-- One row per program (and all), process, mediator, outcome, window and path: process to mediator
-- (a), mediator to outcome (b), what is left of the process (direct), a times b (indirect), and the
-- same with mediator and outcome exchanged. All paths rest on the same people: one decision.
with links as (

    select
        program_id,
        process_scale_id,
        outcome_scale_id,
        sample_size
    from {{ ref('pub_change_associations') }}

),

-- The three pairs that a mediation is made of, and the other window.
legs as (

    select
        wholes.program_id,
        wholes.process_scale_id,
        firsts.outcome_scale_id as mediator_scale_id,
        wholes.outcome_scale_id,
        wholes.sample_size as whole_size,
        firsts.sample_size as first_size,
        seconds.sample_size as second_size
    from links as wholes
    inner join links as firsts
        on
            wholes.program_id = firsts.program_id
            and wholes.process_scale_id = firsts.process_scale_id
    inner join links as seconds
        on
            wholes.program_id = seconds.program_id
            and firsts.outcome_scale_id = seconds.process_scale_id
            and wholes.outcome_scale_id = seconds.outcome_scale_id

),

windows as (

    select
        block_id,
        value as sample_size,
        substring(block_id, 1, length(block_id) - length('|middle_then_last')) as family
    from {{ source('disclosure', 'published_cells') }}
    where table_name = 'pub_mediation' and block_id like '%|middle_then_last'

),

beside as (

    select
        concat_ws(
            '|', legs.program_id, legs.process_scale_id, legs.mediator_scale_id,
            legs.outcome_scale_id, names.window_name
        ) as block_id,
        case names.leg
            when 'whole' then legs.whole_size
            when 'first' then legs.first_size
            else legs.second_size
        end as other_count
    from legs
    cross join (
        values
        ('first_to_last', 'whole'),
        ('first_to_last', 'first'),
        ('first_to_last', 'second'),
        ('middle_then_last', 'whole'),
        ('middle_then_last', 'first'),
        ('middle_then_last', 'second')
    ) as names (window_name, leg)
    union all
    select
        windows.block_id,
        wholes.value as other_count
    from windows
    inner join {{ source('disclosure', 'published_cells') }} as wholes
        on
            wholes.table_name = 'pub_mediation'
            and wholes.block_id = concat(windows.family, '|first_to_last')

),

blocks as (

    {{ opened_blocks('pub_mediation', 'beside') | indent(4) }}

),

judged as (

    select
        {{ program_of_stratum('estimates') }} as program_id,
        estimates.cause_id as process_scale_id,
        estimates.mediator_scale_id,
        estimates.outcome_scale_id,
        estimates.window_name,
        paths.path,
        estimates.sample_size as counted_size,
        case paths.path
            when 'a' then estimates.a
            when 'b' then estimates.b
            when 'direct' then estimates.direct
            when 'indirect' then estimates.indirect
            else estimates.swapped_indirect
        end as estimate,
        case paths.path
            when 'indirect' then estimates.interval_low
            when 'swapped_indirect' then estimates.swapped_interval_low
        end as interval_low,
        case paths.path
            when 'indirect' then estimates.interval_high
            when 'swapped_indirect' then estimates.swapped_interval_high
        end as interval_high,
        estimates.status,
        estimates.method,
        estimates.evidence_label,
        blocks.sample_size,
        blocks.is_open,
        policy.smallest_for_means,
        policy.proportion_digits
    from {{ ref('rel_mediation') }} as estimates
    inner join {{ ref('dim_scales') }} as processes
        on estimates.cause_id = processes.scale_id and processes.role = 'process'
    inner join {{ ref('dim_scales') }} as mediators
        on estimates.mediator_scale_id = mediators.scale_id and mediators.role = 'mechanism'
    inner join {{ ref('dim_scales') }} as outcomes
        on estimates.outcome_scale_id = outcomes.scale_id and outcomes.role = 'outcome'
    cross join (
        values ('a'), ('b'), ('direct'), ('indirect'), ('swapped_indirect')
    ) as paths (path)
    cross join {{ source('disclosure', 'disclosure_policy') }} as policy
    left join blocks
        on
            blocks.block_id = concat_ws(
                '|', {{ program_of_stratum('estimates') }},
                estimates.cause_id, estimates.mediator_scale_id, estimates.outcome_scale_id,
                estimates.window_name
            )
    where estimates.cause_kind = 'scale' and estimates.stratum_kind in ('all', 'program')

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
    mediator_scale_id,
    outcome_scale_id,
    window_name,
    path,
    {{ shown_size() | indent(4) }},
    {{ shown_estimate('proportion_digits') | indent(4) }},
    estimate_status,
    method,
    evidence_label,
    {{ kept_from_release() }}
from rated
