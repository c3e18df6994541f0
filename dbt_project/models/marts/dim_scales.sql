select
    scales.scale_id,
    scales.scale_name,
    scales.instrument_id,
    instruments.instrument_name,
    scales.construct,
    scales.shame_type,
    scales.role,
    scales.scale_kind,
    scales.is_primary,
    scales.is_higher_better,
    scales.scoring_rule,
    scales.converted_from,
    scales.scoring_variant,
    scales.score_minimum,
    scales.score_maximum,
    scales.missing_rule,
    scales.minimum_items_answered,
    scales.missing_rule_set,
    scales.loinc_code,
    scales.citation,
    scales.status
from {{ ref('stg_registry__scales') }} as scales
inner join {{ ref('stg_registry__instruments') }} as instruments
    on scales.instrument_id = instruments.instrument_id
