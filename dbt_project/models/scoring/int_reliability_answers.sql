-- One row per answer on a form from which reliability is estimated.
with forms as (

    select distinct
        instrument_id,
        form
    from {{ ref('int_reliability_forms') }}

)

select
    forms.instrument_id,
    forms.form,
    responses.item,
    responses.response_value as answer
from {{ ref('stg_raw__item_responses') }} as responses
inner join forms
    on responses.administration_key = forms.form
where responses.response_value is not null
