with scale_items as (

    {{ registry('scale_items', {
        'scale_id': 'varchar',
        'item': 'integer',
        'is_reversed': 'boolean',
        'component': 'varchar',
    }) }}

)

select
    scale_id,
    item,
    is_reversed,
    -- A plain sum or mean has a single component.
    coalesce(component, 'all items') as component,
    origin
from scale_items
