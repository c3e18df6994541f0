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
union all
-- A component with its opposite turned round: no score of a form, only of a change.
select
    opposites.pair_id as scale_id,
    opposites.pair_name as scale_name,
    scales.instrument_id,
    instruments.instrument_name,
    scales.construct,
    scales.shame_type,
    scales.role,
    'pair' as scale_kind,
    false as is_primary,
    scales.is_higher_better,
    scales.scoring_rule,
    scales.converted_from,
    scales.scoring_variant,
    scales.score_minimum,
    scales.score_maximum,
    scales.missing_rule,
    scales.minimum_items_answered,
    scales.missing_rule_set,
    cast(null as varchar) as loinc_code,
    opposites.citation,
    opposites.status
from {{ ref('component_pairs') }} as opposites
inner join {{ ref('stg_registry__scales') }} as scales
    on opposites.scale_id = scales.scale_id
inner join {{ ref('stg_registry__instruments') }} as instruments
    on scales.instrument_id = instruments.instrument_id
