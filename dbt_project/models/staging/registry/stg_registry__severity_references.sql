{{ registry('severity_references', {
    'scale_id': 'varchar',
    'sample_size': 'bigint',
    'first_score_mean': 'double',
    'first_score_sd': 'double',
    'improvement_mean': 'double',
    'improvement_sd': 'double',
    'slope': 'double',
}) }}
