-- Cohen's kappa (1960) of two methods' three classes over those whom both can judge:
-- (observed - expected) / (1 - expected), expected from the two margins.
with counted as (

    select
        scale_id,
        interval_name,
        method,
        bool_and(is_relative_to_cohort) as is_relative_to_cohort,
        count(*) as sample_size,
        count(*) filter (where reliable_change_class = default_class) as same_count,
        count(*) filter (where reliable_change_class = 'improved') as improved_count,
        count(*) filter (where reliable_change_class = 'unchanged') as unchanged_count,
        count(*) filter (where reliable_change_class = 'deteriorated') as deteriorated_count,
        count(*) filter (where default_class = 'improved') as default_improved_count,
        count(*) filter (where default_class = 'unchanged') as default_unchanged_count,
        count(*) filter (where default_class = 'deteriorated') as default_deteriorated_count,
        count(*) filter (
            where reliable_change_class = 'improved' and default_class <> 'improved'
        ) as newly_improved_count,
        count(*) filter (
            where reliable_change_class = 'deteriorated' and default_class <> 'deteriorated'
        ) as newly_deteriorated_count
    from {{ ref('fct_change_methods') }}
    where reliable_change_class <> 'unknown' and default_class <> 'unknown'
    group by scale_id, interval_name, method

),

compared as (

    select
        *,
        cast(same_count as double) / sample_size as agreement_proportion,
        (
            cast(improved_count as double) * default_improved_count
            + cast(unchanged_count as double) * default_unchanged_count
            + cast(deteriorated_count as double) * default_deteriorated_count
        ) / (cast(sample_size as double) * sample_size) as expected_proportion
    from counted

)

select
    scale_id,
    interval_name,
    method,
    is_relative_to_cohort,
    sample_size,
    same_count,
    newly_improved_count,
    newly_deteriorated_count,
    case when sample_size >= {{ var('minimum_pairs') }} then agreement_proportion end
        as agreement_proportion,
    case
        when sample_size >= {{ var('minimum_pairs') }} and expected_proportion < 1
            then (agreement_proportion - expected_proportion) / (1 - expected_proportion)
    end as kappa,
    case
        when sample_size < {{ var('minimum_pairs') }} then 'too_few'
        when expected_proportion >= 1 then 'not_computable'
        else 'estimated'
    end as status
from compared
