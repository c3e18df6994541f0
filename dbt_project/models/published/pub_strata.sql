-- One row per pair of scales and group (a program, a condition, how much a program is about
-- self-compassion), and for each way of grouping the pooled correlation and where that of a new
-- group would lie: a forest. A program's row may be shown where pub_change_associations shows it;
-- every other group is made of parts of programs, and may be shown where each program's row may,
-- so that no sum of groups tells of a program that is held back. Groups may overlap.
with policy as (

    select * from {{ source('disclosure', 'disclosure_policy') }}

),

blocks as (

    {{ published_cells('pub_strata', ['sample_size']) | indent(4) }}

),

links as (

    select
        program_id,
        process_scale_id,
        outcome_scale_id
    from {{ ref('pub_change_associations') }}
    where sample_size_status = 'shown'

),

groups as (

    select
        estimates.process_scale_id,
        estimates.outcome_scale_id,
        estimates.stratum_kind,
        estimates.stratum_id,
        estimates.sample_size as counted_size,
        estimates.pearson_r as estimate,
        estimates.interval_low,
        estimates.interval_high,
        estimates.status,
        estimates.method,
        estimates.evidence_label,
        blocks.sample_size,
        case
            when blocks.block_id is null then cast(null as boolean)
            when estimates.stratum_kind = 'program'
                then blocks.sample_size_status = 'shown'
                    and (blocks.sample_size = 0 or links.program_id is not null)
            else blocks.sample_size_status = 'shown'
        end as is_open_alone
    from {{ ref('rel_change_associations') }} as estimates
    inner join {{ ref('dim_scales') }} as processes
        on
            estimates.process_scale_id = processes.scale_id
            and processes.role = 'process'
            and (processes.is_primary or processes.scale_kind = 'half')
    inner join {{ ref('dim_scales') }} as outcomes
        on
            estimates.outcome_scale_id = outcomes.scale_id
            and outcomes.role = 'outcome'
    left join blocks
        on
            blocks.block_id = concat_ws(
                '|', estimates.process_scale_id, estimates.outcome_scale_id,
                estimates.stratum_kind, estimates.stratum_id
            )
    left join links
        on
            estimates.stratum_id = links.program_id
            and estimates.process_scale_id = links.process_scale_id
            and estimates.outcome_scale_id = links.outcome_scale_id
    where
        estimates.interval_name = 'first_to_last'
        and estimates.stratum_kind in ('program', 'condition', 'self_compassion_content')

),

opened as (

    select
        *,
        is_open_alone and bool_and(
            stratum_kind <> 'program' or coalesce(is_open_alone, true)
        ) over (partition by process_scale_id, outcome_scale_id) as are_programs_open
    from groups

),

strata as (

    select
        process_scale_id,
        outcome_scale_id,
        stratum_kind,
        stratum_id,
        'stratum' as row_kind,
        counted_size,
        sample_size,
        case when stratum_kind = 'program' then is_open_alone else are_programs_open end as is_open,
        estimate,
        interval_low,
        interval_high,
        cast(null as double) as i_squared,
        cast(null as bigint) as strata_count,
        status,
        method,
        evidence_label
    from opened

),

-- Of what is pooled every part must be told: else the whole tells the one that is not.
wholes as (

    select
        pooled.process_scale_id,
        pooled.outcome_scale_id,
        pooled.pooled_over as stratum_kind,
        'all' as stratum_id,
        kinds.row_kind,
        pooled.sample_size as counted_size,
        pooled.sample_size,
        bool_and(coalesce(opened.are_programs_open, true))
        and max(blocks.sample_size_status) = 'shown' as is_open,
        pooled.estimate,
        case when kinds.row_kind = 'pooled' then pooled.interval_low else pooled.prediction_low end
            as interval_low,
        case
            when kinds.row_kind = 'pooled' then pooled.interval_high else pooled.prediction_high
        end as interval_high,
        case when kinds.row_kind = 'pooled' then pooled.i_squared end as i_squared,
        pooled.strata_count,
        case
            when kinds.row_kind = 'prediction' and pooled.prediction_low is null
                then 'not_computable'
            else pooled.status
        end as status,
        pooled.method,
        pooled.evidence_label
    from {{ ref('rel_pooled') }} as pooled
    cross join (values ('pooled'), ('prediction')) as kinds (row_kind)
    inner join opened
        on
            pooled.process_scale_id = opened.process_scale_id
            and pooled.outcome_scale_id = opened.outcome_scale_id
            and pooled.pooled_over = opened.stratum_kind
    left join blocks
        on
            blocks.block_id = concat_ws(
                '|', pooled.process_scale_id, pooled.outcome_scale_id, pooled.pooled_over, 'all'
            )
    where pooled.interval_name = 'first_to_last'
    group by all

),

judged as (

    select
        told.*,
        policy.smallest_for_means
    from (
        select * from strata
        union all
        select * from wholes
    ) as told
    cross join policy

),

rated as (

    select
        *,
        {{ estimate_status() | indent(8) }} as estimate_status
    from judged

)

select
    process_scale_id,
    outcome_scale_id,
    stratum_kind,
    stratum_id,
    row_kind,
    {{ shown_size() | indent(4) }},
    {{ shown_estimate(2) | indent(4) }},
    estimate_status,
    case when estimate_status = 'shown' then round(i_squared, 2) end as i_squared,
    case
        when estimate_status = 'shown' and i_squared is null then 'not_computable'
        else estimate_status
    end as i_squared_status,
    case when estimate_status = 'shown' then strata_count end as strata_count,
    method,
    evidence_label,
    {{ kept_from_release() }}
from rated
