-- One row per episode and scale pair: the sums that within-person slopes are made of, about the
-- episode's own means, and the scores of the first five moments.
-- Names: x and y are process and outcome, xb and yb one moment before them, xbb and ybb two before,
-- k the number of the moment, d the day. concurrent_ is over all moments; lagged_ is over all but
-- the first and needs three moments; instrumented_ is over all but the first two.
-- Scores are counted from the episode's first, d from its first day: that keeps the digits of sums
-- of squares, a panel that never varies has products of exactly 0, and sums over all moments are
-- those over all but the first, to which the first adds 0.
-- A sum over what was one moment before is the sum over all without the last, and so on: only what
-- multiplies two different moments is added up by itself, the rest follows from the last two.
-- Names: xl and yl are of the last moment (all of them without what was one before), xp and yp of
-- the one before it.
-- Lines that loops write are not laid out by hand.
-- noqa: disable=LT02,LT05
{%- set levels = ['x', 'y', 'd', 'xb', 'yb', 'xbb', 'ybb'] -%}
{%- set products = [
    ['x', 'x'], ['x', 'y'], ['x', 'k'], ['x', 'd'], ['y', 'y'], ['y', 'k'], ['y', 'd'], ['d', 'd'],
    ['xb', 'x'], ['xb', 'y'], ['xb', 'd'], ['yb', 'x'], ['yb', 'y'], ['yb', 'd'],
    ['xbb', 'x'], ['xbb', 'y'], ['ybb', 'x'], ['ybb', 'y']
] -%}
{%- set steps = ['dxb', 'dyb', 'dx', 'dy'] %}

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
        earlier_outcome_score - first_outcome_score as ybb
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
        max(first_outcome_score) as y1,
        sum(x) - sum(xb) as xl,
        sum(y) - sum(yb) as yl,
        sum(xb) - sum(xbb) as xp,
        sum(yb) - sum(ybb) as yp
        {%- for name in levels %},
        sum({{ name }}) as {{ name }}
        {%- endfor %}
        {%- for a, b in products %},
        sum({{ a }} * {{ b }}) as {{ a }}_{{ b }}
        {%- endfor %}
        {%- for moment in [2, 3, 4, 5] %},
        max(case when moment = {{ moment }} then process_score end) as x{{ moment }},
        max(case when moment = {{ moment }} then outcome_score end) as y{{ moment }}
        {%- endfor %}
    from counted
    group by episode_number, pair

),

-- Over all moments but the first, what was one before.
lagged as (

    select
        *,
        x_k - moments_count * xl + xb as xb_k,
        y_k - moments_count * yl + yb as yb_k,
        x_x - xl * xl as xb_xb,
        x_y - xl * yl as xb_yb,
        y_y - yl * yl as yb_yb
    from sums

),

-- Over all moments but the first two: levels two before, and how far scores moved since.
stepped as (

    select
        *,
        case when moments_count >= 3 then xp end as dxb,
        case when moments_count >= 3 then yp end as dyb,
        case when moments_count >= 3 then xl - (x2 - x1) end as dx,
        case when moments_count >= 3 then yl - (y2 - y1) end as dy
        {%- for a in ['x', 'y'] %}{% for b in ['x', 'y'] %},
        -- {{ a }} two before, times the {{ b }} one before, less the {{ b }} two before it.
        ({{ a }}b_{{ b }} - {{ a }}p * {{ b }}l)
        - ({{ 'xb_yb' if a != b else a ~ 'b_' ~ b ~ 'b' }} - {{ a }}p * {{ b }}p) as {{ a }}bb_d{{ b }}b,
        {{ a }}bb_{{ b }} - ({{ a }}b_{{ b }} - {{ a }}p * {{ b }}l) as {{ a }}bb_d{{ b }}
        {%- endfor %}{% endfor %}
    from lagged

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
from stepped
