-- One row per stratum and form from which the clinic's own reliability is estimated: of each client
-- the first form of an instrument, because a second form by one person is not new evidence, and of
-- those a bounded sample in an order that means nothing (a hash) and never changes.
with ordered as (

    select
        administration_key,
        instrument_id,
        source,
        program_id,
        coalesce(cast(extract(year from occurred_on) as varchar), 'unknown') as year,
        row_number() over (
            partition by client_id, instrument_id
            order by
                occurred_on nulls last,
                time_position nulls last,
                -- Two forms of one moment: the earlier occasion comes first.
                occasion_order nulls last,
                administration_key
        ) as place
    from {{ ref('int_administrations') }}
    where item_answers_count > 0 and not is_conflict

),

first_forms as (

    select * from ordered
    where place = 1

),

stratified as (

    select
        'all' as stratum_kind,
        'all' as stratum_id,
        instrument_id,
        administration_key
    from first_forms
    union all
    select
        'program' as stratum_kind,
        program_id as stratum_id,
        instrument_id,
        administration_key
    from first_forms
    union all
    select
        'source' as stratum_kind,
        source as stratum_id,
        instrument_id,
        administration_key
    from first_forms
    union all
    select
        'year' as stratum_kind,
        year as stratum_id,
        instrument_id,
        administration_key
    from first_forms
    union all
    select
        'program_year' as stratum_kind,
        concat(program_id, ' ', year) as stratum_id,
        instrument_id,
        administration_key
    from first_forms

),

numbered as (

    select
        *,
        row_number() over (
            partition by stratum_kind, stratum_id, instrument_id
            order by md5(cast(administration_key as varchar))
        ) as place
    from stratified

)

select
    stratum_kind,
    stratum_id,
    instrument_id,
    administration_key as form
from numbered
where place <= {{ var('maximum_reliability_forms') }}
