-- One row per title of a meeting without guests, and person whom it names; right or silent.
-- Each word and mark of a title becomes one letter that says what it is (sql/words/title_words.csv
-- and the names of the book), and the letters are held against a few patterns that say "in touch":
-- any word and "with" and names, an activity and names, names and an activity, at somebody's,
-- somebody and the owner, a full name alone. Whatever else a title may mean ("Mark deadline",
-- "Ana's birthday", "Coffee with Ana and somebody unknown") names nobody. All whom it names count.
-- tests/golden/titles.csv has the cases.
-- key: title, person_id
with without_guests as (
    select distinct meetings.title
    from staging.meetings
    anti join history.participations
        on
            meetings.meeting_id = participations.meeting_id
            and participations.is_human
            and not participations.is_owner
    where
        meetings.title is not null
        and not meetings.is_gone
        and not meetings.is_all_day
        and length(meetings.title) <= 120
),

titles as materialized (
    select
        without_guests.title,
        row_number() over () as title_id,
        string_split(raw.title_text(without_guests.title), ' ') as words
    from without_guests
),

owner_texts as (
    select raw.title_text(persons.display_name) as text
    from identity.persons
    where persons.is_owner
),

-- What each word of the list is, by a letter.
letters (meaning, letter) as (
    values
    ('not', 'X'), ('matter', 'Q'), ('with', 'W'), ('with or mr', 'M'), ('possessive', 'S'),
    ('with after', 'Z'), ('at after', 'h'), ('object', 'R'), ('home of', 'H'), ('me', 'O'),
    ('and', '&'), ('or place', 'y'), ('article', 'd'), ('to', 't'), ('place', 'P'),
    ('courtesy', 'c'), ('courtesy her', 'q'), ('courtesy him', 'g'), ('at', 'A'),
    ('courtesy after', 's'), ('call', 'b'), ('verb', 'v'), ('activity', 'a'), ('evening', 'p'),
    ('rhythm', 'r'), ('manner', 'F'), ('time', 'T'), ('relative', 'K'), ('home', 'L')
),

-- What each word and name is; what is several is the first of the letters' order.
meanings as materialized (
    select
        words.spelling as text,
        words.language,
        coalesce(letters.letter, 'u') as letter
    from raw.words
    left join letters on words."value" = letters.meaning
    where words.list = 'title_words'
    union all by name
    -- somebody whom the book does not know, or knows twice
    select
        words.spelling as text,
        'j' as letter
    from raw.words
    where words.list in ('given_names', 'nicknames')
    union all by name
    select
        unambiguous_names.text,
        case
            when unambiguous_names.person_id is null then 'k'
            when unambiguous_names.is_full then 'N'
            when unambiguous_names.is_date_or_place then 'm'
            when unambiguous_names.is_word then 'w'
            else 'n'
        end as letter,
        unambiguous_names.person_id,
        unambiguous_names.family_person_id,
        unambiguous_names.bearer_is
    from identity.unambiguous_names
    union all by name
    select
        unnest([owner_texts.text, split_part(owner_texts.text, ' ', 1)]) as text,
        'O' as letter
    from owner_texts
),

lexicon as materialized (
    select
        meanings.text,
        arg_min(
            meanings.letter, instr('NnwmXQWMZShRHOAyd&tPqgcsbvapFrTKLkju', meanings.letter)
        ) as letter,
        max(meanings.person_id) as person_id,
        max(meanings.family_person_id) as family_person_id,
        max(meanings.bearer_is) as bearer_is
    from meanings
    group by meanings.text
),

-- A stretch is looked up no longer than anything that begins with its first word.
heads as (
    select
        split_part(lexicon.text, ' ', 1) as head,
        max(length(string_split(lexicon.text, ' '))) as n_words
    from lexicon
    where contains(lexicon.text, ' ')
    group by head
),

places as materialized (
    select
        titles.title_id,
        titles.words,
        unnest(range(1, length(titles.words) + 1)) as place,
        titles.words[place] as word
    from titles
),

stretches as (
    select
        places.title_id,
        places.place,
        places.place as last_place,
        places.word as text
    from places
    union all
    select
        places.title_id,
        places.place,
        places.place + numbers.n - 1 as last_place,
        array_to_string(places.words[places.place:places.place + numbers.n - 1], ' ') as text
    from places
    inner join heads on places.word = heads.head
    inner join range(2, 13) as numbers (n)
        on heads.n_words >= numbers.n and length(places.words) >= places.place + numbers.n - 1
),

