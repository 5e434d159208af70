-- One row per card's item as it stands now: where it was read, and what its bytes are known by.
-- key: item_id
-- file: which file of a folder or archive holds it, null where the collection is one file
-- etag: differs when its bytes do; for files a hash of them
-- received_at: when this version of it came
select
    items.item_id,
    coalesce(items.file, nullif(regexp_extract(items.href, '^(.+[.]vcf)#', 1, 'i'), '')) as file,
    items.etag,
    items.received_at
from raw.items
where items.kind = 'contact' and items.superseded_at is null
