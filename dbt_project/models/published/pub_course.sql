-- One row per program, scale and band of weeks since the first score: the mean of those who were
-- scored then, each once. Whoever has left is missing from the later bands. How many there are is
-- rounded down to a multiple of the smallest count: nearly all of a group would otherwise tell, by
-- subtraction, how few are missing.
with weeks as (

    {{ client_weeks() | indent(4) }}

),

bands as (

    select
        named.week_from,
        named.week_to
    from (
        values
        {%- for first, last in week_bands() %}
        ({{ first }}, {{ 'cast(null as integer)' if last is none else last }})
        {{- ',' if not loop.last }}
        {%- endfor %}
    ) as named (week_from, week_to)

),

asked as (

    select distinct
        program_id,
        scale_id
    from weeks

),

measured as (

    select
        program_id,
        scale_id,
        week_from,
        count(*) as score_count,
        -- Ten digits first: the order of parallel sums moves the last ones.
        round(avg(score), 10) as score_mean,
        round(stddev_samp(score), 10) as score_sd
    from weeks
    group by program_id, scale_id, week_from

),

decided as (

    select
        asked.program_id,
        asked.scale_id,
        bands.week_from,
        bands.week_to,
        measured.score_mean,
        cast(floor(cells.value / policy.smallest_count) as bigint) * policy.smallest_count
            as client_count,
        case
            when
                cells.status = 'shown'
                and cells.value >= policy.smallest_count
                and measured.score_count >= policy.smallest_for_means
                then 'shown'
            else 'suppressed'
        end as status,
        policy.mean_digits
        + case when scales.score_maximum - scales.score_minimum > 10 then 0 else 1 end as digits,
        {{ t_quantile('measured.score_count - 1') }}
        * measured.score_sd / sqrt(measured.score_count) as half_width
    from asked
    cross join bands
    cross join {{ source('disclosure', 'disclosure_policy') }} as policy
    inner join {{ ref('dim_scales') }} as scales
        on asked.scale_id = scales.scale_id
    left join measured
        on
            asked.program_id = measured.program_id
            and asked.scale_id = measured.scale_id
            and bands.week_from = measured.week_from
    left join {{ source('disclosure', 'published_cells') }} as cells
        on
            cells.table_name = 'pub_course'
            and cells.block_id = concat_ws(
                '|', asked.program_id, asked.scale_id, cast(bands.week_from as varchar)
            )

)

select
    program_id,
    scale_id,
    week_from,
    week_to,
    case when status = 'shown' then client_count end as client_count,
    status as client_count_status,
    {%- for suffix, value in [
        ('', 'score_mean'),
        ('_interval_low', 'score_mean - half_width'),
        ('_interval_high', 'score_mean + half_width'),
    ] %}
    case when status = 'shown' then {{ to_digits(value, 'digits') | indent(4) }} end
        as score_mean{{ suffix }},
    {%- endfor %}
    status as score_mean_status,
    {{ kept_from_release() }}
from decided
