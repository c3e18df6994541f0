-- One row per episode and scale pair: the sums that within-person slopes are made of, about the
-- episode's own means, and the scores of the first five moments.
-- Names: x and y are process and outcome, xb and yb one moment before them, xbb and ybb two before,
-- k the number of the moment, d the day. concurrent_ is over all moments; lagged_ is over all but
-- the first and needs three moments; instrumented_ is over all but the first two.
-- Scores are counted from the episode's first, d from its first day: that keeps the digits of sums
-- of squares, a panel that never varies has products of exactly 0, and sums over all moments are
-- those over all but the first, to which the first adds 0.
-- Lines that loops write are not laid out by hand.
-- noqa: disable=LT02,LT05
{%- set steps = ['dxb', 'dyb', 'dx', 'dy'] -%}
{%- set products = [
    ['x', 'x'], ['x', 'y'], ['x', 'k'], ['x', 'd'], ['y', 'y'], ['y', 'k'], ['y', 'd'], ['d', 'd'],
    ['xb', 'xb'], ['xb', 'yb'], ['xb', 'k'], ['xb', 'x'], ['xb', 'y'], ['xb', 'd'],
    ['yb', 'yb'], ['yb', 'k'], ['yb', 'x'], ['yb', 'y'], ['yb', 'd']
] %}

with counted as (

    select
        episode_number,
        pair,
        moment,
        is_ordered_by_day,
        process_score,
        outcome_score,
        first_process_score,
        first_outcome_score,
        cast(moment as double) as k,
        time_position - first_time_position as d,
        process_score - first_process_score as x,
        outcome_score - first_outcome_score as y,
        previous_process_score - first_process_score as xb,
        previous_outcome_score - first_outcome_score as yb,
        earlier_process_score - first_process_score as xbb,
        earlier_outcome_score - first_outcome_score as ybb,
        previous_process_score - earlier_process_score as dxb,
        previous_outcome_score - earlier_outcome_score as dyb,
        case when moment > 2 then process_score - previous_process_score end as dx,
        case when moment > 2 then outcome_score - previous_outcome_score end as dy
    from {{ ref('int_panels') }}

),

sums as (

    select
        episode_number,
        pair,
        count(*) as moments_count,
        case when count(*) >= 3 then count(*) - 1 end as lags_count,
        case when count(*) >= 3 then count(*) - 2 end as steps_count,
        bool_and(is_ordered_by_day) as is_ordered_by_day,
        max(first_process_score) as x1,
        max(first_outcome_score) as y1
        {%- for name in ['x', 'y', 'd', 'xb', 'yb', 'xbb', 'ybb'] + steps %},
        sum({{ name }}) as {{ name }}
        {%- endfor %}
        {%- for a, b in products %},
        sum({{ a }} * {{ b }}) as {{ a }}_{{ b }}
        {%- endfor %}
        {%- for level in ['xbb', 'ybb'] %}{% for step in steps %},
        sum({{ level }} * {{ step }}) as {{ level }}_{{ step }}
        {%- endfor %}{% endfor %}
        {%- for moment in [2, 3, 4, 5] %},
        max(case when moment = {{ moment }} then process_score end) as x{{ moment }},
        max(case when moment = {{ moment }} then outcome_score end) as y{{ moment }}
        {%- endfor %}
    from counted
    group by episode_number, pair

)

select
    episode_number,
    pair,
    cast(moments_count as integer) as moments_count,
    is_ordered_by_day,
    -- Twelve digits, for the order of parallel sums moves the last ones.
    {%- for a, b in [['x', 'x'], ['x', 'y'], ['y', 'y'], ['x', 'd'], ['y', 'd'], ['d', 'd']] %}
    round({{ a }}_{{ b }} - {{ a }} * {{ b }} / moments_count, 12) as concurrent_{{ a }}_{{ b }},
    {%- endfor %}
    {%- for a in ['x', 'y'] %}
    round({{ a }}_k - {{ a }} * (moments_count + 1) / 2.0, 12) as concurrent_{{ a }}_k,
    round({{ a }}1 + {{ a }} / moments_count, 12) as concurrent_mean_{{ a }},
    {%- endfor %}
    cast(moments_count * (moments_count * moments_count - 1) / 12.0 as double) as concurrent_k_k,
    {%- for a, b in [
        ['xb', 'xb'], ['xb', 'yb'], ['xb', 'x'], ['xb', 'y'], ['yb', 'yb'], ['yb', 'x'],
        ['yb', 'y'], ['x', 'x'], ['x', 'y'], ['y', 'y'], ['xb', 'd'], ['yb', 'd'], ['x', 'd'],
        ['y', 'd'], ['d', 'd']
    ] %}
    round({{ a }}_{{ b }} - {{ a }} * {{ b }} / lags_count, 12) as lagged_{{ a }}_{{ b }},
    {%- endfor %}
    {%- for a, name, first in [
        ['xb', 'xb_k', 'x1'], ['yb', 'yb_k', 'y1'], ['x', 'k_x', 'x1'], ['y', 'k_y', 'y1']
    ] %}
    round({{ a }}_k - {{ a }} * (lags_count + 3) / 2.0, 12) as lagged_{{ name }},
    round({{ first }} + {{ a }} / lags_count, 12) as lagged_mean_{{ a }},
    {%- endfor %}
    cast(lags_count * (lags_count * lags_count - 1) / 12.0 as double) as lagged_k_k,
    cast(steps_count as double) as instrumented_one_one,
    {%- for step in steps %}
    round({{ step }}, 12) as instrumented_one_{{ step }},
    {%- endfor %}
    {%- for level, first in [['xbb', 'x1'], ['ybb', 'y1']] %}
    round({{ first }} * steps_count + {{ level }}, 12) as instrumented_{{ level }}_one,
    {%- for step in steps %}
    round({{ first }} * {{ step }} + {{ level }}_{{ step }}, 12)
        as instrumented_{{ level }}_{{ step }},
    {%- endfor %}
    {%- endfor %}
    {%- for moment in [1, 2, 3, 4, 5] %}
    x{{ moment }},
    y{{ moment }}{{ ',' if not loop.last }}
    {%- endfor %}
from sums
