-- One row per item that a source neither handed over nor called gone when it was last asked for it:
-- why (omitted, failing or missing), in words, since when, in how many runs of the collection, and
-- when it was given up: then it is a reject, and only full listings ask for it.
create table raw.open_items (
    source varchar,
    collection varchar,
    href varchar,
    reason varchar,
    words varchar,
    first_at timestamptz,
    last_at timestamptz,
    runs integer,
    given_up_at timestamptz
);
