-- One row per source: when its last file came, how often one is expected, whether it is late. What
-- source.yml states counts; else the median of the days between earlier arrivals, once there are
-- enough of them; else nobody can say. Files that come on one day are one arrival, and bytes that
-- were read again later arrived when they first came.
with loads as (

    select * from {{ ref('stg_raw__loads') }}
    where status = 'loaded'

),

expected as (

    select
        source,
        expected_days,
        judged_on
    from {{ source('quality', 'expected_arrivals') }}

),

judged as (

    select max(judged_on) as judged_on
    from expected

),

first_seen as (

    select
        source,
        sha256,
        min(loaded_at) as arrived_at
    from loads
    group by source, sha256

),

arrivals as (

    select
        source,
        cast(arrived_at as date) as arrived_on,
        max(arrived_at) as arrived_at
    from first_seen
    group by source, cast(arrived_at as date)

),

spaced as (

    select
        source,
        arrived_on,
        arrived_at,
        lag(arrived_on) over (partition by source order by arrived_on) as previous_on
    from arrivals

),

gaps as (

    select
        source,
        arrived_at,
        {{ datediff('previous_on', 'arrived_on', 'day') }} as gap_days
    from spaced

),

learnt as (

    select
        source,
        count(*) as arrival_count,
        max(arrived_at) as last_arrival_at,
        case
            when count(gap_days) >= {{ var('minimum_arrival_gaps') }}
                then percentile_cont(0.5) within group (order by gap_days)
        end as learnt_days
    from gaps
    group by source

),

named as (

    select source
    from expected
    where source is not null
    union
    select source
    from learnt

),

joined as (

    select
        named.source,
        coalesce(learnt.arrival_count, 0) as arrival_count,
        learnt.last_arrival_at,
        cast(coalesce(expected.expected_days, learnt.learnt_days) as double) as expected_days,
        case
            when expected.expected_days is not null then 'stated'
            when learnt.learnt_days is not null then 'learnt'
            else 'unknown'
        end as expected_basis,
        judged.judged_on,
        cast(learnt.last_arrival_at as date) as last_arrival_on
    from named
    cross join judged
    left join expected
        on named.source = expected.source
    left join learnt
        on named.source = learnt.source

),

dated as (

    select
        *,
        {{ datediff('last_arrival_on', 'judged_on', 'day') }} as days_since_arrival
    from joined

)

select
    source,
    arrival_count,
    last_arrival_at,
    expected_days,
    expected_basis,
    judged_on,
    days_since_arrival,
    case
        when expected_days is null or days_since_arrival is null then 'unknown'
        when days_since_arrival > expected_days * {{ var('late_arrival_factor') }} then 'late'
        else 'on_time'
    end as freshness
from dated
