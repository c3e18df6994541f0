{{ registry('equivalences', {
    'scale_id': 'varchar',
    'equivalent_scale_id': 'varchar',
    'relation': 'varchar',
    'crosswalk_scale_id': 'varchar',
    'citation': 'varchar',
    'status': 'varchar',
    'note': 'varchar',
}) }}
