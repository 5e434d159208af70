-- How many requests a run of a source made, and how many it may make, where the server counts them.

alter table raw.runs add column requests_made bigint;

alter table raw.runs add column requests_allowed bigint;
