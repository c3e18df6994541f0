-- A form that no episode can hold and a diary alone have a client too.
with clients as (

    select distinct client_id
    from {{ ref('int_episodes') }}
    union
    select distinct client_id
    from {{ ref('stg_raw__clients') }}
    union
    select distinct client_id
    from {{ ref('int_administrations') }}
    union
    select distinct client_id
    from {{ ref('stg_raw__practice') }}

),

attributes as (

    select * from {{ ref('stg_raw__clients') }}

)

select
    clients.client_id,
    max(attributes.attribute_value) filter (where attributes.attribute = 'age_band') as age_band,
    max(attributes.attribute_value) filter (where attributes.attribute = 'gender') as gender,
    max(attributes.attribute_value) filter (where attributes.attribute = 'ethnicity') as ethnicity
from clients
left join attributes
    on clients.client_id = attributes.client_id
group by clients.client_id
