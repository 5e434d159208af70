-- One row per address on the cards of one human and of nobody else: an office's is theirs as well.
-- key: match_key
select addresses.match_key
from identity.addresses
inner join identity.record_kinds on addresses.record_id = record_kinds.record_id
inner join staging.cards on addresses.record_id = cards.record_id
inner join identity.names on addresses.record_id = names.record_id
where record_kinds.has_human_name
group by addresses.match_key
having count(distinct concat_ws(' ', names.first_word, names.last_word)) = 1
