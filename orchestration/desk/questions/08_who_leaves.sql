-- Who leaves before the planned end?
-- Read: The share (0-1) of endings that nobody had planned, with Wilson's interval, where there are
-- twenty endings or more. Whoever left has no late score: compare with the answers of question 11
-- before you believe a mean of those who stayed.
with grouped as (
    select 'program' as stratum_kind, program_id as stratum_id, ending from marts.dim_episodes
    union all select 'condition', condition_id, ending
    from marts.dim_episodes inner join marts.dim_episode_conditions using (episode_id)
), ended as (
    select stratum_kind, stratum_id, count(*) as sample_size, 3.8415 / count(*) as z,
        case when count(*) >= 20 then avg((ending = 'unplanned')::integer) end as estimate
    from grouped where ending in ('planned', 'unplanned') group by all)
select stratum_kind, stratum_id, estimate, sample_size, (estimate + z / 2 - half) / (1 + z)
        as interval_low, (estimate + z / 2 + half) / (1 + z) as interval_high,
    case when estimate is null then 'too_few' else 'estimated' end as status
from ended, lateral (select sqrt(z * estimate * (1 - estimate) + z * z / 4) as half) order by all
