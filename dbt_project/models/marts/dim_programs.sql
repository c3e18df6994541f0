with named as (

    select distinct program_id
    from {{ ref('int_episodes') }}

)

select
    named.program_id,
    coalesce(programs.program_name, named.program_id) as program_name,
    programs.family,
    coalesce(programs.self_compassion_content, 'unknown') as self_compassion_content,
    programs.format
from named
left join {{ ref('stg_registry__programs') }} as programs
    on named.program_id = programs.program_id
