-- One row per program (and all), process scale, outcome scale and basis: which of the two improved
-- first, of those in whom both did. The share is taken from the counts as they are shown. One basis
-- only: both together would give away the few orders in which they differ. A pair without a rule to
-- judge it by has no row.
with cells as (

    {{ published_cells('pub_change_order', [
        'sample_size', 'process_first', 'together', 'outcome_first'
    ]) | indent(4) }}

),

counted as (

    select
        orders.stratum_id as program_id,
        orders.process_scale_id,
        orders.outcome_scale_id,
        orders.order_basis,
        orders.method,
        orders.evidence_label,
        cells.sample_size,
        cells.process_first as process_first_count,
        cells.together as together_count,
        cells.outcome_first as outcome_first_count,
        coalesce(cells.sample_size_status, 'suppressed') as sample_size_status,
        coalesce(cells.process_first_status, 'suppressed') as process_first_count_status,
        coalesce(cells.together_status, 'suppressed') as together_count_status,
        coalesce(cells.outcome_first_status, 'suppressed') as outcome_first_count_status,
        policy.proportion_digits as digits
    from {{ ref('rel_change_order') }} as orders
    inner join {{ ref('rel_change_order') }} as everybody
        on
            orders.process_scale_id = everybody.process_scale_id
            and orders.outcome_scale_id = everybody.outcome_scale_id
            and orders.order_basis = everybody.order_basis
            and everybody.stratum_kind = 'all'
    cross join {{ source('disclosure', 'disclosure_policy') }} as policy
    left join cells
        on
            cells.block_id = concat_ws(
                '|', orders.stratum_id, orders.process_scale_id, orders.outcome_scale_id,
                orders.order_basis
            )
    where
        orders.stratum_kind in ('all', 'program')
        and orders.order_basis = 'resolved'
        and everybody.unknown_count < everybody.episode_count

),

rated as (

    select
        *,
        {{ proportion_status('process_first_count', 'sample_size') | indent(8) }} as estimate_status
    from counted

)

select
    program_id,
    process_scale_id,
    outcome_scale_id,
    order_basis,
    {%- for count in [
        'sample_size', 'process_first_count', 'together_count', 'outcome_first_count'
    ] %}
    case when {{ count }}_status = 'shown' then {{ count }} end as {{ count }},
    {{ count }}_status,
    {%- endfor %}
    {{ shown_proportion('estimate', 'process_first_count', 'sample_size', 'digits') | indent(4) }},
    estimate_status,
    method,
    evidence_label,
    {{ kept_from_release() }}
from rated
