-- Different administrations under one client, instrument and occasion label: all are kept.
select distinct
    client_id,
    episode_id,
    program_id,
    instrument_id,
    occasion,
    day,
    occurred_on,
    administration_id
from {{ ref('int_administrations') }}
where is_conflict
