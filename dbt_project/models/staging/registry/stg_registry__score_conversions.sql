{{ registry('score_conversions', {
    'scale_id': 'varchar',
    'raw_score': 'double',
    'converted_score': 'double',
    'status': 'varchar',
}) }}
