-- A reply that a guest once gave and that a later version of the event resets to "not answered":
-- servers do so when the guest moves it. recurrence_id is empty where the occurrence has none.
create table raw.given_replies (
    item_id bigint,
    recurrence_id varchar,
    record_id bigint,
    reply varchar,
    noted_at timestamptz
);
