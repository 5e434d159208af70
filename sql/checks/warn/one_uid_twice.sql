-- Two cards of one address book have one UID and say different things: they are two records.
select
    count(*) || ' cards have one UID: ' || string_agg(
        coalesce(cards.full_name, cards.name_in_parts, cards.organization, 'without a name'),
        ', ' order by cards.record_id
    ) as problem,
    cards.source || ', ' || cards.collection as place,
    'kithbook show "'
    || replace(min(coalesce(cards.full_name, cards.name_in_parts, cards.uid)), '"', '')
    || '"' as hint
from staging.cards
where not cards.is_gone and cards.uid is not null
group by cards.source, cards.collection, cards.uid
having count(*) > 1
