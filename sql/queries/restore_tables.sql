-- The tables of a state, each with its CREATE.
-- on: state
select
    schema_name || '.' || table_name as name,
    sql
from duckdb_tables()
where database_name = 'state'
order by all
