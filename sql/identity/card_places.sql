-- One row per card: its place among its person's; of values that differ the first card's count.
-- key: record_id
-- record_id: the card
-- person_id: the person
-- is_gone: the source no longer has this card
-- place: from 1; live cards before those that are gone, then what was known first, but of copies
-- the newest before the others
--
-- Of what came in one run the sources' names decide: which of two sources brought its cards first,
-- and so has the lesser numbers, is chance.
select
    cards.record_id,
    record_persons.person_id,
    cards.is_gone,
    row_number() over (
        partition by record_persons.person_id
        order by
            cards.is_gone asc,
            first_cards.first_seen_at asc,
            first_cards.source asc,
            first_cards.collection asc,
            entries.entry_id asc,
            entries.place asc
    ) as place
from staging.cards
inner join identity.record_persons on cards.record_id = record_persons.record_id
inner join identity.entries on cards.record_id = entries.record_id
left join staging.cards as first_cards on entries.entry_id = first_cards.record_id
