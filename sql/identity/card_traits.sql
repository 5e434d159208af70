-- One row per card: what its copies in other files and sources are told by.
-- key: record_id
-- in_file: which file of a folder or archive holds it, null where the collection is one file
-- said_at: when it was revised, as it says, or this version of it came
-- place: the file it stands in, or the collection where that is no folder of files
-- book: the same, but for a source that is pulled all of it, and for a folder of files with one
-- card each the folder
-- folder: the collection of a file or folder; null for what is no file
-- bytes: a hash of its bytes, known of what was read from a file
-- content_hash: of what it says; null where that is not enough to tell anybody by
-- words: the words of its name, in Latin letters, given name first; null without one
-- is_full_name: the name has two words or more, initials not counted
-- birthday: month and day, null where unknown
-- city: where they live or work, in lower case without accents
-- employer: their organization in bare letters, legal form left out
with placed as (
    select
        cards.*,
        items.etag,
        coalesce(
            items.file, nullif(regexp_extract(items.href, '^(.+[.]vcf)#', 1, 'i'), '')
        ) as in_file,
        -- a revision to come is a clock gone wrong
        least(cards.revised_at, coalesce(items.received_at, cards.first_seen_at)) as said_at,
        coalesce(sources.is_import, false) as is_import,
        coalesce(sources.type in ('import', 'vcard'), false) as is_file,
        count(*) over (partition by cards.source, cards.collection, in_file) as n_in_file
    from staging.cards
    left join raw.items
        on
            cards.item_id = items.item_id
            and items.kind = 'contact'
            and items.superseded_at is null
    left join raw.sources on cards.source = sources.source
),

points as (
    select distinct record_points.record_id from identity.record_points
),

named as (
    select
        placed.*,
        case
            when names.origin <> 'address' then names.words
            -- a card that names nobody may name a company
            when placed.full_name is null and placed.organization is not null
                then nullif(
                    string_split(
                        trim(
                            regexp_replace(
                                strip_accents(lower(placed.organization)), '[^\pL\pN]+', ' ', 'g'
                            )
                        ),
                        ' '
                    ),
                    ['']
                )
        end as words,
        case when names.origin <> 'address' then names.generation end as generation,
        lower(nullif(trim(placed.note), '')) as known_note,
        points.record_id is not null as has_point
    from placed
    left join identity.names on placed.record_id = names.record_id
    left join points on placed.record_id = points.record_id
),

counted as (
    select
        named.*,
        coalesce(
            -- (the linter takes the lambda's argument for a column)
            array_length(
                list_filter(named.words, lambda word: length(word) > 1) -- noqa: RF03
            ) >= 2,
            false
        ) as is_full_name
    from named
)

select
    counted.record_id,
    counted.in_file,
    counted.said_at,
    hash(counted.source, counted.collection, counted.in_file) as place,
    case
        when not counted.is_file then hash(counted.source)
        when counted.n_in_file = 1 and counted.uid is not null
            then hash(
                counted.source, counted.collection, regexp_extract(counted.in_file, '^(.*)/', 1)
            )
        else hash(counted.source, counted.collection, counted.in_file)
    end as book,
    case when counted.is_file then hash(counted.source, counted.collection) end as folder,
    counted.is_import,
    counted.is_gone,
    counted.uid,
    case when counted.is_file then counted.etag end as bytes,
    case
        when
            counted.is_full_name
            or counted.has_point
            or counted.known_note is not null
            or counted.birthday.day is not null
            then counted.content_hash
    end as content_hash,
    counted.words,
    counted.generation,
    counted.is_full_name,
    counted.known_note as note,
    case
        when counted.birthday.month is not null and counted.birthday.day is not null
            then counted.birthday.month * 100 + counted.birthday.day
    end as birthday,
    counted.birthday.year as birth_year,
    strip_accents(lower(counted.city)) as city,
    regexp_replace(
        regexp_replace(
            strip_accents(lower(counted.organization)),
            '[ ,]+(inc|incorporated|ltd|limited|llc|llp|plc|gmbh|ag|kg|ohg|ug|se|sa|sas|sarl'
            || '|srl|spa|bv|nv|ab|as|oy|aps|lda|sl|s[.]l[.]|s[.]a[.]|corp|corporation|co'
            || '|company|group|holding|holdings)[.]?$',
            ''
        ),
        '[^a-z0-9]',
        '',
        'g'
    ) as employer
from counted
