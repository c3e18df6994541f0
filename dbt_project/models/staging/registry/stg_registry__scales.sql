with scales as (

    {{ registry('scales', {
        'scale_id': 'varchar',
        'instrument_id': 'varchar',
        'scale_name': 'varchar',
        'scale_kind': 'varchar',
        'construct': 'varchar',
        'shame_type': 'varchar',
        'is_primary': 'boolean',
        'is_higher_better': 'boolean',
        'scoring_rule': 'varchar',
        'converted_from': 'varchar',
        'scoring_variant': 'varchar',
        'multiplier': 'double',
        'score_minimum': 'double',
        'score_maximum': 'double',
        'missing_rule': 'varchar',
        'minimum_items_answered': 'integer',
        'loinc_code': 'varchar',
        'citation': 'varchar',
        'status': 'varchar',
    }) }}

),

-- A default rule of missing_rules.csv, shipped or the clinic's, takes the place of the scale's own.
rules as (

    select
        scale_id,
        rule_set,
        missing_rule,
        minimum_items_answered
    from {{ ref('stg_registry__missing_rules') }}
    where is_default

)

select
    scales.scale_id,
    scales.instrument_id,
    scales.scale_name,
    scales.scale_kind,
    -- What a scale does not say of itself, its instrument says.
    coalesce(scales.construct, instruments.construct) as construct,
    coalesce(scales.shame_type, instruments.shame_type) as shame_type,
    instruments.role,
    scales.is_primary,
    scales.is_higher_better,
    scales.scoring_rule,
    scales.converted_from,
    scales.scoring_variant,
    scales.multiplier,
    scales.score_minimum,
    scales.score_maximum,
    coalesce(rules.missing_rule, scales.missing_rule) as missing_rule,
    case
        when rules.missing_rule is null then scales.minimum_items_answered
        else rules.minimum_items_answered
    end as minimum_items_answered,
    case
        when rules.rule_set is not null then rules.rule_set
        when scales.missing_rule <> 'none' then 'of the scale'
    end as missing_rule_set,
    scales.loinc_code,
    scales.citation,
    scales.status,
    scales.origin
from scales
left join rules
    on scales.scale_id = rules.scale_id
left join {{ ref('stg_registry__instruments') }} as instruments
    on scales.instrument_id = instruments.instrument_id
