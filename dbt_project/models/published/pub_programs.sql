select
    program_id,
    program_name,
    self_compassion_content
from {{ ref('dim_programs') }}
