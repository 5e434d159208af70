-- The places where most people are, for who asks for one where nobody is.
-- on: book
select city from main.people
where city is not null and not is_owner
group by city
order by count(*) desc, city limit 8
