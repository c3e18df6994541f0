{{ registry('timepoints', {
    'occasion_label': 'varchar',
    'timepoint': 'varchar',
    'timepoint_order': 'double',
}) }}
