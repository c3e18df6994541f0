{{ registry('conditions', {
    'condition_id': 'varchar',
    'condition_name': 'varchar',
    'transdiagnostic_group': 'varchar',
}) }}
