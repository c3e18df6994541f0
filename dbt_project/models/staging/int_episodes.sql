-- Every episode of care: the stated ones, and one derived for each client and program whose
-- forms no stated episode can hold. `is_derived` keeps the two apart.
with stated as (

    select * from {{ ref('stg_raw__episodes') }}

),

-- An administration belongs to a stated episode of its client when one exists in its program.
unhoused as (

    select distinct
        coalesce(administrations.stated_program_id, administrations.source) as program_id,
        administrations.client_id,
        administrations.stated_episode_id
    from {{ ref('int_administrations_identified') }} as administrations
    where
        not administrations.is_blank
        and case
            when administrations.stated_episode_id is not null
                then administrations.stated_episode_id not in (select stated.episode_id from stated)
            else not exists (
                    select 1
                    from stated
                    where
                        stated.client_id = administrations.client_id
                        and (
                            administrations.stated_program_id is null
                            or stated.program_id = administrations.stated_program_id
                        )
                )
        end

),

derived as (

    select
        coalesce(
            stated_episode_id,
            {{ derived_episode_id('program_id', 'client_id') }}
        ) as episode_id,
        min(client_id) as client_id,
        min(program_id) as program_id
    from unhoused
    group by coalesce(stated_episode_id, {{ derived_episode_id('program_id', 'client_id') }})

)

select
    episode_id,
    client_id,
    program_id,
    clinic_id,
    clinician_id,
    arm,
    ending,
    referred_on,
    started_on,
    ended_on,
    not is_stated as is_derived
from stated
union all
select
    episode_id,
    client_id,
    program_id,
    cast(null as varchar) as clinic_id,
    cast(null as varchar) as clinician_id,
    cast(null as varchar) as arm,
    cast(null as varchar) as ending,
    cast(null as date) as referred_on,
    cast(null as date) as started_on,
    cast(null as date) as ended_on,
    true as is_derived
from derived
