-- One row per form and scale whose stated total disagrees with the one its items give.
select
    administrations.source,
    scores.administration_id,
    scores.client_id,
    scores.instrument_id,
    scores.scale_id,
    scores.occurred_on,
    scores.day,
    scores.occasion,
    scores.score,
    scores.stated_score,
    scores.stated_score - scores.score as difference
from {{ ref('int_scores') }} as scores
inner join {{ ref('int_administrations') }} as administrations
    on scores.administration_key = administrations.administration_key
where
    scores.score_origin = 'items'
    and abs(scores.stated_score - scores.score) > {{ var('stated_score_tolerance') }}
