-- One row per stratum, process scale, outcome scale and interval: the moments from which
-- orchestration.statistics.associations estimates.
-- Each client counts once in a group. Covariances are taken over the clients of the same groups
-- (a combination) first, and then put together for each group: with what the combinations have
-- within them goes what their means lie apart. A clinic has a few hundred combinations, so nothing
-- is read once for every group, except for ranks.
-- Spearman's rho is the correlation of average ranks (ties
-- share the mean of their places), taken over the distinct pairs of changes and how often each
-- occurs. Ranks take changes to nine places, because 3.2 - 2.9 and 2.3 - 2.0 are a tie and their
-- floats are not. Ranks of a group cannot be put together from those of its parts.
-- Lines that loops write are not laid out by hand.
-- noqa: disable=LT02,LT05
{%- set variables = {
    'pb': 'process_baseline', 'pf': 'process_final', 'pc': 'process_change',
    'ob': 'outcome_baseline', 'of': 'outcome_final', 'oc': 'outcome_change'
} -%}
{%- set across = [
    ['pb', 'pf'], ['pb', 'ob'], ['pb', 'of'], ['pf', 'ob'], ['pf', 'of'], ['ob', 'of']
] -%}
{%- set products = [
    ['pb', 'pb'], ['pf', 'pf'], ['pc', 'pc'], ['ob', 'ob'], ['of', 'of'], ['oc', 'oc'], ['pc', 'oc']
] + across -%}
{%- set keys = 'stratum, comparison, interval_number' %}

with stratum_names as (

    select distinct
        stratum,
        stratum_kind,
        stratum_id
    from {{ ref('int_relation_strata') }}

),

-- The groups of a combination are those of any one of its episodes.
combinations as (

    select
        of_episodes.combination,
        strata.stratum
    from (
        select
            whole_course_combination as combination,
            true as is_whole_course,
            min(episode_number) as episode_number
        from {{ ref('int_episode_combinations') }}
        group by whole_course_combination
        union all
        select
            interval_combination as combination,
            false as is_whole_course,
            min(episode_number) as episode_number
        from {{ ref('int_episode_combinations') }}
        group by interval_combination
    ) as of_episodes
    inner join {{ ref('int_relation_strata') }} as strata
        on of_episodes.episode_number = strata.episode_number
    where of_episodes.is_whole_course or not strata.is_whole_course_only

),

combined as (

    select
        pairs.combination,
        pairs.comparison,
        pairs.interval_number,
        count(*) as pair_count
        {%- for name, column in variables.items() %},
        avg(pairs.{{ column }}) as {{ name }}
        {%- endfor %}
        {%- for a, b in products %},
        covar_pop(pairs.{{ variables[a] }}, pairs.{{ variables[b] }}) as {{ a }}_{{ b }}
        {%- endfor %}
    from {{ ref('int_change_pairs') }} as pairs
    group by pairs.combination, pairs.comparison, pairs.interval_number

),

stratified as (

    select
        combinations.stratum,
        combined.*
    from combined
    inner join combinations
        on combined.combination = combinations.combination

),

means as (

    select
        {{ keys }},
        sum(pair_count) as sample_size
        {%- for name in variables %},
        sum(pair_count * {{ name }}) / sum(pair_count) as {{ name }}
        {%- endfor %}
    from stratified
    group by {{ keys }}

),

summed as (

    select
        {{ keys }},
        cast(any_value(means.sample_size) as bigint) as sample_size
        {%- for name in variables %},
        any_value(means.{{ name }}) as {{ name }}
        {%- endfor %}
        {%- for a, b in products %},
        sum(
            stratified.pair_count * (
                stratified.{{ a }}_{{ b }}
                + (stratified.{{ a }} - means.{{ a }}) * (stratified.{{ b }} - means.{{ b }})
            )
        ) as {{ a }}_{{ b }}
        {%- endfor %}
    from stratified
    inner join means
        using ({{ keys }})
    group by {{ keys }}

),

-- What never varies has a sum of squares of 0, whatever rounding made of it.
squares as (

    select
        *
        {%- for name in variables %},
        case
            when {{ name }}_{{ name }} > 1e-24 * sample_size * {{ name }} * {{ name }}
                then {{ name }}_{{ name }}
            else 0
        end as {{ name }}_squares
        {%- endfor %}
    from summed

),

moments as (

    select
        {{ keys }},
        {{ cell('stratum', 'comparison', 'interval_number') }} as cell,
        sample_size,
        -- The order in which rows are added moves the last digits.
        round(pc_oc / nullif(sqrt(pc_squares * oc_squares), 0), 12) as pearson_r,
        round(pc_oc / nullif(pc_squares, 0), 12) as slope,
        round(pc, 12) as process_change_mean,
        round(oc, 12) as outcome_change_mean,
        {%- for name, column in [
            ['pc', 'process_change_sd'], ['oc', 'outcome_change_sd'], ['pb', 'process_baseline_sd'],
            ['ob', 'outcome_baseline_sd']
        ] %}
        sqrt({{ name }}_squares / nullif(sample_size - 1, 0)) as {{ column }},
        {%- endfor %}
        {%- for a, b in across %}
        {{ a }}_{{ b }} / nullif(sqrt({{ a }}_squares * {{ b }}_squares), 0) as r_{{ a }}_{{ b }}
        {{- ',' if not loop.last }}
        {%- endfor %}
    from squares

),

