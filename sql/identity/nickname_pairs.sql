-- One row per two words that may be one given name: Bill, William and Will; Eugene and Yevgeny; and
-- "A." for Sasha, "B." for Elizabeth: another form of the name begins so.
-- key: one, other
-- is_initial: a word and the letter that another form of it begins with
with forms as (
    select
        word as nickname,
        value as formal
    from raw.given_forms()
),

pairs as ( -- noqa: ST03
    select
        forms.nickname as one,
        forms.formal as other
    from forms
    union all
    select
        short_one.nickname as one,
        short_other.nickname as other
    from forms as short_one
    inner join forms as short_other on short_one.formal = short_other.formal
),

both_ways as (
    select distinct *
    from raw.both_ways('pairs')
),

with_initials as (
    select
        both_ways.one,
        both_ways.other,
        false as is_initial
    from both_ways
    union all
    select
        both_ways.one,
        left(both_ways.other, 1) as other,
        true as is_initial
    from both_ways
    union all
    select
        left(both_ways.one, 1) as one,
        both_ways.other,
        true as is_initial
    from both_ways
)

select
    with_initials.one,
    with_initials.other,
    bool_and(with_initials.is_initial) as is_initial
from with_initials
group by with_initials.one, with_initials.other
