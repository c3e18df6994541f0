-- One row per program, scale, moment and bin: how many of those who were scored twice scored so,
-- first and last. Bins come from the registry, and neighbours are put together until none is small
-- in either moment (disclosure), so both moments have the same bins. A group of too few is one bin.
with cells as (

    select * from {{ source('disclosure', 'published_cells') }}
    where table_name = 'pub_score_bins'

),

scales as (

    select
        scales.scale_id,
        scales.score_minimum,
        scales.score_maximum,
        {{ bin_width('scales.score_minimum', 'scales.score_maximum') | indent(8) }} as bin_width
    from {{ ref('dim_scales') }} as scales
    where {{ is_pictured('scales') }}

),

asked as (

    select distinct
        changes.program_id,
        changes.scale_id,
        scales.score_minimum,
        scales.score_maximum,
        scales.bin_width,
        concat_ws('|', changes.program_id, changes.scale_id) as block_id
    from {{ ref('fct_changes') }} as changes
    inner join scales
        on changes.scale_id = scales.scale_id
    where changes.interval_name = 'first_to_last'

),

moments as (

    select named.score_moment
    from (values ('first'), ('last')) as named (score_moment)

),

grouped as (

    select
        asked.*,
        moments.score_moment,
        paired.value as paired_count,
        coalesce(paired.status, 'suppressed') as paired_count_status
    from asked
    cross join moments
    left join cells as paired
        on
            asked.block_id = paired.block_id
            and paired.cell = 'paired_count'

),

binned as (

    select
        grouped.*,
        coalesce(bins.bin_number, 1) as bin_number,
        bins.first_bin,
        bins.last_bin,
        counts.value as episode_count,
        coalesce(counts.status, 'suppressed') as episode_count_status
    from grouped
    left join {{ source('disclosure', 'merged_bins') }} as bins
        on
            bins.table_name = 'pub_score_bins'
            and grouped.block_id = bins.block_id
            and grouped.paired_count_status = 'shown'
            and concat(grouped.score_moment, '_', cast(bins.bin_number as varchar)) = bins.cell
    left join cells as counts
        on
            bins.block_id = counts.block_id
            and bins.cell = counts.cell

)

select
    program_id,
    scale_id,
    score_moment,
    cast(bin_number as integer) as bin_number,
    round(score_minimum + coalesce(first_bin - 1, 0) * bin_width, 6) as bin_low,
    case
        when last_bin < 30
            then round(least(score_minimum + last_bin * bin_width, score_maximum), 6)
        else score_maximum
    end as bin_high,
    paired_count,
    paired_count_status,
    case when episode_count_status = 'shown' then episode_count end as episode_count,
    episode_count_status,
    {{ kept_from_release() }}
from binned
