{{ registry('norms', {
    'norm_id': 'varchar',
    'scale_id': 'varchar',
    'population': 'varchar',
    'population_kind': 'varchar',
    'sample_size': 'double',
    'mean': 'double',
    'standard_deviation': 'double',
    'citation': 'varchar',
    'status': 'varchar',
}) }}
