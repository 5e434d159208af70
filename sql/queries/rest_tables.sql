-- The tables of a database, with names and types of their columns.
-- $1: the database
-- on: book
select
    schema_name,
    table_name,
    list((column_name, data_type) order by column_index) as columns
from duckdb_columns()
where database_name = $1 and not internal
group by all
order by all
