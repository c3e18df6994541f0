{#- The name of an episode that no file named: one client in one program. -#}
{% macro derived_episode_id(program, client) -%}
concat({{ program }}, ':', {{ client }})
{%- endmacro %}
