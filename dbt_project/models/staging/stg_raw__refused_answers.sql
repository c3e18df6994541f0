select
    refused_answers.load_sequence,
    refused_answers.administration_key
from {{ source('raw', 'refused_answers') }} as refused_answers
inner join {{ source('raw', 'loads') }} as loads
    on refused_answers.load_sequence = loads.load_sequence
where loads.retired_by is null
