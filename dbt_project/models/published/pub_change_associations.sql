-- One row per program, process scale and outcome scale: do the changes go together? Shown only
-- where enough pairs stand behind it, both scales may show how many clients were measured twice,
-- and the pairs are all of those or leave enough of them out: the rest could be subtracted.
with policy as (

    select * from {{ source('disclosure', 'disclosure_policy') }}

),

cells as (

    {{ published_cells('pub_change_associations', ['sample_size']) | indent(4) }}

),

measured as (

    select
        program_id,
        scale_id,
        paired_count
    from {{ ref('pub_program_measures') }}
    where paired_count_status = 'shown' and paired_count > 0

),

associations as (

    select
        associations.stratum_id as program_id,
        associations.process_scale_id,
        associations.outcome_scale_id,
        associations.interval_name,
        cells.sample_size,
        associations.pearson_r,
        associations.interval_low,
        associations.interval_high,
        associations.improvement_r,
        case
            when associations.status <> 'estimated' then associations.status
            when
                processes.scale_id is null
                or outcomes.scale_id is null
                or coalesce(cells.sample_size_status, 'suppressed') <> 'shown'
                or cells.sample_size < policy.smallest_for_means
                or processes.paired_count - cells.sample_size
                between 1 and policy.smallest_count - 1
                or outcomes.paired_count - cells.sample_size
                between 1 and policy.smallest_count - 1
                then 'too_few'
            else 'estimated'
        end as status,
        associations.method,
        associations.evidence_label
    from {{ ref('rel_change_associations') }} as associations
    cross join policy
    left join cells
        on
            cells.block_id = concat_ws(
                '|', associations.stratum_id, associations.process_scale_id,
                associations.outcome_scale_id
            )
    left join measured as processes
        on
            associations.stratum_id = processes.program_id
            and associations.process_scale_id = processes.scale_id
    left join measured as outcomes
        on
            associations.stratum_id = outcomes.program_id
            and associations.outcome_scale_id = outcomes.scale_id
    where
        associations.stratum_kind = 'program'
        and associations.interval_name = 'first_to_last'

)

select
    program_id,
    process_scale_id,
    outcome_scale_id,
    interval_name,
    case when status = 'estimated' then sample_size end as sample_size,
    {{ shown_or('sample_size') }} as sample_size_status,
    case when status = 'estimated' then round(pearson_r, 2) end as pearson_r,
    case when status = 'estimated' then round(interval_low, 2) end as pearson_r_interval_low,
    case when status = 'estimated' then round(interval_high, 2) end as pearson_r_interval_high,
    {{ shown_or('pearson_r') }} as pearson_r_status,
    case when status = 'estimated' then round(improvement_r, 2) end as improvement_r,
    {{ shown_or('improvement_r') }} as improvement_r_status,
    method,
    evidence_label,
    {{ kept_from_release() }}
from associations
