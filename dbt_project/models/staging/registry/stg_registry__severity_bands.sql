{{ registry('severity_bands', {
    'scale_id': 'varchar',
    'band_set': 'varchar',
    'band_order': 'integer',
    'label': 'varchar',
    'score_minimum': 'double',
    'score_maximum': 'double',
    'is_default': 'boolean',
    'population': 'varchar',
    'valid_from': 'date',
    'valid_to': 'date',
    'citation': 'varchar',
    'status': 'varchar',
}, default_within=['scale_id']) }}
