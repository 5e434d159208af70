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

-- Copies of a card are one entry; an event is known by its UID, or by its bytes.
things as (
    select
        cards.source,
        'card' as kind,
        record_entries.entry_id::varchar as same_as
    from staging.cards
    inner join identity.record_entries using (record_id)
    where not cards.is_gone
    union all
    select
        items.source,
        items.kind,
        coalesce(items.uid, items.etag) as same_as
    from raw.items
    where items.kind = 'event' and items.superseded_at is null and items.gone_at is null
),

dated as (
    select
        things.source,
        things.kind,
        ages.place = max(ages.place) over (partition by things.kind, things.same_as) as is_current
    from things
    inner join ages on things.source = ages.source
),

counted as (
    select
        dated.source,
        count(*) filter (where dated.kind = 'card') as cards,
        count(*) filter (where dated.kind = 'event') as events,
        count(*) filter (where dated.kind = 'card' and dated.is_current) as current_cards,
        count(*) filter (where dated.kind = 'event' and dated.is_current) as current_events
    from dated
    group by dated.source
)

select
    imports.source,
    substr(imports.source, length('import/') + 1) as name,
    imports.file,
    imports.began_at as imported_at,
    (imports.began_at at time zone settings.time_zone)::date as imported_date,
    imports.finished_at is not null as is_finished,
    imports.replaced is not null as has_replaced,
    coalesce(counted.cards, 0) as cards,
    coalesce(counted.events, 0) as events,
    coalesce(counted.current_cards, 0) as current_cards,
    coalesce(counted.current_events, 0) as current_events
from raw.imports
cross join raw.settings
left join counted using (source)
