-- One row per process scale and outcome scale whose changes are related: self-compassion (and
-- other processes) and mechanisms on one side, symptoms and mechanisms on the other. The halves of
-- a process scale stand beside its total. Roles are rows of the registry; no scale is named here.
-- Only scales on which somebody filled in a form: of the registry's pairs nearly all are of scales
-- that this clinic does not use, and joins would try each of them for every score.
with used as (

    select scale_id
    from {{ ref('int_changes') }}
    where interval_name = 'first_to_last'
    group by scale_id

),

scales as (

    select
        scales.scale_id,
        scales.instrument_id,
        scales.is_higher_better,
        scales.is_primary,
        scales.scale_kind,
        instruments.role
    from {{ ref('stg_registry__scales') }} as scales
    inner join {{ ref('stg_registry__instruments') }} as instruments
        on scales.instrument_id = instruments.instrument_id
    inner join used
        on scales.scale_id = used.scale_id

)

select
    cast(row_number() over (order by processes.scale_id, outcomes.scale_id) as integer) as pair,
    processes.scale_id as process_scale_id,
    processes.is_higher_better as process_is_higher_better,
    outcomes.scale_id as outcome_scale_id,
    outcomes.is_higher_better as outcome_is_higher_better
from scales as processes
inner join scales as outcomes
    on
        processes.instrument_id <> outcomes.instrument_id
        and outcomes.is_primary
        and (
            (processes.role = 'process' and outcomes.role in ('outcome', 'mechanism'))
            or (processes.role = 'mechanism' and outcomes.role = 'outcome')
        )
where
    processes.is_primary
    or (processes.role = 'process' and processes.scale_kind = 'half')
