-- One row per episode and domain of the threshold set its program is judged by: the two scores of
-- the course and what they mean. A set is used where the program has scores in all its domains;
-- any other program is judged by its own main outcome scale, the one most of its episodes have.
with episodes as (

    select * from {{ ref('int_episodes') }}

),

measures as (

    select * from {{ ref('stg_registry__outcome_measures') }}

),

scales as (

    select
        scales.scale_id,
        scales.is_higher_better,
        scales.is_primary and instruments.role = 'outcome' as can_be_main
    from {{ ref('stg_registry__scales') }} as scales
    inner join {{ ref('stg_registry__instruments') }} as instruments
        on scales.instrument_id = instruments.instrument_id

),

course_ends as (

    select * from {{ ref('int_course_ends') }}

),

-- The first set, in its order, of which the program has scores in every domain.
sets_usable as (

    select
        course_ends.program_id,
        measures.threshold_set
    from course_ends
    inner join measures
        on course_ends.scale_id = measures.scale_id
    group by course_ends.program_id, measures.threshold_set, measures.set_order
    having
        count(distinct measures.domain) = (
            select count(distinct every_measure.domain)
            from measures as every_measure
            where every_measure.threshold_set = measures.threshold_set
        )
    qualify row_number() over (
            partition by course_ends.program_id
            order by measures.set_order
        ) = 1

),

main_scales as (

    select
        course_ends.program_id,
        course_ends.scale_id
    from course_ends
    inner join scales
        on course_ends.scale_id = scales.scale_id
    where
        scales.can_be_main
        and course_ends.program_id not in (select sets_usable.program_id from sets_usable)
    group by course_ends.program_id, course_ends.scale_id
    qualify row_number() over (
            partition by course_ends.program_id
            order by count(course_ends.last_score) desc, count(*) desc, course_ends.scale_id
        ) = 1

),

-- Every measure that could speak for an episode in a domain.
candidates as (

    select
        episodes.episode_id,
        episodes.ended_on,
        measures.threshold_set,
        measures.domain,
        measures.scale_id,
        measures.priority
    from episodes
    inner join sets_usable
        on episodes.program_id = sets_usable.program_id
    inner join measures
        on sets_usable.threshold_set = measures.threshold_set
    left join {{ ref('stg_raw__episode_conditions') }} as conditions
        on
            episodes.episode_id = conditions.episode_id
            and measures.condition_id = conditions.condition_id
    where measures.condition_id is null or conditions.condition_id is not null
    union all
    select
        episodes.episode_id,
        episodes.ended_on,
        'main_outcome_scale' as threshold_set,
        'main' as domain,
        main_scales.scale_id,
        1 as priority
    from episodes
    inner join main_scales
        on episodes.program_id = main_scales.program_id

),

-- A pair speaks before a single score, and among equals the measure named first.
chosen as (

    select
        candidates.episode_id,
        -- The thresholds of the day on which the episode ended; without one, those without an end.
        coalesce(candidates.ended_on, cast('9999-12-31' as date)) as judged_on,
        candidates.threshold_set,
        candidates.domain,
        candidates.scale_id,
        candidates.priority > min(candidates.priority) over (
            partition by candidates.episode_id, candidates.domain
        ) as is_fallback,
        course_ends.first_score,
        course_ends.last_score
    from candidates
    left join course_ends
        on
            candidates.episode_id = course_ends.episode_id
            and candidates.scale_id = course_ends.scale_id
    qualify row_number() over (
            partition by candidates.episode_id, candidates.domain
            order by
                course_ends.last_score is null,
                course_ends.first_score is null,
                candidates.priority,
                candidates.scale_id
        ) = 1

),

-- The set's own threshold, else the scale's default one; of either the one valid on the day.
thresholds as (

    select * from {{ ref('stg_registry__thresholds') }}

),

judged_by as (

    select
        named.judged_on,
        named.threshold_set,
        named.scale_id,
        thresholds.threshold_kind,
        thresholds.threshold_id,
        thresholds.operator,
        thresholds.value
    from (
        select distinct
            chosen.judged_on,
            chosen.threshold_set,
            chosen.scale_id
        from chosen
    ) as named
    inner join thresholds
        on
            named.scale_id = thresholds.scale_id
            and (named.threshold_set = thresholds.threshold_set or thresholds.is_default)
            and {{ is_valid_on('named.judged_on', 'thresholds') }}
    where thresholds.threshold_kind in ('caseness', 'reliable_change')
    qualify row_number() over (
            partition by
                named.judged_on, named.threshold_set, named.scale_id, thresholds.threshold_kind
            order by
                thresholds.threshold_set = named.threshold_set desc,
                thresholds.is_default desc,
                thresholds.threshold_id asc
        ) = 1

),

measured as (

    select
        chosen.*,
        case when scales.is_higher_better then 1 else -1 end
        * (chosen.last_score - chosen.first_score) as improvement,
        coalesce(caseness.threshold_id, criteria.change_rule_id) as caseness_rule_id,
        coalesce(caseness.operator, criteria.clinical_operator) as caseness_operator,
        coalesce(caseness.value, criteria.cutoff) as caseness_value,
        coalesce(size.threshold_id, criteria.change_rule_id) as change_rule_id,
        -- Without a published size of change the scale's rule judges: strictly beyond its points.
        coalesce(size.operator, '>') as change_operator,
        coalesce(size.value, criteria.reliable_change_points) as change_value
    from chosen
    left join scales
        on chosen.scale_id = scales.scale_id
    left join judged_by as caseness
        on
            chosen.judged_on = caseness.judged_on
            and chosen.threshold_set = caseness.threshold_set
            and chosen.scale_id = caseness.scale_id
            and caseness.threshold_kind = 'caseness'
    left join judged_by as size
        on
            chosen.judged_on = size.judged_on
            and chosen.threshold_set = size.threshold_set
            and chosen.scale_id = size.scale_id
            and size.threshold_kind = 'reliable_change'
    left join {{ ref('int_change_criteria') }} as criteria
        on chosen.scale_id = criteria.scale_id

)

select
    ---------- which
    episode_id,
    threshold_set,
    domain,
    scale_id,
    is_fallback,

    ---------- the course
    first_score,
    last_score,
    improvement,

    ---------- what it means
    {{ is_on_side('first_score', 'caseness_operator', 'caseness_value') }} as was_case,
    {{ is_on_side('last_score', 'caseness_operator', 'caseness_value') }} as is_case,
    case
        when improvement is null or change_value is null then 'unknown'
        when {{ is_on_side('improvement', 'change_operator', 'change_value') }} then 'improved'
        when {{ is_on_side('-improvement', 'change_operator', 'change_value') }} then 'deteriorated'
        else 'unchanged'
    end as reliable_change_class,
    case
        when first_score is null then 'no_score'
        when last_score is null then 'no_second_score'
        when change_value is null then 'no_rule'
        when caseness_value is null then 'no_cutoff'
    end as unknown_reason,

    ---------- how it was judged
    caseness_rule_id,
    change_rule_id
from measured
