-- One row per two words that may be one given name: Bill, William and Will; Eugene and Yevgeny; and
-- "A." for Sasha, "B." for Elizabeth: another form of the name begins so.
-- key: one, other
-- is_initial: a word and the letter that another form of it begins with
with pairs as ( -- noqa: ST03
    select
        given_forms.word as one,
        given_forms.value as other
    from raw.given_forms() as given_forms
    union all
    select
        short_one.word as one,
        short_other.word as other
    from raw.given_forms() as short_one
    inner join raw.given_forms() as short_other on short_one.value = short_other.value
),

with_initials as (
    select
        unnest([both_ways.one, both_ways.one, left(both_ways.one, 1)]) as one,
        unnest([both_ways.other, left(both_ways.other, 1), both_ways.other]) as other,
        unnest([false, true, true]) as is_initial
    from raw.both_ways('pairs') as both_ways
)

select
    with_initials.one,
    with_initials.other,
    bool_and(with_initials.is_initial) as is_initial
from with_initials
group by with_initials.one, with_initials.other
