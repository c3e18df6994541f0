{{ registry('outcome_measures', {
    'threshold_set': 'varchar',
    'set_order': 'integer',
    'domain': 'varchar',
    'condition_id': 'varchar',
    'scale_id': 'varchar',
    'priority': 'integer',
}) }}
