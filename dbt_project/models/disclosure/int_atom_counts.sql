-- The episodes that are counted in exactly the same published numbers, spread over 256 buckets of
-- clients. A fingerprint changes when what any client in the bucket adds to a published number does:
-- so two releases can be compared without keeping who was in them.
select
    system,
    unit_id,
    total_id,
    cells,
    substring(md5(client_id), 1, 2) as bucket,
    count(*) as episode_count,
    md5(concat_ws(
        '|',
        cells,
        cast(count(*) as varchar),
        {%- for product in [
            'amount_1', 'amount_2', 'amount_3', 'amount_1 * amount_1', 'amount_2 * amount_2',
            'amount_3 * amount_3', 'amount_1 * amount_2',
        ] %}
        -- Six digits: the order of parallel sums moves the last ones.
        coalesce(cast(round(sum({{ product }}), 6) as varchar), '-'){{ ',' if not loop.last }}
        {%- endfor %}
    )) as fingerprint
from {{ ref('int_atoms') }}
group by system, unit_id, total_id, cells, bucket
