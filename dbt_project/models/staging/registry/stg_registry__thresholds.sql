{{ registry('thresholds', {
    'threshold_id': 'varchar',
    'scale_id': 'varchar',
    'threshold_set': 'varchar',
    'threshold_kind': 'varchar',
    'operator': 'varchar',
    'value': 'double',
    'population': 'varchar',
    'is_default': 'boolean',
    'valid_from': 'date',
    'valid_to': 'date',
    'citation': 'varchar',
    'status': 'varchar',
}, default_within=['scale_id', 'threshold_kind']) }}
