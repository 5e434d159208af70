-- One row per collection that a source names or named, or whose place could not be listed: what
-- came of it in the source's last run. refused_days counts the days in a row on which it was
-- refused, up to refused_date; since missing_since it is neither listed nor at its own address.
create table raw.collections (
    source varchar,
    collection varchar,
    collection_name varchar,
    kinds varchar[],
    is_named boolean,
    is_directory boolean,
    error varchar,
    hint varchar,
    is_refused boolean,
    refused_days integer,
    refused_date date,
    missing_since date,
    noted_at timestamptz
);
