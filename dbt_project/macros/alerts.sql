{#-
  From signals to alerts: one row per episode and kind that could be judged at all, with the first
  moment at which it was met. `signals` has a row per moment judged: episode_id, alert_kind,
  time_position, day, occurred_on, scale_id, observed_value, limit_value, is_met
  (NULL: could not be judged) and unknown_reason.
-#}
{% macro alerts_from(signals) -%}
select
    judged.episode_id,
    judged.alert_kind,
    judged.is_raised,
    judged.is_standing,
    judged.unknown_reason,
    raised.time_position,
    raised.day,
    raised.occurred_on,
    raised.scale_id,
    raised.observed_value,
    raised.limit_value
from (
    select
        episode_id,
        alert_kind,
        bool_or(is_met) as is_raised,
        max(case when is_met then time_position end)
        = max(case when is_met is not null then time_position end) as is_standing,
        max(unknown_reason) as unknown_reason
    from {{ signals }}
    group by episode_id, alert_kind
) as judged
left join (
    select *
    from {{ signals }}
    where is_met
    qualify row_number() over (
            partition by episode_id, alert_kind
            order by time_position nulls last, occurred_on nulls last, scale_id nulls last
        ) = 1
) as raised
    on
        judged.episode_id = raised.episode_id
        and judged.alert_kind = raised.alert_kind
{%- endmacro %}
