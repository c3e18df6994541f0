-- One row per interval over which any change is known, numbered: millions of changes are grouped by
-- the number.
select
    cast(row_number() over (order by interval_name) as integer) as interval_number,
    interval_name,
    interval_name = 'first_to_last' as is_whole_course
from {{ ref('int_changes') }}
group by interval_name
