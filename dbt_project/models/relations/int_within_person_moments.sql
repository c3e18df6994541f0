-- One row per stratum, scale pair, direction and adjustment: what
-- orchestration.statistics.within_person needs. With adjustment both sides are first freed of their
-- common linear course in time (Frisch & Waugh 1933), so that one closed form serves both.
-- Time is counted in days where every episode of the group has days, else in moments.
-- concurrent: outcome on process at one moment. process_to_outcome: outcome on the process one
-- moment before; outcome_to_process: the reverse. An episode enters with two rows or more.
-- Slopes need sums alone, which are added up over the episodes of the same groups first; the errors
-- need each client's residual, which only a second reading can give.
-- Lines that loops write are not laid out by hand.
-- noqa: disable=LT02,LT05
{%- set directions = {
    'concurrent': {
        'rows': 'rows_count', 'regressor': 'concurrent_mean_x', 'response': 'concurrent_mean_y',
        'xx': 'concurrent_x_x', 'xy': 'concurrent_x_y',
        'day': ['concurrent_d_d', 'concurrent_x_d', 'concurrent_y_d'],
        'moment': ['concurrent_k_k', 'concurrent_x_k', 'concurrent_y_k']
    },
    'process_to_outcome': {
        'rows': 'lagged_rows_count', 'regressor': 'lagged_mean_xb', 'response': 'lagged_mean_y',
        'xx': 'lagged_xb_xb', 'xy': 'lagged_xb_y',
        'day': ['lagged_d_d', 'lagged_xb_d', 'lagged_y_d'],
        'moment': ['lagged_k_k', 'lagged_xb_k', 'lagged_k_y']
    },
    'outcome_to_process': {
        'rows': 'lagged_rows_count', 'regressor': 'lagged_mean_yb', 'response': 'lagged_mean_x',
        'xx': 'lagged_yb_yb', 'xy': 'lagged_yb_x',
        'day': ['lagged_d_d', 'lagged_yb_d', 'lagged_x_d'],
        'moment': ['lagged_k_k', 'lagged_yb_k', 'lagged_k_x']
    }
} -%}
{%- set numbers = [] -%}
{%- for direction in directions.values() -%}
{%- for name in [direction.xx, direction.xy] + direction.day + direction.moment -%}
{%- if name not in numbers -%}{%- do numbers.append(name) -%}{%- endif -%}
{%- endfor -%}
{%- endfor -%}
{%- set means = [
    'concurrent_mean_x', 'concurrent_mean_y', 'lagged_mean_xb', 'lagged_mean_yb', 'lagged_mean_x',
    'lagged_mean_y'
] %}

with memberships as (

    select
        stratum,
        episode_number,
        client_id,
        is_only_episode
    from {{ ref('int_stratum_blocks') }}

),

of_episodes as (

    select distinct
        episode_number,
        combination
    from {{ ref('int_stratum_blocks') }}

),

combinations as (

    select distinct
        combination,
        stratum
    from {{ ref('int_stratum_blocks') }}

),

combined as (

    select
        of_episodes.combination,
        episodes.pair,
        bool_and(episodes.is_ordered_by_day) as concurrent_is_in_days,
        bool_and(episodes.is_ordered_by_day) filter (where episodes.moments_count >= 3)
            as lagged_is_in_days
        {%- for name in numbers %},
        sum(episodes.{{ name }}) as {{ name }}
        {%- endfor %}
    from {{ ref('int_panel_products') }} as episodes
    inner join of_episodes
        on episodes.episode_number = of_episodes.episode_number
    where episodes.moments_count >= 2
    group by of_episodes.combination, episodes.pair

),

sums as (

    select
        combinations.stratum,
        combined.pair,
        bool_and(combined.concurrent_is_in_days) as concurrent_is_in_days,
        bool_and(combined.lagged_is_in_days) as lagged_is_in_days
        {%- for name in numbers %},
        sum(combined.{{ name }}) as {{ name }}
        {%- endfor %}
    from combined
    inner join combinations
        on combined.combination = combinations.combination
    group by combinations.stratum, combined.pair

),

