-- One row per card that is a copy of an earlier one, and what tells it: a twin, or of one name.
-- key: record_id, copy_of_id
-- copy_of_id: the lesser record_id of a card that it is a copy of
-- reason: same bytes, same in all it says, same UID, same name, or same name and note, birthday,
-- phone or e-mail
-- strength: 4 for bytes, 3 for all it says, 2 for the UID, 1 for the name
--
-- By name alone: from two imports, two files of one folder, or an import and a source, where no
-- book has that name twice and nothing speaks against it: another birthday, city or employer, or
-- phones or e-mails on both and none in common. Those are left to the other rules, and so is
-- whoever could be either.
with twin_pairs as ( -- noqa: ST03
    select
        identical_cards.record_id as one,
        identical_cards.twin_id as other
    from identity.identical_cards
),

-- Twins are one from here on: what one of them says, all say.
cards as (
    select
        card_traits.*,
        coalesce(reached.least_id, card_traits.record_id) as node_id
    from identity.card_traits
    left join raw.least_reached('twin_pairs') as reached on card_traits.record_id = reached.id
),

named as (
    select
        cards.*,
        hash(cards.words, cards.generation) as name_hash
    from cards
    where cards.words is not null
),

evidence as (
    select
        named.record_id,
        hash('note', named.note) as evidence_hash,
        'same name and note' as reason
    from named
    where named.note is not null
    union all
    select
        named.record_id,
        hash('birthday', named.birthday) as evidence_hash,
        'same name and birthday' as reason
    from named
    where named.birthday is not null
    union all
    select
        record_points.record_id,
        hash('point', record_points.point_id) as evidence_hash,
        case record_points.kind
            when 'phone' then 'same name and phone'
            else 'same name and e-mail'
        end as reason
    from identity.record_points
),

-- One word is no name: Mama needs her note, birthday, phone or e-mail besides.
claims as (
    select
        named.node_id,
        named.record_id,
        named.is_import,
        named.folder,
        named.name_hash as told_by,
        named.name_hash as claim,
        'same name' as reason
    from named
    where named.is_full_name
    union all
    select
        named.node_id,
        named.record_id,
        named.is_import,
        named.folder,
        -- with that besides, a full name may stand there twice
        case
            when named.is_full_name then hash(named.name_hash, evidence.evidence_hash)
            else named.name_hash
        end as told_by,
        hash(named.name_hash, evidence.evidence_hash) as claim,
        evidence.reason
    from named
    inner join evidence using (record_id)
    union all
    -- an export may leave the UIDs out
    select
        cards.node_id,
        cards.record_id,
        cards.is_import,
        cards.folder,
        hash('says', cards.content_hash) as told_by,
        hash('says', cards.content_hash) as claim,
        'same in all it says' as reason
    from cards
    where cards.content_hash is not null
),

-- Most cards claim what no other claims: from here on they are left alone.
shared_claims as (
    select claims.claim
    from claims
    group by claims.claim
    having min(claims.node_id) < max(claims.node_id)
),

-- Once a node: of a hundred exports of one card most claim the same.
node_claims as (
    select
        claims.claim,
        claims.told_by,
        claims.node_id,
        claims.folder,
        min(claims.reason) as reason,
        min(claims.record_id) as record_id,
        bool_or(claims.is_import) as is_import
    from claims
    semi join shared_claims on claims.claim = shared_claims.claim
    group by claims.claim, claims.told_by, claims.node_id, claims.folder
),

told_nodes as (
    select
        named.name_hash as told_by,
        named.node_id
    from named
    semi join node_claims on named.name_hash = node_claims.told_by
    union
    select
        node_claims.told_by,
        node_claims.node_id
    from node_claims
),

alike_nodes as (
    select told_nodes.*
    from told_nodes
    qualify count(*) over (partition by told_nodes.told_by) > 1
),

node_books as (
    select
        cards.node_id,
        cards.book,
        bool_or(not cards.is_gone) as is_live
    from cards
    semi join alike_nodes on cards.node_id = alike_nodes.node_id
    group by cards.node_id, cards.book
),

