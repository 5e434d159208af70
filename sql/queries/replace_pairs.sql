-- Pair by one rule the cards that no earlier one has paired, and only where on neither side a
-- second one would do as well.
-- $1: the rule
-- on: state
insert into temp.pairs
select
    old_record,
    new_record,
    new_item
from temp.candidates
where
    rule = $1
    and old_record not in (select pairs.old_record from temp.pairs)
    and new_item not in (select pairs.new_item from temp.pairs)
qualify count(*) over (partition by old_record) = 1 and count(*) over (partition by new_item) = 1
