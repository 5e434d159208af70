-- Delete items whose href tells a name after the collection's path: a word of it as such, or a
-- longer one within another.
-- $1: item_ids, $2: words
-- on: state
delete from raw.items
using
    (
        select
            item_id,
            lower(replace(href, collection, '')) as tail
        from raw.items
        where item_id in (select unnest($1::bigint[]))
    ) as named,
    (select unnest($2::varchar[]) as word) as words
where
    items.item_id = named.item_id
    and (
        list_contains(string_split_regex(named.tail, '[^\pL\pN]+'), words.word)
        or (length(words.word) > 3 and contains(named.tail, words.word))
    )
