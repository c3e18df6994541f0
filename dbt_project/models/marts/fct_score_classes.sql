-- One row per valid score and named set of thresholds or bands that holds for its scale: what the
-- score is by the words of each set, on the day of the form. fct_scores carries the default set.
with sets as (

    select
        scale_id,
        threshold_set as class_set
    from {{ ref('stg_registry__thresholds') }}
    where threshold_kind in ('caseness', 'remission') and status <> 'unconfirmed'
    union
    select
        scale_id,
        band_set as class_set
    from {{ ref('int_bands') }}

),

caseness as (

    select * from {{ ref('stg_registry__thresholds') }}
    where threshold_kind = 'caseness' and status <> 'unconfirmed'

),

remission as (

    select * from {{ ref('stg_registry__thresholds') }}
    where threshold_kind = 'remission' and status <> 'unconfirmed'

),

classed as (

    select
        scores.administration_id,
        scores.client_id,
        scores.episode_id,
        scores.program_id,
        scores.instrument_id,
        scores.scale_id,
        scores.occurred_on,
        scores.day,
        scores.occasion,
        scores.timepoint,
        scores.score,
        sets.class_set,
        bands.label as severity_band,
        caseness.threshold_id as caseness_threshold_id,
        {{ is_on_side('scores.score', 'caseness.operator', 'caseness.value') }} as is_case,
        remission.threshold_id as remission_threshold_id,
        {{ is_on_side('scores.score', 'remission.operator', 'remission.value') }} as is_in_remission
    from {{ ref('int_scores') }} as scores
    inner join sets
        on scores.scale_id = sets.scale_id
    left join {{ ref('int_bands') }} as bands
        on
            sets.scale_id = bands.scale_id
            and sets.class_set = bands.band_set
            and scores.score >= bands.score_from
            and scores.score < bands.score_below
            and {{ is_valid_on('scores.occurred_on', 'bands') }}
    left join caseness
        on
            sets.scale_id = caseness.scale_id
            and sets.class_set = caseness.threshold_set
            and {{ is_valid_on('scores.occurred_on', 'caseness') }}
    left join remission
        on
            sets.scale_id = remission.scale_id
            and sets.class_set = remission.threshold_set
            and {{ is_valid_on('scores.occurred_on', 'remission') }}
    where scores.is_valid

)

-- A set that did not hold on that day says nothing of the score.
select * from classed
where
    severity_band is not null
    or caseness_threshold_id is not null
    or remission_threshold_id is not null
