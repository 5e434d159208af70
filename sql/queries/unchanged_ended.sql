-- A row if some occurrence ended between two instants: a book made now would know of it.
-- $1: from, $2: to
-- on: state
select true as has_ended
where exists (
    select 1
    from state.raw.meetings
    where gone_at is null and ends_at > $1::timestamptz and ends_at <= $2::timestamptz
)
