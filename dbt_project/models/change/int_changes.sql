-- One row per episode, scale and interval: change, reliable change and clinically significant
-- change. A class is `unknown`, with the reason, whenever a score or a rule to judge it is missing.
with intervals as (

    select * from {{ ref('int_intervals') }}

),

measured as (

    select
        intervals.*,
        intervals.final_score - intervals.baseline_score as change,
        case when scales.is_higher_better then 1 else -1 end
        * (intervals.final_score - intervals.baseline_score) as improvement,
        scales.is_higher_better,
        scales.is_primary,
        scales.scale_kind,
        instruments.role as instrument_role,
        criteria.change_rule_id,
        criteria.method,
        criteria.sd_source,
        criteria.cutoff,
        criteria.clinical_operator,
        criteria.minimal_important_difference,
        criteria.minimal_important_difference_operator,
        criteria.remission_value,
        criteria.remission_operator,
        criteria.standard_error_of_difference,
        -- How far the baseline lay from the healthy end of the scale: what could be gained at most.
        case
            when scales.is_higher_better then scales.score_maximum - intervals.baseline_score
            else intervals.baseline_score - scales.score_minimum
        end as distance_to_health,
        (intervals.final_score - intervals.baseline_score)
        / criteria.standard_error_of_difference as reliable_change_index
    from intervals
    inner join {{ ref('stg_registry__scales') }} as scales
        on intervals.scale_id = scales.scale_id
    inner join {{ ref('stg_registry__instruments') }} as instruments
        on intervals.instrument_id = instruments.instrument_id
    left join {{ ref('int_change_criteria') }} as criteria
        on intervals.scale_id = criteria.scale_id

),

placed as (

    select
        *,
        case when is_higher_better then 1 else -1 end * reliable_change_index as improvement_index,
        {{ is_on_side('baseline_score', 'clinical_operator', 'cutoff') }} as was_clinical,
        {{ is_on_side('final_score', 'clinical_operator', 'cutoff') }} as is_clinical,
        improvement / nullif(standard_error_of_difference, 0) as standardised_improvement,
        (improvement - minimal_important_difference) / nullif(standard_error_of_difference, 0)
            as standardised_beyond_important,
        case when distance_to_health > 0 then improvement / distance_to_health end
            as improvement_proportion
    from measured

),

classed as (

    select
        *,
        {{ reliable_class('improvement_index', var('reliable_change_z')) }}
            as reliable_change_class
    from placed

)

select
    ---------- ids
    client_id,
    episode_id,
    program_id,
    instrument_id,
    scale_id,
    interval_name,

    ---------- the two scores
    baseline_score,
    final_score,
    baseline_day,
    final_day,

    ---------- the change
    change,
    improvement,
    reliable_change_index,
    reliable_change_class,
    {{ clinical_outcome('reliable_change_class', 'was_clinical', 'is_clinical') }}
        as outcome_class,
    case
        when baseline_score is null then 'no_score'
        when final_score is null then 'no_second_score'
        when change_rule_id is null then 'no_rule'
        when reliable_change_index is null then 'no_standard_deviation'
        when cutoff is null then 'no_cutoff'
    end as unknown_reason,
    was_clinical,
    is_clinical,

    ---------- by other measures than reliability
    improvement_proportion,
    improvement_proportion >= {{ var('response_proportion') }} as is_response,
    {{ is_on_side('final_score', 'remission_operator', 'remission_value') }} as is_remission,
    case
        when improvement is null or minimal_important_difference is null then 'unknown'
        when
            {{ is_on_side(
                'improvement', 'minimal_important_difference_operator',
                'minimal_important_difference'
            ) }}
            then 'improved'
        when
            {{ is_on_side(
                '-improvement', 'minimal_important_difference_operator',
                'minimal_important_difference'
            ) }}
            then 'deteriorated'
        else 'unchanged'
    end as important_change_class,
    {{ normal_cdf('standardised_improvement') }} as improved_probability,
    {{ normal_cdf('standardised_beyond_important') }} as importantly_improved_probability,

    ---------- how it was judged
    method,
    sd_source,
    change_rule_id,

    ---------- what relations need to know of the scale
    is_higher_better,
    is_primary,
    scale_kind,
    instrument_role
from classed