directed_sums as (

    {%- for name, direction in directions.items() %}
    {%- set in_days = 'concurrent_is_in_days' if name == 'concurrent' else 'lagged_is_in_days' %}
    select
        stratum,
        pair,
        '{{ name }}' as direction,
        {{ in_days }} as is_in_days,
        {{ direction.xx }} as xx,
        {{ direction.xy }} as xy,
        case when {{ in_days }} then {{ direction.day[0] }} else {{ direction.moment[0] }} end
            as tt,
        case when {{ in_days }} then {{ direction.day[1] }} else {{ direction.moment[1] }} end
            as xt,
        case when {{ in_days }} then {{ direction.day[2] }} else {{ direction.moment[2] }} end
            as yt
    from sums
    where {{ direction.xx }} is not null
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

time_slopes as (

    select
        *,
        xt / nullif(tt, 0) as regressor_on_time,
        yt / nullif(tt, 0) as response_on_time
    from directed_sums

),

adjusted as (

    select
        *,
        xx - 2 * regressor_on_time * xt + regressor_on_time * regressor_on_time * tt as adjusted_xx,
        xy - response_on_time * xt - regressor_on_time * yt
        + regressor_on_time * response_on_time * tt as adjusted_xy
    from time_slopes

),

slopes as (

    select
        *,
        case when xx > 0 then xy / xx end as unadjusted_slope,
        -- A regressor that time explains wholly leaves only rounding behind: no slope.
        case when adjusted_xx > 1e-9 * xx then adjusted_xy / adjusted_xx end as adjusted_slope
    from adjusted

),

-- One row per group and pair again, so that the second reading joins once.
wide_slopes as (

    select
        stratum,
        pair
        {%- for name in directions %}
        {%- for number in [
            'regressor_on_time', 'response_on_time', 'unadjusted_slope', 'adjusted_slope'
        ] %},
        max(case when direction = '{{ name }}' then {{ number }} end) as {{ name }}_{{ number }}
        {%- endfor %},
        bool_and(is_in_days) filter (where direction = '{{ name }}') as {{ name }}_is_in_days
        {%- endfor %}
    from slopes
    group by stratum, pair

),

-- The cluster is the client: one who comes for two episodes counts once.
clients as (

    select
        memberships.stratum,
        episodes.pair,
        episodes.moments_count as longest_count,
        episodes.moments_count as rows_count,
        case when episodes.moments_count >= 3 then episodes.moments_count - 1 end
            as lagged_rows_count
        {%- for name in numbers + means %},
        episodes.{{ name }}
        {%- endfor %}
    from {{ ref('int_panel_products') }} as episodes
    inner join memberships
        on episodes.episode_number = memberships.episode_number
    where episodes.moments_count >= 2 and memberships.is_only_episode
    union all
    select
        stratum,
        pair,
        longest_count,
        rows_count,
        lagged_rows_count,
        {{ (numbers + means) | join(', ') }}
    from (
        select
            memberships.stratum,
            episodes.pair,
            memberships.client_id,
            max(episodes.moments_count) as longest_count,
            sum(episodes.moments_count) as rows_count,
            sum(case when episodes.moments_count >= 3 then episodes.moments_count - 1 end)
                as lagged_rows_count
            {%- for name in numbers %},
            sum(episodes.{{ name }}) as {{ name }}
            {%- endfor %}
            {%- for name in means %},
            avg(episodes.{{ name }}) as {{ name }}
            {%- endfor %}
        from {{ ref('int_panel_products') }} as episodes
        inner join memberships
            on episodes.episode_number = memberships.episode_number
        where episodes.moments_count >= 2 and not memberships.is_only_episode
        group by memberships.stratum, episodes.pair, memberships.client_id
    ) as repeated

),

-- Per client: the sum of regressor times residual.
scored as (

    select
        clients.*
        {%- for name, direction in directions.items() %}
        {%- set time = [] -%}
        {%- for place in [0, 1, 2] -%}
        {%- do time.append(
            '(case when slopes.' ~ name ~ '_is_in_days then clients.' ~ direction.day[place]
            ~ ' else clients.' ~ direction.moment[place] ~ ' end)'
        ) -%}
        {%- endfor -%}
        {%- set on_x = 'slopes.' ~ name ~ '_regressor_on_time' -%}
        {%- set on_y = 'slopes.' ~ name ~ '_response_on_time' %},
        clients.{{ direction.xy }} - slopes.{{ name }}_unadjusted_slope * clients.{{ direction.xx }}
            as {{ name }}_unadjusted_score,
        clients.{{ direction.xy }}
        - {{ on_y }} * {{ time[1] }} - {{ on_x }} * {{ time[2] }}
        + {{ on_x }} * {{ on_y }} * {{ time[0] }}
        - slopes.{{ name }}_adjusted_slope * (
            clients.{{ direction.xx }}
            - 2 * {{ on_x }} * {{ time[1] }} + {{ on_x }} * {{ on_x }} * {{ time[0] }}
        ) as {{ name }}_adjusted_score
        {%- endfor %}
    from clients
    inner join wide_slopes as slopes
        on clients.stratum = slopes.stratum and clients.pair = slopes.pair

),

-- The sandwich's middle: those sums squared.
clustered as (

    select
        stratum,
        pair
        {%- for name, direction in directions.items() %},
        count({{ direction.xx }}) as {{ name }}_client_count,
        count(case when longest_count >= 4 then {{ direction.xx }} end)
            as {{ name }}_long_client_count,
        sum({{ direction.rows }}) as {{ name }}_occasion_count,
        sum({{ name }}_unadjusted_score * {{ name }}_unadjusted_score)
            as {{ name }}_unadjusted_scores,
        sum({{ name }}_adjusted_score * {{ name }}_adjusted_score) as {{ name }}_adjusted_scores,
        regr_slope({{ direction.response }}, {{ direction.regressor }}) as {{ name }}_between_slope
        {%- endfor %}
    from scored
    group by stratum, pair

),

moments as (

    {%- for name in directions %}
    {%- for adjustment, xx in [('unadjusted', 'xx'), ('adjusted', 'adjusted_xx')] %}
    select
        slopes.stratum,
        slopes.pair,
        slopes.direction,
        {{ 'true' if adjustment == 'adjusted' else 'false' }} as is_adjusted_for_time,
        clustered.{{ name }}_client_count as client_count,
        clustered.{{ name }}_long_client_count as long_client_count,
        clustered.{{ name }}_occasion_count as occasion_count,
        slopes.{{ xx }} as regressor_sum_squares,
        slopes.{{ adjustment }}_slope as within_slope,
        clustered.{{ name }}_{{ adjustment }}_scores as cluster_score_sum_squares,
        clustered.{{ name }}_between_slope as between_slope,
        case when slopes.is_in_days then 'day' else 'position' end as time_unit
    from slopes
    inner join clustered
        on slopes.stratum = clustered.stratum and slopes.pair = clustered.pair
    where slopes.direction = '{{ name }}'
    {{ 'union all' if not loop.last }}
    {%- endfor %}
    {{ 'union all' if not loop.last }}
    {%- endfor %}

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
    pairs.process_scale_id,
    pairs.outcome_scale_id,
    moments.direction,
    moments.is_adjusted_for_time,
    moments.client_count,
    moments.long_client_count,
    cast(moments.occasion_count as bigint) as occasion_count,
    moments.regressor_sum_squares,
    moments.within_slope,
    moments.cluster_score_sum_squares,
    moments.between_slope,
    moments.time_unit
from moments
inner join stratum_names
    on moments.stratum = stratum_names.stratum
inner join {{ ref('int_scale_pairs') }} as pairs
    on moments.pair = pairs.pair
