-- Which of the files of its collection holds an item: two files of one folder may hold copies of
-- one card. Null where the collection is one file, where the href says it, and for items of earlier
-- days.
alter table raw.items add column file varchar;
