-- By which command a source was read, and of what kind its trouble was: login, source or bug.
alter table raw.runs add column command varchar;
alter table raw.runs add column trouble varchar;
