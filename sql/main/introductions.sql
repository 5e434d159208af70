-- One row per owner and two of the closest 50 who might like to know each other: they share a
-- circle or a city, and nothing says that they know each other. At most three for each of them;
-- `kithbook introduce` makes it a follow-up.
-- key: owner_id, person_id, other_id
-- owner_id: the owner
-- person_id: the one
-- display_name: their name
-- other_id: the other
-- other_name: their name
-- reason: what they share
-- score: how close both are; higher is closer
with close as (
    select
        strengths.owner_id,
        persons.person_id,
        persons.display_name,
        persons.city,
        persons.organization,
        strengths.strength_rank,
        raw.family_names(persons.display_name) as families
    from judgement.strengths
    inner join judgement.wishes using (owner_id, person_id)
    inner join identity.persons on strengths.person_id = persons.person_id
    where strengths.layer_size <= 50 and wishes.silent_reason is null
),

-- Whom a card names: "Spouse: Ana Lima". Whoever names somebody knows them.
named as (
    select
        record_persons.person_id,
        strip_accents(lower(unnest(contacts.related).name)) as name
    from raw.contacts
    inner join identity.record_persons on contacts.record_id = record_persons.record_id
),

-- Street and town of the closest and of the owner: who lives or works in one house is no stranger.
houses as (
    select distinct
        record_persons.person_id,
        regexp_replace(
            strip_accents(lower(homes.address.street || coalesce(homes.address.city, ''))),
            '[^\p{L}\p{N}]+',
            '',
            'g'
        ) as house
    from raw.contacts
    inner join identity.record_persons using (record_id)
    inner join identity.persons using (person_id)
    cross join unnest(contacts.addresses) as homes (address)
    where
        homes.address.street <> ''
        and (persons.is_owner or persons.person_id in (select close.person_id from close))
),

-- The owner's own family needs no introducing: by their name or house, a circle's name, or the
-- owner's card.
family as (
    select close.person_id
    from close
    inner join identity.persons as owners
        on
            owners.is_owner
            and close.owner_id = owners.owner_id
            and list_has_any(close.families, raw.family_names(owners.display_name))
    union
    select circle_members.person_id
    from identity.circle_members
    inner join raw.words
        on
            words.list = 'family_circles'
            and strip_accents(lower(circle_members.circle)) = words.word
    union
    select close.person_id
    from close
    inner join named on strip_accents(lower(close.display_name)) = named.name
    inner join identity.persons as owners
        on
            owners.is_owner
            and named.person_id = owners.person_id
            and close.owner_id = owners.owner_id
    union
    select houses.person_id
    from houses
    inner join houses as own_houses on houses.house = own_houses.house
    inner join identity.persons as owners
        on owners.is_owner and own_houses.person_id = owners.person_id
),

candidates as (
    select close.* from close
    anti join family on close.person_id = family.person_id
),

invited as (
    select
        participations.meeting_id,
        participations.person_id
    from history.participations
    inner join history.occasions on participations.meeting_id = occasions.meeting_id
    semi join candidates using (person_id)
    cross join raw.settings
    where
        participations.reply_rank <> 2
        and occasions.n_people <= settings.max_attendees
        and coalesce(occasions.excluded_reason, '') not in ('deleted', 'cancelled')
),

-- In one meeting, the owner there or not, over or still to come.
met as (
    select distinct
        ones.person_id,
        others.person_id as other_id
    from invited as ones
    inner join invited as others on ones.meeting_id = others.meeting_id
    where ones.person_id < others.person_id
),

pairs as (
    select
        ones.owner_id,
        ones.person_id,
        ones.display_name,
        others.person_id as other_id,
        others.display_name as other_name,
        case when lower(ones.city) = lower(others.city) then ones.city end as city,
        1 / sqrt((ones.strength_rank * others.strength_rank)::double) as score,
        met.person_id is not null as have_met,
        list_has_any(ones.families, others.families)
        or coalesce(lower(ones.organization) = lower(others.organization), false) as are_of_one
    from candidates as ones
    inner join candidates as others using (owner_id)
    left join met on ones.person_id = met.person_id and others.person_id = met.other_id
    where ones.person_id < others.person_id
),

-- A circle of whom many have met knows itself; one that is in touch anyway does too.
shared_circles as (
    select
        pairs.owner_id,
        pairs.person_id,
        pairs.other_id,
        members.circle
    from pairs
    inner join identity.circle_members as members on pairs.person_id = members.person_id
    inner join identity.circle_members as other_members
        on pairs.other_id = other_members.person_id and members.circle = other_members.circle
    left join raw.circles on members.circle = circles.circle
    where not coalesce(circles.is_in_touch, false)
    qualify 3 * avg(pairs.have_met::integer) over (partition by members.circle) < 1
),

-- Where most of them live says nothing.
cities as (
    select
        owner_id,
        lower(city) as city
    from candidates
    group by all
    having count(*) <= 8
),

introduced as (
    select
        least(ones.person_id, others.person_id) as person_id,
        greatest(ones.person_id, others.person_id) as other_id
    from staging.decisions
    inner join identity.record_persons as ones on decisions.person_id = ones.record_id
    inner join identity.record_persons as others on decisions.other_id = others.record_id
    where decisions.verb = 'introduce'
),

housemates as (
    select distinct
        ones.person_id,
        others.person_id as other_id
    from houses as ones
    inner join houses as others using (house)
),

reasons as (
    select
        pairs.owner_id,
        pairs.person_id,
        pairs.other_id,
        min(shared_circles.circle) as circle
    from pairs
    left join shared_circles using (person_id, other_id)
    left join cities on pairs.owner_id = cities.owner_id and lower(pairs.city) = cities.city
    where shared_circles.circle is not null or cities.city is not null
    group by all
)

select
    pairs.owner_id,
    pairs.person_id,
    pairs.display_name,
    pairs.other_id,
    pairs.other_name,
    'both in ' || coalesce(reasons.circle, pairs.city) as reason,
    pairs.score
from pairs
inner join reasons using (person_id, other_id)
anti join introduced using (person_id, other_id)
anti join housemates using (person_id, other_id)
anti join named
    on pairs.person_id = named.person_id and strip_accents(lower(pairs.other_name)) = named.name
anti join named as naming
    on pairs.other_id = naming.person_id and strip_accents(lower(pairs.display_name)) = naming.name
where not pairs.have_met and not pairs.are_of_one
qualify
    row_number() over (
        partition by pairs.owner_id, pairs.person_id order by pairs.score desc, pairs.other_id asc
    ) <= 3
    and row_number() over (
        partition by pairs.owner_id, pairs.other_id order by pairs.score desc, pairs.person_id asc
    ) <= 3
