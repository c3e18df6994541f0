-- One row per source and instrument: do its answers use the whole range, and all items?
-- Read from the forms that reliability is estimated from, which are enough to see it.
with answers as (

    select
        forms.stratum_id as source,
        forms.instrument_id,
        answers.form,
        answers.item,
        answers.answer
    from {{ ref('int_reliability_forms') }} as forms
    inner join {{ ref('int_reliability_answers') }} as answers
        on forms.form = answers.form
    where forms.stratum_kind = 'source'

),

refused as (

    select
        loads.source,
        count(*) as refused_out_of_range_count
    from {{ ref('stg_raw__refusals') }} as refusals
    inner join {{ ref('stg_raw__loads') }} as loads
        on refusals.load_sequence = loads.load_sequence
    where refusals.reason = 'response_out_of_range' and loads.retired_by is null
    group by loads.source

),

by_item as (

    select
        answers.source,
        answers.instrument_id,
        answers.item,
        count(*) as answers_count,
        max(case when items.is_fractional then 1 else 0 end) as is_fractional,
        max(case when answers.answer = items.response_minimum then 1 else 0 end) as has_lowest,
        max(case when answers.answer = items.response_maximum then 1 else 0 end) as has_highest
    from answers
    inner join {{ ref('stg_registry__items') }} as items
        on
            answers.instrument_id = items.instrument_id
            and answers.item = items.item
    group by answers.source, answers.instrument_id, answers.item

),

sizes as (

    select
        instrument_id,
        count(*) as item_count
    from {{ ref('stg_registry__items') }}
    group by instrument_id

),

forms as (

    select
        source,
        instrument_id,
        count(distinct form) as forms_count
    from answers
    group by source, instrument_id

),

ends as (

    select
        source,
        instrument_id,
        cast(sum(answers_count) as bigint) as answers_count,
        count(*) as answered_items_count,
        -- On a line between two ends hardly anybody marks the very end.
        case
            when max(is_fractional) = 1 then 0
            else 2 - max(has_lowest) - max(has_highest)
        end as unused_ends_count
    from by_item
    group by source, instrument_id

)

select
    ends.source,
    ends.instrument_id,
    forms.forms_count,
    ends.answers_count,
    cast(ends.unused_ends_count as integer) as unused_ends_count,
    cast(sizes.item_count - ends.answered_items_count as integer) as silent_items_count,
    coalesce(refused.refused_out_of_range_count, 0) as refused_out_of_range_count
from ends
inner join forms
    on
        ends.source = forms.source
        and ends.instrument_id = forms.instrument_id
inner join sizes
    on ends.instrument_id = sizes.instrument_id
left join refused
    on ends.source = refused.source
