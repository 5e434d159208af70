-- One row per two words that may be one given name: Bill, William and Will; Eugene and Yevgeny; and
-- "A." for Sasha, whose full name begins so.
-- key: one, other
-- one: a word of a name
-- other: another one, or a letter
-- is_initial: a nickname and the letter that its full form begins with
with forms as (
    select
        word as nickname,
        value as formal
    from raw.given_forms()
),

pairs as (
    select
        forms.nickname as one,
        forms.formal as other,
        false as is_initial
    from forms
    union all
    select
        short_one.nickname as one,
        short_other.nickname as other,
        false as is_initial
    from forms as short_one
    inner join forms as short_other on short_one.formal = short_other.formal
    union all
    select
        forms.nickname as one,
        left(forms.formal, 1) as other,
        true as is_initial
    from forms
),

both_ways as (
    select pairs.* from pairs
    union all
    select
        pairs.other as one,
        pairs.one as other,
        pairs.is_initial
    from pairs
)

select
    both_ways.one,
    both_ways.other,
    bool_and(both_ways.is_initial) as is_initial
from both_ways
group by both_ways.one, both_ways.other
