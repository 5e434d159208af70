-- One row per thing that could not be read: why and where; state.duckdb keeps the bytes.
-- source: where it was read
-- collection: the address book, calendar or list in it
-- href: the item; null where it has none
-- position: the line of the item for a warning, the item's number in its file otherwise
-- reason: why it could not be read; of a folder or archive the file in it is named first
-- is_warning: one line of an item that came in all the same
-- rejected_at: when it was last tried
with rejects as (
    select * from raw.rejects
),

final as (
    select
        rejects.source,
        rejects.collection,
        rejects.href,
        rejects."position",
        rejects.reason,
        coalesce(rejects.is_warning, false) as is_warning,
        rejects.rejected_at
    from rejects
)

select * from final
