{#-
  The fine bins that pictures are made of. Their edges come from the registry, never from the data:
  which of them are put together until none is small is decided later (orchestration.disclosure.merging).
-#}

{#- Whether a picture is made of a scale: primary ones and halves whose range the registry knows. -#}
{% macro is_pictured(scales) -%}
({{ scales }}.is_primary or {{ scales }}.scale_kind = 'half')
and coalesce({{ scales }}.score_maximum > {{ scales }}.score_minimum, false)
{%- endmacro %}

{#- A round step of which at most thirty cover a scale: 1, 2, 3, 5 or 10 times a power of ten. -#}
{% macro bin_width(minimum, maximum) -%}
{%- set share = '((' ~ maximum ~ ' - ' ~ minimum ~ ') / 30.0)' -%}
{%- set power = 'power(10, floor(log10(' ~ share ~ ')))' -%}
round(
    {{ power }} * case
        {%- for step in [1, 2, 3, 5] %}
        when round({{ share }} / {{ power }}, 9) <= {{ step }} then {{ step }}
        {%- endfor %}
        else 10
    end, 9
)
{%- endmacro %}

{#- The bin of a score, from 1 at the scale's lower end to thirty at most; a bin begins with its lower
    edge. Nine places, because 2.9 - 1.4 is 1.5 and its float is less. -#}
{% macro score_bin(score, minimum, maximum) -%}
cast(least(greatest(
    1 + floor(round(
        ({{ score }} - {{ minimum }}) / {{ bin_width(minimum, maximum) | indent(8) }}, 9
    )), 1
), 30) as integer)
{%- endmacro %}

{#- The unit of a change: the change that is reliable, or an eighth of the scale where no rule says
    which is. -#}
{% macro change_unit(reliable_points, minimum, maximum) -%}
coalesce(nullif({{ reliable_points }}, 0), ({{ maximum }} - {{ minimum }}) / 8.0)
{%- endmacro %}

{#- The edges between the ten bins of an improvement, in units; beyond the outermost is the rest. -#}
{% macro change_edges() -%}
{{ return([-2, -1, -0.5, 0, 0.5, 1, 1.5, 2, 3]) }}
{%- endmacro %}

{#- The bin of an improvement, from 1 (worst) to 10; a bin ends with its upper edge. Whether a change
    is a reliable one its class says where there is one, so that the edge at one unit is the line
    between two classes and not a hair beside it: 1 and 2 deteriorated, 3 to 6 unchanged. -#}
{% macro change_bin(improvement, class, unit) -%}
{%- set number -%}
case
    {%- for edge in change_edges() %}
    when {{ improvement }} <= {{ edge }} * {{ unit }} then {{ loop.index }}
    {%- endfor %}
    else 10
end
{%- endset -%}
case {{ class }}
    when 'deteriorated' then least({{ number | indent(4) }}, 2)
    when 'unchanged' then least(greatest({{ number | indent(4) }}, 3), 6)
    when 'improved' then greatest({{ number | indent(4) }}, 7)
    else {{ number | indent(4) }}
end
{%- endmacro %}

{#- The upper edge of such a bin as an improvement; of bin 0 the least improvement there can be. -#}
{% macro change_edge(bin, unit, range) -%}
case {{ bin }}
    when 0 then 0 - {{ range }}
    when 10 then {{ range }}
    else greatest(least({{ unit }} * case {{ bin }}
        {%- for edge in change_edges() %}
        when {{ loop.index }} then {{ edge }}
        {%- endfor %}
    end, {{ range }}), 0 - {{ range }})
end
{%- endmacro %}

{#- Weeks since the first score, in bands: each from its first week to before the next one's. -#}
{% macro week_bands() -%}
{{ return([(0, 0), (1, 2), (3, 4), (5, 8), (9, 12), (13, 26), (27, none)]) }}
{%- endmacro %}

{#-
  One row per program, scale (primary ones and halves), client and band of weeks since the first
  score on the scale in the episode: the mean of the client's scores there. In a band everybody
  counts once, however often they were asked.
-#}
{% macro client_weeks() -%}
select
    program_id,
    scale_id,
    client_id,
    week_from,
    avg(score) as score
from (
    select
        placed.*,
        case
            {%- for first, _ in week_bands()[1:] | reverse %}
            when placed.days_since >= {{ 7 * first }} then {{ first }}
            {%- endfor %}
            else 0
        end as week_from
    from (
        select
            scores.program_id,
            scores.scale_id,
            scores.client_id,
            scores.score,
            scores.day
            - min(scores.day) over (partition by scores.episode_id, scores.scale_id) as days_since
        from {{ ref('fct_scores') }} as scores
        inner join {{ ref('dim_scales') }} as scales
            on scores.scale_id = scales.scale_id
        where
            {{ is_pictured('scales') }}
            and scores.score is not null
            and scores.day is not null
    ) as placed
) as banded
group by program_id, scale_id, client_id, week_from
{%- endmacro %}