-- Two in one book are two; of two of which one is gone, the other may have taken its place.
doubts as (
    select distinct
        alike_nodes.told_by,
        alike_nodes.node_id
    from alike_nodes
    inner join node_books on alike_nodes.node_id = node_books.node_id
    qualify
        count(*) over (partition by alike_nodes.told_by, node_books.book, node_books.is_live) > 1
),

-- Without an import among them only files of one folder are compared.
scoped as (
    select
        node_claims.*,
        case
            when bool_or(node_claims.is_import) over (partition by node_claims.claim) then 0
            else coalesce(node_claims.folder, hash(node_claims.node_id))
        end as scope
    from node_claims
    anti join doubts using (told_by, node_id)
),

known as (
    select
        cards.node_id,
        list_sort(
            list(distinct record_points.point_id) filter (where record_points.kind = 'phone')
        ) as phones,
        list_sort(
            list(distinct record_points.point_id) filter (where record_points.kind = 'email')
        ) as emails,
        max(cards.birthday) as birthday,
        max(cards.birth_year) as birth_year,
        list_sort(list(distinct cards.city) filter (where cards.city is not null)) as cities,
        list_sort(
            list(distinct left(cards.employer, 6)) filter (where cards.employer <> '')
        ) as employer_stems
    from cards
    semi join scoped on cards.node_id = scoped.node_id
    left join identity.record_points on cards.record_id = record_points.record_id
    group by cards.node_id
),

claimed as (
    select
        scoped.claim,
        scoped.scope,
        scoped.node_id,
        min(scoped.reason) as reason,
        min(scoped.record_id) as record_id,
        bool_or(scoped.is_import) as is_import,
        struct_pack(
            phones := any_value(known.phones),
            emails := any_value(known.emails),
            birthday := any_value(known.birthday),
            birth_year := any_value(known.birth_year),
            -- people move, but of two of one name in two cities most are two; and who has another
            -- employer is asked about
            cities := any_value(known.cities) filter (where scoped.reason = 'same name'),
            employer_stems := any_value(known.employer_stems)
            filter (where scoped.reason = 'same name')
        ) as profile
    from scoped
    inner join known on scoped.node_id = known.node_id
    group by scoped.claim, scoped.scope, scoped.node_id
    qualify count(*) over (partition by scoped.claim, scoped.scope) > 1
),

-- What is known of those of one name, each once: of a hundred exports most say the same.
profiles as (
    select distinct
        claimed.claim,
        claimed.scope,
        claimed.profile
    from claimed
),

opposed as (
    select distinct
        one.claim,
        one.scope,
        one.profile
    from profiles as one
    inner join profiles as other using (claim, scope)
    where
        one.profile.birthday <> other.profile.birthday
        or one.profile.birth_year <> other.profile.birth_year
        or not list_has_any(one.profile.cities, other.profile.cities)
        or not list_has_any(one.profile.employer_stems, other.profile.employer_stems)
        or (
            (
                (one.profile.phones is not null and other.profile.phones is not null)
                or (one.profile.emails is not null and other.profile.emails is not null)
            )
            and not coalesce(list_has_any(one.profile.phones, other.profile.phones), false)
            and not coalesce(list_has_any(one.profile.emails, other.profile.emails), false)
        )
),

agreeing as (
    select
        claimed.reason,
        claimed.record_id,
        min(claimed.record_id) over one_claim as copy_of_id,
        claimed.scope <> 0 or bool_or(claimed.is_import) over one_claim as may_join
    from claimed
    anti join opposed using (claim, scope, profile)
    window one_claim as (partition by claimed.claim, claimed.scope)
),

told as (
    select
        identical_cards.record_id,
        identical_cards.twin_id as copy_of_id,
        identical_cards.reason,
        list_position(['same UID', 'same in all it says', 'same bytes'], identical_cards.reason) + 1
            as strength
    from identity.identical_cards
    union all
    select
        agreeing.record_id,
        agreeing.copy_of_id,
        agreeing.reason,
        case when agreeing.reason = 'same in all it says' then 3 else 1 end as strength
    from agreeing
    where agreeing.may_join and agreeing.record_id > agreeing.copy_of_id
)

select
    told.record_id,
    told.copy_of_id,
    arg_max(told.reason, struct_pack(strength := told.strength, reason := told.reason)) as reason,
    max(told.strength) as strength
from told
group by told.record_id, told.copy_of_id
