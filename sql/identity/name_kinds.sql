-- One row per name that says what it is the name of: a human, or something else, and by which word.
-- key: name
-- name: as it is written
-- kind: person, organization or service
-- grounds: given_name (nothing but a human's name), remark (a human's name, and where they are
-- from), form (of a company), firm (of three families), front (a business and then its name), end
-- (a name and then a business, or letters: perhaps a human of whom that is noted)
-- word: the word of a business in it, if there is one
-- is_family_word: that word is a family name as well: Bank, Baker, Kovács
with marks as materialized (
    select
        name_marks.name,
        name_marks.list,
        name_marks.value,
        name_marks.word,
        name_marks.place,
        name_marks.last_place,
        name_marks.is_part,
        name_marks.is_initials,
        length(spellings.words) as n_words
    from identity.name_marks
    inner join identity.spellings on name_marks.name = spellings.text
),

family_words as (
    select
        marks.name,
        marks.place
    from marks
    where marks.list = 'family_words'
),

-- "Hr. Sievers" is a man, "HR" and "HR Granite" are an office.
courtesies as (
    select distinct
        marks.name,
        marks.place
    from marks
    where
        marks.list = 'name_openers'
        and marks.value = 'courtesy'
        and marks.place = 1
        and marks.n_words > 1
        and regexp_matches(marks.name, '^\p{L}\p{Ll}')
),

-- The first business in the name, the longest words for it: "Zahnarzt" before "Arzt"; of
-- "Kovács Anna Fodrász" the last, for Kovács is a family as well.
businesses as (
    select
        marks.name,
        marks.place,
        marks.last_place,
        marks.list,
        marks.value,
        marks.word,
        marks.is_part,
        not marks.is_part
        and marks.place = marks.last_place
        and family_words.place is not null as is_family_word
    from marks
    left join family_words using (name, place)
    left join courtesies using (name, place)
    where marks.list in ('business_words', 'trades', 'brands') and courtesies.name is null
    qualify row_number() over (
        partition by marks.name
        order by
            is_family_word and marks.list = 'trades' asc,
            marks.list = 'brands' asc,
            marks.place asc,
            marks.last_place desc,
            marks.is_part asc,
            marks.list asc,
            length(marks.word) desc,
            marks.word asc
    ) = 1
),

-- Initials look like forms: "A. S. Byatt" is a human, "Nordby A. S." is not.
forms as (
    select
        marks.name,
        min(marks.word) as word
    from marks
    where
        marks.list = 'company_forms'
        and case
            when marks.value = 'any' then true
            when marks.value = 'start' then marks.place = 1 and marks.n_words > 1
            when marks.value = 'short' or marks.is_initials
                then marks.place > 1 and marks.last_place = marks.n_words
            else marks.n_words > 1
        end
    group by marks.name
),

-- Forms of few letters may be a human's initials or family; the whole ones are never.
whole_forms as (
    select distinct marks.name
    from marks
    where
        marks.list = 'company_forms'
        and marks.value <> 'short'
        and (marks.value = 'any' or length(marks.word) > 2)
        and not marks.is_initials
),

