-- One row per import: a file, folder or archive that came in once, as a source of its own.
-- key: source
-- source: the import as a source: its name after import/
-- name: what it is called, for `kithbook import --undo`
-- file: the name of its file or folder
-- imported_at: when it came in
-- imported_date: the day it came in
-- is_finished: all of it is in; if not, the same file again brings the rest
-- has_replaced: it took the place of an import that `--undo` brings back
-- cards: how many cards of people it has
-- events: how many events it has, a series counted once
-- current_cards: those of which no later import and no source of the config has a copy
-- current_events: those that no later import and no source of the config has

-- What is pulled is newer than any import.
with ages as (
    select
        sources.source,
        row_number() over (order by imports.began_at asc nulls last, imports.source asc) as place
    from raw.sources
    left join raw.imports on sources.source = imports.source
),

cards as (
    select
        cards.source,
        ages.place,
        max(ages.place) over (partition by record_entries.entry_id) as last_place
    from staging.cards
    inner join ages on cards.source = ages.source
    inner join identity.record_entries using (record_id)
    where not cards.is_gone
),

card_counts as (
    select
        cards.source,
        count(*) as cards,
        count(*) filter (where cards.place = cards.last_place) as current_cards
    from cards
    group by cards.source
),

events as (
    select
        items.source,
        ages.place,
        max(ages.place) over (partition by coalesce(items.uid, items.etag)) as last_place
    from raw.items
    inner join ages on items.source = ages.source
    where items.kind = 'event' and items.superseded_at is null and items.gone_at is null
),

event_counts as (
    select
        events.source,
        count(*) as events,
        count(*) filter (where events.place = events.last_place) as current_events
    from events
    group by events.source
)

select
    imports.source,
    substr(imports.source, length('import/') + 1) as name,
    imports.file,
    imports.began_at as imported_at,
    (imports.began_at at time zone settings.time_zone)::date as imported_date,
    imports.finished_at is not null as is_finished,
    imports.replaced is not null as has_replaced,
    coalesce(card_counts.cards, 0) as cards,
    coalesce(event_counts.events, 0) as events,
    coalesce(card_counts.current_cards, 0) as current_cards,
    coalesce(event_counts.current_events, 0) as current_events
from raw.imports
cross join raw.settings
left join card_counts using (source)
left join event_counts using (source)
