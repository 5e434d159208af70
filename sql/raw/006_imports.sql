-- One row per import: a file, folder or archive that came in once, as a source of its own.
-- Its name begins with import/; one that another took the place of has replaced/NUMBER/ before
-- its name, stands in no build and is brought back by `import --undo`.
create table raw.imports (
    source varchar,
    file varchar,
    path varchar,
    options varchar[],
    digest varchar,
    began_at timestamptz,
    finished_at timestamptz,
    replaced varchar
);

-- Those of earlier versions: path and digest are not known; the same content is told by its etags.
insert into raw.imports
with sources as (
    select source
    from raw.cursors
    where starts_with(source, 'import/')
    union
    select source
    from raw.items
    where starts_with(source, 'import/')
),

files as (
    select
        source,
        count(*) as n_collections,
        any_value(collection_name) as collection_name,
        min(first_complete_at) as first_complete_at,
        max(pulled_at) as pulled_at
    from raw.cursors
    group by source
),

began as (
    select
        source,
        min(started_at) as began_at
    from raw.runs
    group by source
)

select
    sources.source,
    case
        when files.n_collections = 1 and nullif(files.collection_name, '') is not null
            then files.collection_name
        else substr(sources.source, length('import/') + 1)
    end as file,
    null as path,
    [] as options,
    null as digest,
    coalesce(began.began_at, files.first_complete_at, now()) as began_at,
    files.pulled_at as finished_at,
    null as replaced
from sources
left join files on sources.source = files.source
left join began on sources.source = began.source;