-- How often each pair of changes occurs: over the episodes of the same groups first, for scores
-- have steps and many people share a pair. One number for a group, comparison and interval, and
-- whole numbers for changes: grouping by few and short keys is most of what ranks cost.
combined_frequencies as (

    select
        {{ cell('pairs.combination', 'pairs.comparison', 'pairs.interval_number') }} as cell,
        cast(round(pairs.process_change * 1e9) as bigint) as process_change,
        cast(round(pairs.outcome_change * 1e9) as bigint) as outcome_change,
        count(*) as frequency
    from {{ ref('int_change_pairs') }} as pairs
    group by
        {{ cell('pairs.combination', 'pairs.comparison', 'pairs.interval_number') }},
        cast(round(pairs.process_change * 1e9) as bigint),
        cast(round(pairs.outcome_change * 1e9) as bigint)

),

-- The cell of a combination and the same cell of each of its groups.
combined_cells as (

    select
        {{ cell('combination', 'comparison', 'interval_number') }} as combined_cell,
        {{ cell('stratum', 'comparison', 'interval_number') }} as cell
    from stratified

),

frequencies as (

    select
        combined_cells.cell,
        combined.process_change,
        combined.outcome_change,
        cast(sum(combined.frequency) as double) as frequency
    from combined_frequencies as combined
    inner join combined_cells
        on combined.cell = combined_cells.combined_cell
    group by combined_cells.cell, combined.process_change, combined.outcome_change

),

process_ranks as (

    select
        cell,
        process_change,
        {{ average_rank('process_change') }} as process_rank
    from frequencies
    group by cell, process_change

),

outcome_ranks as (

    select
        cell,
        outcome_change,
        {{ average_rank('outcome_change') }} as outcome_rank
    from frequencies
    group by cell, outcome_change

),

-- The mean rank is (n + 1) / 2 whatever the ties.
centred_ranks as (

    select
        frequencies.cell,
        frequencies.frequency,
        process_ranks.process_rank - (moments.sample_size + 1) / 2.0 as process_rank,
        outcome_ranks.outcome_rank - (moments.sample_size + 1) / 2.0 as outcome_rank
    from frequencies
    inner join process_ranks
        using (cell, process_change)
    inner join outcome_ranks
        using (cell, outcome_change)
    inner join moments
        using (cell)

),

rank_correlations as (

    select
        cell,
        sum(frequency * process_rank * outcome_rank)
        / nullif(sqrt(
            sum(frequency * process_rank * process_rank)
            * sum(frequency * outcome_rank * outcome_rank)
        ), 0) as spearman_rho
    from centred_ranks
    group by cell

)

select
    stratum_names.stratum_kind,
    stratum_names.stratum_id,
    comparison_names.process_scale_id,
    comparison_names.outcome_scale_id,
    intervals.interval_name,
    comparison_names.process_is_higher_better,
    comparison_names.outcome_is_higher_better,
    moments.sample_size,
    moments.pearson_r,
    rank_correlations.spearman_rho,
    moments.slope,
    moments.process_change_mean,
    moments.outcome_change_mean,
    moments.process_change_sd,
    moments.outcome_change_sd,
    moments.r_pb_pf,
    moments.r_pb_ob,
    moments.r_pb_of,
    moments.r_pf_ob,
    moments.r_pf_of,
    moments.r_ob_of,
    moments.process_baseline_sd,
    moments.outcome_baseline_sd,
    process_rules.reliability as process_reliability,
    outcome_rules.reliability as outcome_reliability,
    case when process_rules.reliability is not null then process_rules.change_rule_id end
        as process_reliability_source,
    case when outcome_rules.reliability is not null then outcome_rules.change_rule_id end
        as outcome_reliability_source,
    process_rules.standard_error_of_difference as process_difference_error,
    outcome_rules.standard_error_of_difference as outcome_difference_error
from moments
left join rank_correlations
    using (cell)
inner join stratum_names
    using (stratum)
inner join {{ ref('int_intervals_numbered') }} as intervals
    using (interval_number)
inner join {{ ref('int_comparisons') }} as comparison_names
    using (comparison)
left join {{ ref('int_change_criteria') }} as process_rules
    on comparison_names.process_scale_id = process_rules.scale_id
left join {{ ref('int_change_criteria') }} as outcome_rules
    on comparison_names.outcome_scale_id = outcome_rules.scale_id
