-- One row per account on a server: the way to its collections that was found at found_at, so that
-- not each run has to look for it. What the text says, the connector knows.
create table raw.ways (
    source varchar,
    way varchar,
    found_at timestamptz
);
