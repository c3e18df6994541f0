with scales as (

    {{ registry('scales', {
        'scale_id': 'varchar',
        'instrument_id': 'varchar',
        'scale_name': 'varchar',
        'scale_kind': 'varchar',
        'is_primary': 'boolean',
        'is_higher_better': 'boolean',
        'scoring_rule': 'varchar',
        'scoring_variant': 'varchar',
        'multiplier': 'double',
        'score_minimum': 'double',
        'score_maximum': 'double',
        'missing_rule': 'varchar',
        'minimum_items_answered': 'integer',
        'citation': 'varchar',
        'status': 'varchar',
    }) }}

),

-- A clinic may set its own rule for missing answers on any scale.
clinics_rules as (

    select
        scale_id,
        missing_rule,
        cast(nullif(trim(minimum_items_answered), '') as integer) as minimum_items_answered
    from {{ source('raw', 'local_missing_rules') }}

)

select
    scales.scale_id,
    scales.instrument_id,
    scales.scale_name,
    scales.scale_kind,
    scales.is_primary,
    scales.is_higher_better,
    scales.scoring_rule,
    scales.scoring_variant,
    scales.multiplier,
    scales.score_minimum,
    scales.score_maximum,
    coalesce(clinics_rules.missing_rule, scales.missing_rule) as missing_rule,
    case
        when clinics_rules.missing_rule is null then scales.minimum_items_answered
        else clinics_rules.minimum_items_answered
    end as minimum_items_answered,
    scales.citation,
    scales.status,
    scales.origin
from scales
left join clinics_rules
    on scales.scale_id = clinics_rules.scale_id
