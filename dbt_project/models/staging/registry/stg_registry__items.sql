{{ registry('items', {
    'instrument_id': 'varchar',
    'item': 'integer',
    'response_minimum': 'double',
    'response_maximum': 'double',
    'is_fractional': 'boolean',
    'loinc_code': 'varchar',
}) }}
