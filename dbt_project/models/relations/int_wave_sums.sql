-- One row per group, scale pair and number of waves: what orchestration.statistics.cross_lagged
-- needs. A wave is a moment at which both scales were scored, the first, the second and so on up to
-- the fifth; x is the process, y the outcome. One episode per client stands for him or her, the one
-- with the most moments. Products with a wave that nobody in the row has are NULL.
{%- set scores = {
    'one': '1.0', 'x1': 'x1', 'y1': 'y1', 'x2': 'x2', 'y2': 'y2', 'x3': 'x3', 'y3': 'y3',
    'x4': 'x4', 'y4': 'y4', 'x5': 'x5', 'y5': 'y5'
} %}

with episodes as (

    select
        client_id,
        episode_id,
        process_scale_id,
        outcome_scale_id,
        count(*) as moments_count,
        max(case when moment = 1 then process_score end) as x1,
        max(case when moment = 1 then outcome_score end) as y1,
        max(case when moment = 2 then process_score end) as x2,
        max(case when moment = 2 then outcome_score end) as y2,
        max(case when moment = 3 then process_score end) as x3,
        max(case when moment = 3 then outcome_score end) as y3,
        max(case when moment = 4 then process_score end) as x4,
        max(case when moment = 4 then outcome_score end) as y4,
        max(case when moment = 5 then process_score end) as x5,
        max(case when moment = 5 then outcome_score end) as y5
    from {{ ref('int_panels') }}
    group by client_id, episode_id, process_scale_id, outcome_scale_id

),

longest as (

    select
        *,
        least(moments_count, 5) as wave_count
    from episodes
    qualify row_number() over (
            partition by client_id, process_scale_id, outcome_scale_id
            order by moments_count desc, episode_id asc
        ) = 1

),

sums as (

    select
        blocks.stratum,
        longest.process_scale_id,
        longest.outcome_scale_id,
        longest.wave_count,
        {{ sums_of_products('sum', scores) }}
    from longest
    inner join {{ ref('int_stratum_blocks') }} as blocks
        on longest.episode_id = blocks.episode_id
    group by
        blocks.stratum,
        longest.process_scale_id,
        longest.outcome_scale_id,
        longest.wave_count

),

stratum_names as (

    select distinct
        stratum,
        stratum_kind,
        stratum_id
    from {{ ref('int_stratum_blocks') }}

)

select
    stratum_names.stratum_kind,
    stratum_names.stratum_id,
    sums.*
from stratum_names
inner join sums
    using (stratum)