found as materialized (
    select
        stretches.*,
        lexicon.* exclude (lexicon.text)
    from stretches
    left join lexicon on stretches.text = lexicon.text
    where lexicon.text is not null or stretches.place = stretches.last_place
),

-- z Piotrem, s Janou, Annan kanssa: the languages of the words beside a name say how it may end.
endings as (
    select
        words.language,
        words.spelling as ending,
        coalesce(words."value", '') as nominative
    from raw.words
    where words.list = 'name_cases'
),

case_titles as (
    select distinct
        found.title_id,
        meanings.language
    from found
    inner join meanings on found.text = meanings.text
    where
        meanings.letter in ('W', 'Z', 'H', 'b', 'v', 'a')
        and meanings.language in (select endings.language from endings)
),

case_forms as materialized (
    select distinct
        places.title_id,
        places.place,
        unnest(
            [
                places.word,
                left(places.word, length(places.word) - length(endings.ending))
                || endings.nominative
            ]
        ) as form
    from places
    inner join case_titles on places.title_id = case_titles.title_id
    inner join endings
        on case_titles.language = endings.language and ends_with(places.word, endings.ending)
    where length(places.word) >= 3
),

case_texts as (
    select
        case_forms.title_id,
        case_forms.place,
        case_forms.place as last_place,
        case_forms.form as text
    from case_forms
    union all
    select
        case_forms.title_id,
        case_forms.place,
        nexts.place as last_place,
        case_forms.form || ' ' || nexts.form as text
    from case_forms
    inner join case_forms as nexts
        on case_forms.title_id = nexts.title_id and case_forms.place + 1 = nexts.place
),

case_names as (
    select
        case_texts.title_id,
        case_texts.place,
        case_texts.last_place,
        case
            when min(lexicon.person_id) = max(lexicon.person_id)
                then min(lexicon.letter) filter (where lexicon.person_id is not null)
            when count(lexicon.person_id) > 0 then 'j'
            else 'k'
        end as letter,
        case
            when min(lexicon.person_id) = max(lexicon.person_id) then min(lexicon.person_id)
        end as person_id,
        case
            when min(lexicon.family_person_id) = max(lexicon.family_person_id)
                then min(lexicon.family_person_id)
        end as family_person_id,
        min(lexicon.bearer_is) as bearer_is
    from case_texts
    inner join lexicon on case_texts.text = lexicon.text
    where lexicon.letter in ('N', 'n', 'w', 'm', 'k')
    group by case_texts.title_id, case_texts.place, case_texts.last_place
),

readings as (
    select
        found.title_id,
        found.place,
        found.last_place,
        coalesce(
            found.letter,
            case
                when regexp_matches(found.text, '^[/&:,()@|]') then left(found.text, 1)
                when found.text = '–' then '-'
                when regexp_matches(found.text, '^\d') then 'T'
                when regexp_matches(found.text, '^[\x{2190}-\x{2BFF}\x{1F000}-\x{1FFFF}]') then 'E'
                else 'u'
            end
        ) as letter,
        found.person_id,
        found.family_person_id,
        found.bearer_is,
        2 as preference
    from found
    union all
    select
        case_names.*,
        1 as preference
    from case_names
),

-- From left to right the longest stretch at each place that no earlier one covers.
longest as (
    select readings.*
    from readings
    qualify row_number() over (
        partition by readings.title_id, readings.place
        order by readings.last_place desc, readings.preference asc
    ) = 1
),

apart as (
    select longest.*
    from longest
    qualify longest.place > coalesce(
        max(longest.last_place) over (
            partition by longest.title_id
            order by longest.place asc
            rows between unbounded preceding and 1 preceding
        ),
        0
    )
),

-- Mrs Lima, Tanaka-san
beside as (
    select
        apart.*,
        row_number() over in_order as ordinal,
        apart.family_person_id is not null
        and apart.letter <> 'N'
        and (
            coalesce(
                contains(
                    case apart.bearer_is when 'her' then 'cq' when 'him' then 'cMg' else 'cMqg' end,
                    lag(apart.letter) over in_order
                ),
                false
            )
            or (apart.person_id is null and lead(apart.letter) over in_order = 's')
        ) as is_family
    from apart
    window in_order as (
        partition by apart.title_id
        order by apart.place
    )
),

