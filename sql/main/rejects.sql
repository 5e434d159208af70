-- One row per thing that could not be read: why and where; state.duckdb keeps the bytes.
-- key: source, collection, href, position, reason, ordinal
-- source: where it was read
-- collection: the address book, calendar or list in it
-- href: the item; null where it has none
-- position: the line of the item for a warning, the item's number in its file otherwise
-- reason: why it could not be read; of a folder or archive the file in it is named first
-- is_warning: one line of an item that came in all the same
-- rejected_at: when it was last tried
-- ordinal: 1, and on from there where one place has the same reason several times
select
    rejects.source,
    rejects.collection,
    rejects.href,
    rejects."position",
    rejects.reason,
    coalesce(rejects.is_warning, false) as is_warning,
    rejects.rejected_at,
    row_number() over (
        partition by
            rejects.source,
            rejects.collection,
            rejects.href,
            rejects."position",
            rejects.reason
        order by rejects.rejected_at
    ) as ordinal
from raw.rejects
