-- What stands in a state file beside the tables and sequences of schema raw: nothing should.
-- $1: the sequences that belong there
-- on: state
select 'the schema ' || schema_name from duckdb_schemas()
where database_name = 'state' and not internal and schema_name <> 'raw'
union all
select 'the view ' || view_name from duckdb_views()
where database_name = 'state' and not internal
union all
select 'the macro ' || function_name from duckdb_functions()
where database_name = 'state' and not internal
union all
select 'the type ' || type_name from duckdb_types()
where database_name = 'state' and not internal
union all
select 'the index ' || index_name from duckdb_indexes()
where database_name = 'state'
union all
select 'the trigger ' || trigger_name from duckdb_triggers()
where database_name = 'state'
union all
select 'the sequence ' || schema_name || '.' || sequence_name from duckdb_sequences()
where
    database_name = 'state'
    and (schema_name <> 'raw' or sequence_name not in (select unnest($1::varchar[])))
order by all
