-- The episodes that are counted in exactly the same published numbers, spread over 256 buckets of
-- clients, with the sums that published means and correlations are made of. Two releases are
-- compared by these sums, so that nobody need be remembered.
select
    system,
    unit_id,
    total_id,
    cells,
    substring(md5(client_id), 1, 2) as bucket,
    count(*) as episode_count,
    coalesce(sum(amount_1), 0) as sum_1,
    coalesce(sum(amount_2), 0) as sum_2,
    coalesce(sum(amount_3), 0) as sum_3,
    coalesce(sum(amount_1 * amount_1), 0) as sum_4,
    coalesce(sum(amount_2 * amount_2), 0) as sum_5,
    coalesce(sum(amount_3 * amount_3), 0) as sum_6,
    coalesce(sum(amount_1 * amount_2), 0) as sum_7
from {{ ref('int_atoms') }}
group by system, unit_id, total_id, cells, bucket
