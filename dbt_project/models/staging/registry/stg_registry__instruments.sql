{{ registry('instruments', {
    'instrument_id': 'varchar',
    'instrument_name': 'varchar',
    'construct': 'varchar',
    'role': 'varchar',
    'shame_type': 'varchar',
    'recall_window': 'varchar',
    'licence': 'varchar',
    'citation': 'varchar',
    'status': 'varchar',
}) }}
