-- One row per program (and all) and scale: in how many of the courses that could show one there was
-- a sudden gain, and in how many a sudden loss (Tang & DeRubeis 1999).
with cells as (

    {{ published_cells('pub_sudden_gains', [
        'course_count', 'gain_count', 'loss_count'
    ]) | indent(4) }}

),

-- Without a rule for the scale no step is judged.
asked as (

    select distinct
        program_id,
        scale_id
    from {{ ref('fct_score_courses') }}
    where threshold_id is not null

),

scoped as (

    select
        program_id,
        scale_id
    from asked
    union
    select
        'all' as program_id,
        scale_id
    from asked

),

counted as (

    select
        scoped.program_id,
        scoped.scale_id,
        {%- for count in ['course_count', 'gain_count', 'loss_count'] %}
        cells.{{ count }},
        coalesce(cells.{{ count }}_status, 'suppressed') as {{ count }}_status,
        {%- endfor %}
        policy.proportion_digits as digits
    from scoped
    cross join {{ source('disclosure', 'disclosure_policy') }} as policy
    left join cells
        on cells.block_id = concat_ws('|', scoped.program_id, scoped.scale_id)

),

rated as (

    select
        *,
        {{ proportion_status('gain_count', 'course_count') | indent(8) }} as gain_proportion_status
    from counted

)

select
    program_id,
    scale_id,
    course_count,
    course_count_status,
    gain_count,
    gain_count_status,
    {{ shown_proportion('gain_proportion', 'gain_count', 'course_count', 'digits') | indent(4) }},
    gain_proportion_status,
    loss_count,
    loss_count_status,
    {{ kept_from_release() }}
from rated
