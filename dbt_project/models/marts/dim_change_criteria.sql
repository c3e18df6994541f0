select
    change_rule_id as threshold_id,
    scale_id,
    rule_set,
    method,
    sd_source,
    standard_deviation,
    reliability,
    standard_error_of_difference,
    reliable_change_points,
    cutoff_kind,
    cutoff,
    clinical_operator,
    baseline_count,
    status
from {{ ref('int_change_criteria') }}
