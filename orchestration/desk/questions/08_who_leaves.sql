-- Who leaves before the planned end, by program and condition?
-- Read: The share (0-1) of endings that nobody had planned, with Wilson's interval. Whoever left
-- has no late score: compare with the answers of question 11 before you believe a mean of those
-- who stayed.
with ended as (
    select program_id, condition_id, count(*) as sample_size,
        count(*) filter (where ending = 'unplanned') / count(*) as estimate, 3.8415 / count(*) as z
    from marts.dim_episodes inner join marts.dim_episode_conditions using (episode_id)
    where ending in ('planned', 'unplanned') group by all
)
select program_id, condition_id, estimate,
    (estimate + z / 2 - sqrt(z * estimate * (1 - estimate) + z * z / 4)) / (1 + z) as interval_low,
    (estimate + z / 2 + sqrt(z * estimate * (1 - estimate) + z * z / 4)) / (1 + z) as interval_high,
    sample_size, case when sample_size < 20 then 'too_few' else 'estimated' end as status
from ended order by program_id, condition_id
