-- By which version of the readers what is stored was read (connectors.READERS).
-- No row: an older one.
create table raw.readers (
    version integer,
    read_at timestamptz
);
