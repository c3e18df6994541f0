{{ registry('missing_rules', {
    'scale_id': 'varchar',
    'rule_set': 'varchar',
    'missing_rule': 'varchar',
    'minimum_items_answered': 'integer',
    'is_default': 'boolean',
    'citation': 'varchar',
    'status': 'varchar',
}, default_within=['scale_id']) }}
