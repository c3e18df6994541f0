select
    client_id,
    attribute,
    attribute_value
from {{ ref('stg_raw__clients') }}