facts as (
    select
        spellings.text as name,
        spellings.head,
        spellings.joined,
        trim(regexp_extract(spellings.text, '^(.*?)(\s[-–—|/@•]\s|,\s)', 1)) as stem,
        length(spellings.words) as n_words,
        businesses.place as business_place,
        businesses.last_place as business_end,
        businesses.list as business_list,
        businesses.value as class,
        businesses.word as business,
        businesses.is_part,
        forms.word as form,
        whole_forms.name is not null as is_whole_form,
        min(marks.place) filter (where marks.list = 'given_names') as given_place,
        max((marks.value = 'word')::integer) filter (
            where marks.list = 'given_names' and marks.place = 1
        ) as given_words,
        max(marks.place) filter (where marks.list = 'common_families') as family_place,
        coalesce(
            bool_or(marks.list = 'common_families' and marks.place = 1), false
        ) as is_common_family,
        coalesce(businesses.is_family_word, false) as is_family_word,
        max(marks.last_place) filter (
            where marks.list = 'name_openers' and marks.place = 1 and marks.value = 'courtesy'
        ) as courtesy_end,
        max(marks.last_place) filter (
            where marks.list = 'name_openers' and marks.value = 'doctor'
            and marks.place < coalesce(businesses.place, 9)
        ) as doctor_end,
        coalesce(
            bool_or(
                marks.list = 'name_openers'
                and marks.place = 1
                and marks.value in ('opener', 'article', 'house')
            ),
            false
        ) as is_opened,
        coalesce(
            bool_or(marks.list = 'name_openers' and marks.place = 1 and marks.value = 'article'),
            false
        ) as has_article,
        coalesce(
            bool_or(marks.list = 'name_openers' and marks.place = 1 and marks.value = 'house'),
            false
        ) as is_house,
        min(marks.word) filter (
            where marks.list = 'name_openers' and marks.place = 1
            and marks.value in ('article', 'house')
        ) as article,
        min(marks.word) filter (where marks.list = 'acronyms') as acronym,
        coalesce(bool_or(marks.list = 'name_openers' and marks.value = 'kin'), false) as has_kin,
        min(marks.place) filter (
            where marks.list = 'name_openers' and marks.value = 'from'
        ) as from_place,
        coalesce(bool_or(marks.list = 'name_openers' and marks.place = 1), false) as has_opener,
        coalesce(
            bool_or(
                marks.list = 'institutions'
                and marks.last_place = length(spellings.words)
                and (marks.place > 2 or marks.last_place > marks.place or marks.value = 'any')
                and marks.place > 1
            ),
            false
        ) as is_institution
    from identity.spellings
    inner join marks on spellings.text = marks.name
    left join businesses on spellings.text = businesses.name
    left join forms on spellings.text = forms.name
    left join whole_forms on spellings.text = whole_forms.name
    group by all
),

judged as (
    select
        facts.*,
        -- "Ana Lima - Granite Ltd": a human, and where from
        coalesce(
            facts.given_place <= 2
            and length(string_split_regex(facts.stem, '[\s.]+'))
            between 2 and least(4, coalesce(facts.business_place, facts.n_words) - 1),
            false
        ) as is_human_first,
        regexp_matches(facts.name, '\p{L}[''’]s\s') as is_possessive,
        -- "Nordby AB", "Nordby a. s."; a human's name is not written so
        facts.name <> upper(facts.name)
        and regexp_matches(facts.name, '\s(\p{Lu}{2,}|\p{Lu}/\p{Lu}|(\p{L}\.\s?){2,})$')
            as is_form_spelt,
        -- three families are a firm; two may be a couple
        regexp_matches(
            facts.name,
            '^\p{L}+, \p{L}+,? (&|and|und|et|y|e|en|och|og|ja|i|a|és|și|ve|и|і|та|και) \p{L}+$'
        )
        and (facts.is_common_family or coalesce(facts.given_place, 9) > 2) as is_firm,
        -- "El Rincón de Pepe"
        regexp_matches(
            facts.name,
            '^(El|La|Il|O|A|Le|Lo) \p{Lu}\p{Ll}+ (de|del|della|di|da|do|du|des|of) \p{Lu}'
        )
        and coalesce(facts.given_place, 9) > 3 as is_place_of,
        -- "Bob's Boilers", but "Bob's Mum" and "Bob's Parents"
        regexp_matches(facts.name, '^\p{Lu}\p{Ll}+[''’]s \p{Lu}\p{Ll}+[^s]s$')
        and not facts.has_kin as is_ware_of,
        -- "Mel from Pilates", "Anke vom Chor"
        coalesce(
            facts.from_place = 2 and facts.business_place > 2 and not facts.is_opened, false
        ) as is_from_there,
        facts.business_place > 1
        and facts.head <> facts.joined
        and regexp_matches(facts.head, '-\p{L}+$')
        and length(string_split(facts.head, '-')) = facts.business_place as is_hyphened
    from facts
)

