-- One row per program, process scale, outcome scale and rectangle: how many changed so on both. The
-- plane is cut into columns of process change and each column by outcome change, at the registry's
-- edges and by the change that is reliable, as finely as no rectangle is small (disclosure). Shown
-- where the correlation is, unless its edges would tell what is held back of the classes.
with cells as (

    select * from {{ source('disclosure', 'published_cells') }}
    where table_name = 'pub_change_bins'

),

told as (

    {{ published_cells('pub_change_bins', [
        'process_deteriorated', 'process_unchanged', 'process_improved',
        'outcome_deteriorated', 'outcome_unchanged', 'outcome_improved'
    ]) | indent(4) }}

),

scales as (

    select
        scales.scale_id,
        scales.role,
        scales.is_primary,
        scales.is_higher_better,
        scales.score_maximum - scales.score_minimum as score_range,
        {{ change_unit(
            'criteria.reliable_change_points', 'scales.score_minimum', 'scales.score_maximum'
        ) }} as change_unit,
        policy.mean_digits
        + case when scales.score_maximum - scales.score_minimum > 10 then 0 else 1 end as digits
    from {{ ref('dim_scales') }} as scales
    left join {{ ref('dim_change_criteria') }} as criteria
        on scales.scale_id = criteria.scale_id
    cross join {{ source('disclosure', 'disclosure_policy') }} as policy
    where {{ is_pictured('scales') }}

),

pictured as (

    select
        associations.program_id,
        associations.process_scale_id,
        associations.outcome_scale_id,
        processes.is_higher_better as process_is_higher_better,
        processes.score_range as process_range,
        processes.change_unit as process_unit,
        processes.digits as process_digits,
        outcomes.is_higher_better as outcome_is_higher_better,
        outcomes.score_range as outcome_range,
        outcomes.change_unit as outcome_unit,
        outcomes.digits as outcome_digits,
        told.block_id,
        associations.pearson_r_status = 'shown'
        and associations.sample_size_status = 'shown'
        and sizes.status = 'shown'
        {%- for side in ['process', 'outcome'] %}
        {%- for class in ['deteriorated', 'unchanged', 'improved'] %}
        and not (
            {{ side }}_classes.{{ class }}_count_status = 'shown'
            and told.{{ side }}_{{ class }}_status <> 'shown'
        )
        {%- endfor %}
        {%- endfor %} as is_shown,
        associations.sample_size
    from {{ ref('pub_change_associations') }} as associations
    inner join scales as processes
        on
            associations.process_scale_id = processes.scale_id
            and processes.role = 'process'
    inner join scales as outcomes
        on
            associations.outcome_scale_id = outcomes.scale_id
            and outcomes.role = 'outcome'
            and outcomes.is_primary
    inner join {{ ref('pub_program_measures') }} as process_classes
        on
            associations.program_id = process_classes.program_id
            and associations.process_scale_id = process_classes.scale_id
    inner join {{ ref('pub_program_measures') }} as outcome_classes
        on
            associations.program_id = outcome_classes.program_id
            and associations.outcome_scale_id = outcome_classes.scale_id
    left join told
        on
            told.block_id = concat_ws(
                '|', associations.program_id, associations.process_scale_id,
                associations.outcome_scale_id
            )
    left join cells as sizes
        on
            told.block_id = sizes.block_id
            and sizes.cell = 'sample_size'

),

-- What is not shown is one rectangle: how it is cut tells too.
cut as (

    select
        pictured.*,
        coalesce(bins.bin_number, 1) as cell_number,
        coalesce(bins.first_bin, 1) as process_first_bin,
        coalesce(bins.last_bin, 10) as process_last_bin,
        coalesce(bins.outcome_first_bin, 1) as outcome_first_bin,
        coalesce(bins.outcome_last_bin, 10) as outcome_last_bin,
        counts.value as pair_count,
        case when counts.status = 'shown' then 'shown' else 'suppressed' end as pair_count_status
    from pictured
    left join {{ source('disclosure', 'merged_bins') }} as bins
        on
            bins.table_name = 'pub_change_bins'
            and pictured.block_id = bins.block_id
            and pictured.is_shown
    left join cells as counts
        on
            bins.block_id = counts.block_id
            and bins.cell = counts.cell

),

edged as (

    select
        *,
        {{ change_edge('process_first_bin - 1', 'process_unit', 'process_range') | indent(8) }}
            as process_least,
        {{ change_edge('process_last_bin', 'process_unit', 'process_range') | indent(8) }}
            as process_most,
        {{ change_edge('outcome_first_bin - 1', 'outcome_unit', 'outcome_range') | indent(8) }}
            as outcome_least,
        {{ change_edge('outcome_last_bin', 'outcome_unit', 'outcome_range') | indent(8) }}
            as outcome_most
    from cut

),

-- Edges are of improvement; a change is that, or its opposite.
turned as (

    select
        *,
        case when process_is_higher_better then process_least else 0 - process_most end
            as process_low,
        case when process_is_higher_better then process_most else 0 - process_least end
            as process_high,
        case when outcome_is_higher_better then outcome_least else 0 - outcome_most end
            as outcome_low,
        case when outcome_is_higher_better then outcome_most else 0 - outcome_least end
            as outcome_high
    from edged

)

select
    program_id,
    process_scale_id,
    outcome_scale_id,
    cast(cell_number as integer) as cell_number,
    {{ to_digits('process_low', 'process_digits') | indent(4) }} as process_bin_low,
    {{ to_digits('process_high', 'process_digits') | indent(4) }} as process_bin_high,
    {{ to_digits('outcome_low', 'outcome_digits') | indent(4) }} as outcome_bin_low,
    {{ to_digits('outcome_high', 'outcome_digits') | indent(4) }} as outcome_bin_high,
    case when is_shown then sample_size end as sample_size,
    case when is_shown then 'shown' else 'suppressed' end as sample_size_status,
    case when pair_count_status = 'shown' then pair_count end as pair_count,
    pair_count_status,
    {{ kept_from_release() }}
from turned