lettered as materialized (
    select
        beside.title_id,
        beside.ordinal,
        case when beside.is_family then beside.family_person_id else beside.person_id end
            as person_id,
        case when beside.is_family then 'f' else beside.letter end as letter
    from beside
),

shapes as materialized (
    select
        lettered.title_id,
        string_agg(lettered.letter, '' order by lettered.ordinal) as shape
    from lettered
    group by lettered.title_id
    having count(lettered.person_id) > 0 and not bool_or(lettered.letter = 'X')
),

known_shapes as (
    select distinct shapes.shape from shapes
),

-- Which of the letters are the names that count, by the first pattern that fits.
framed as materialized (
    select
        known_shapes.shape,
        list_filter(
            [
                -- any words, "with", names
                raw.title_frame(
                    known_shapes.shape,
                    '^((?:[^QKjNnwfWMZsSy][^QKjNnwfWMZsS]{0,7})?[WM])(<any>)<tail>'
                ),
                -- an activity, names
                raw.title_frame(
                    known_shapes.shape,
                    '^([ETFabvr:(|)/-]*[abv][Fr)]*[:/|(,)-]*)(<sure>)<tail>'
                ),
                -- "See Rose", "Coffee Max": a word, but what else should it be
                raw.title_frame(known_shapes.shape, '^([ETF]*[bv]F*)([dtcqg]*w)<tail>'),
                raw.title_frame(known_shapes.shape, '^([ETF]*a)(w)[TE]*$'),
                -- names, an activity
                raw.title_frame(
                    known_shapes.shape,
                    '^([ETF(:]*)(<sure>)[:/|,(-]*(?:F*[abvr][FTE]*)+<end>'
                ),
                -- somebody and the owner
                raw.title_frame(
                    known_shapes.shape,
                    '^([FarbTE(:|-]*)([dtcqg]*[Nnwmf]s?)[/&,|:-]+O(?:[/|:-]*[FarbTE)]+)*<end>'
                ),
                raw.title_frame(
                    known_shapes.shape,
                    '^([FarbTE(:|-]*O[/&,|:-]+)([dtcqg]*[Nnwmf]s?)(?:[/|:-]*[FarbTE)]+)*<end>'
                ),
                -- at somebody's
                raw.title_frame(known_shapes.shape, '^([ETFabrpv,:|()-]*H)(<any>)L?<tail>'),
                raw.title_frame(known_shapes.shape, '^([ETFabrpv,:|()-]*[AHy@])(<any>)SL?<tail>'),
                raw.title_frame(known_shapes.shape, '^([ETFabrp]*[abp])(<any>)SL?[TE]*$'),
                raw.title_frame(known_shapes.shape, '^([ETF]*)(<sure>)SZ<end>'),
                -- names, "ile", "kanssa", "zu Besuch"
                raw.title_frame(
                    known_shapes.shape,
                    '^([ETFabrp:|]*)([dtcMqg]*[Nnwmf]s?(?:(?:,?[&yt]|[,/Z])(?:[Nnwmf]s?|O))*)[TF]*Z'
                    || '(?:[^&Q]|&[^NnwmfjOQ])*$'
                ),
                raw.title_frame(known_shapes.shape, '^([ETFabrp:|]*)([Nnwmf]s?)h[LabpTFrE]*$'),
                -- names as what is done to them: "Ayşe'yi ara"
                raw.title_frame(known_shapes.shape, '^([ETF]*)(<any>)Ru{0,3}[abv]<tail>'),
                -- a full name alone
                raw.title_frame(
                    known_shapes.shape,
                    '^([ETFcqg(]*)(N)[TE)]*(?:[@(|-](?:[^QNnwmfjOW&][^Q]*)?)?$'
                )
            ],
            lambda frame: frame.names <> ''
        )[1] as frame
    from known_shapes
)

select distinct
    titles.title,
    lettered.person_id
from shapes
inner join framed on shapes.shape = framed.shape
inner join titles on shapes.title_id = titles.title_id
inner join lettered
    on
        shapes.title_id = lettered.title_id
        and lettered.person_id is not null
        and lettered.ordinal > length(framed.frame.head)
        and lettered.ordinal <= length(framed.frame.head) + length(framed.frame.names)
where framed.frame is not null
