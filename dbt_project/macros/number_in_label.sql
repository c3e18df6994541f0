{#-
  The number that orders an occasion: `3`, `3.5`, `session 3`, `week_4`, `s3`, `t2`, `12m`.
  Any other label has none: its order must come from the mapping or from the timepoints seed.
-#}
{% macro number_in_label(label) -%}
cast(nullif(regexp_extract(
    lower(trim({{ label }})),
    '^(?:session|sess|s|week|wk|w|visit|v|time|t|wave|month|day|d|occasion|m)?[ _.-]*([0-9]+(?:[.][0-9]+)?) ?(?:d|w|m|mo|months|weeks|days)?$',
    1
), '') as double)
{%- endmacro %}

{#-
  The session's number, where a label names a session or is a bare number; `2m` is no session, nor
  is a number too long to be one (a time stamp as label).
-#}
{% macro session_in_label(label) -%}
try_cast(nullif(regexp_extract(
    lower(trim({{ label }})),
    '^(?:session|sess|s|visit|v|time|t|wave|occasion)?[ _.-]*([0-9]+)$',
    1
), '') as integer)
{%- endmacro %}