select
    judged.name,
    case
        when judged.is_firm then 'organization'
        when judged.is_human_first or judged.is_from_there then 'person'
        when
            judged.form is not null
            and (
                judged.is_whole_form
                or judged.is_form_spelt
                or coalesce(judged.given_place, 9) > 1
                or judged.n_words > 3
            )
            then 'organization'
        -- "The Fox and Hounds", "Zum Löwen"; "The Hendersons" are humans
        when
            judged.business_place is null
            and (judged.has_article or judged.is_house)
            and (judged.n_words > 2 or (judged.is_house and judged.n_words > 1))
            and judged.given_place is null
            and coalesce(judged.family_place, 1) = 1
            then 'organization'
        when
            judged.business_place is null and (judged.is_place_of or judged.is_ware_of)
            then 'organization'
        when
            judged.business_place is null
            and judged.acronym is not null
            and judged.given_place is null
            and judged.family_place is null
            and not judged.has_opener
            then 'organization'
        when judged.business_place is null and judged.given_place is not null then 'person'
        when judged.business_place is null then null
        when judged.business_list = 'brands'
            then
                case
                    when judged.business_place > 1 or judged.given_place is not null then null
                    when judged.business_end = judged.n_words then 'organization'
                end
        when judged.is_family_word and judged.n_words = 1 and judged.business_list = 'trades'
            then null
        when judged.business_place = 1
            then
                case
                    -- "Schneider Anna": the family first
                    when
                        judged.is_family_word
                        and judged.n_words = 2
                        and judged.given_place is not null
                        and (judged.business_list = 'trades' or contains(judged.name, ','))
                        then 'person'
                    when
                        judged.is_family_word
                        and judged.business_list = 'trades'
                        and judged.family_place is null
                        and judged.doctor_end is null
                        then null
                    -- "Plumber Greg" is a human, "Plumber Jones" a trade
                    when
                        judged.business_list = 'trades'
                        and judged.class = 'trade'
                        and judged.given_place = judged.business_end + 1
                        and judged.n_words = judged.business_end + 1
                        then 'person'
                    when judged.class = 'hotline' then 'service'
                    else 'organization'
                end
        when judged.is_possessive or judged.is_hyphened or judged.is_institution then 'organization'
        when
            judged.doctor_end is not null
            and judged.class = 'practice'
            and judged.business_place = judged.doctor_end + 2
            then 'organization'
        -- "Rose Café" is no Rose
        when
            judged.business_place = 2
            and judged.given_words = 1
            and judged.business_list = 'business_words'
            and judged.class in (
                'food', 'shop', 'lodging', 'company', 'practice', 'school', 'hotline'
            )
            and not judged.is_family_word
            then 'organization'
        -- "Yıldız Oto Tamir": what is noted of a human is a word, a shop says it in two
        when
            judged.business_place = 2
            and judged.business_end = judged.n_words
            and judged.business_end > judged.business_place
            and judged.business_list = 'business_words'
            and judged.class in ('food', 'shop', 'lodging', 'company', 'trade', 'transport')
            then 'organization'
        when judged.given_place < judged.business_place and not judged.is_opened then 'person'
        when
            coalesce(judged.courtesy_end, judged.doctor_end) + 1 < judged.business_place
            and coalesce(judged.class, '') not in ('food', 'lodging', 'shop', 'company')
            then 'person'
        when
            judged.is_family_word
            and judged.business_list = 'trades'
            and judged.business_end = judged.n_words
            then null
        -- "Nige Roofer": by a pet name, and what he does
        when
            judged.business_list = 'trades'
            and judged.class = 'trade'
            and judged.business_place = 2
            and judged.business_end = judged.n_words
            and not judged.is_part
            and judged.family_place is null
            and not judged.is_opened
            and judged.acronym is null
            then null
        when judged.class = 'hotline' then 'service'
        else 'organization'
    end as kind,
    case
        when judged.is_firm then 'firm'
        when judged.is_human_first or judged.is_from_there then 'remark'
        when judged.form is not null and judged.is_whole_form then 'form'
        when
            judged.business_place is null
            and (judged.has_article or judged.is_house)
            and judged.given_place is null
            and judged.form is null
            then 'front'
        when
            judged.business_place is null
            and judged.acronym is not null
            and judged.given_place is null
            and judged.form is null
            then 'end'
        when
            judged.business_place is null
            and judged.form is null
            and (judged.is_place_of or judged.is_ware_of)
            then 'end'
        when judged.business_place is null and judged.form is null then 'given_name'
        when judged.business_place is null or judged.form is not null then 'form'
        when judged.business_place = 1 then 'front'
        when judged.is_possessive or judged.is_hyphened then 'front'
        when
            judged.doctor_end is not null
            and judged.class = 'practice'
            and judged.business_place = judged.doctor_end + 2
            then 'front'
        else 'end'
    end as grounds,
    coalesce(
        judged.form,
        judged.business,
        judged.article,
        judged.acronym,
        if(judged.is_place_of or judged.is_ware_of, judged.name, null)
    ) as word,
    judged.is_family_word
from judged
