-- A body in raw.blobs stands in parts, from 0 on; those of earlier days are one part each.
alter table raw.blobs add column part integer default 0;
