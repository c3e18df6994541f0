{{ registry('programs', {
    'program_id': 'varchar',
    'program_name': 'varchar',
    'family': 'varchar',
    'self_compassion_content': 'varchar',
    'format': 'varchar',
}) }}
