{{ registry('scale_items', {
    'scale_id': 'varchar',
    'item': 'integer',
    'is_reversed': 'boolean',
    'component': 'varchar',
}) }}
