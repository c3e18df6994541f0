{{ registry('items', {
    'instrument_id': 'varchar',
    'item': 'integer',
    'response_minimum': 'double',
    'response_maximum': 'double',
    'loinc_code': 'varchar',
}) }}
