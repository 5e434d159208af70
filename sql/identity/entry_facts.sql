-- One row per entry with a card: what its copies say of places and days, the newest of them first.
-- key: record_id
-- record_id: the entry
-- city: where they live or work
-- birthday: year, month and day, each null where unknown; one with a year before one without
-- books: the address books it stands in, as hashes
select
    entries.entry_id as record_id,
    arg_min(cards.city, entries.place) filter (where cards.city is not null) as city,
    arg_min(
        cards.birthday,
        struct_pack(has_no_year := cards.birthday.year is null, place := entries.place)
    ) filter (where cards.birthday.month is not null) as birthday,
    list_sort(list(distinct hash(cards.source, cards.collection))) as books
from staging.cards
inner join identity.entries on cards.record_id = entries.record_id
group by entries.entry_id
