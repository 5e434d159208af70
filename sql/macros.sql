-- What the SELECTs of this folder would otherwise write more than once; laid at each build.

-- Text → the e-mail address in lower case, null where it is none: something on both sides of one @.
create or replace macro raw.email_address(written) as
case when regexp_full_match(trim(written), '[^@\s]+@[^@\s]+') then lower(trim(written)) end;

-- Address → the domain for matching.
create or replace macro raw.email_domain(email) as
regexp_replace(regexp_extract(email, '@([^@]+)$', 1), '^googlemail[.]com$', 'gmail.com');

-- Address → what stands before the @, for matching: no +tag, and for Gmail no dots.
create or replace macro raw.email_local_part(email) as
case
    when raw.email_domain(email) = 'gmail.com'
        then coalesce(
            nullif(replace(regexp_extract(email, '^([^@]+?)([+][^@]*)?@', 1), '.', ''), ''), email
        )
    else regexp_extract(email, '^([^@]+?)([+][^@]*)?@', 1)
end;

-- UID of a task → kind, cycle and key_hash, as kithbook-2-KIND-CYCLE-HASH has them; empty texts
-- where it is none of that rule.
create or replace macro raw.uid_parts(uid) as
regexp_extract(
    uid,
    '^kithbook-2-(check_in|first_follow_up|birthday|reconnect|introduction)-(.+)-([0-9a-f]{12})$',
    ['kind', 'cycle', 'key_hash']
);

-- Owner and key of a person → what a task's UID ends with.
create or replace macro raw.key_hash(owner_id, task_key) as
left(sha256(owner_id || '|' || task_key), 12);

-- Field of a task → the digest that travels with it.
create or replace macro raw.field_digest(said) as
left(sha256(trim(replace(coalesce(said::varchar, ''), chr(13), ''))), 6);

-- The digest to leave for a field that the user changed: of what a kithbook last wrote there.
create or replace macro raw.left_digest(digest, says, wrote) as
case
    when digest = raw.field_digest(says) then digest
    when wrote is null then 'x'
    else raw.field_digest(wrote)
end;

-- The digest of a field that goes along: of what we write there, or to leave where it stays.
create or replace macro raw.next_digest(stays, digest, says, wrote) as
case when stays then raw.left_digest(digest, says, wrote) else raw.field_digest(says) end;

-- Digests of a task → the books that look after it, without this one.
create or replace macro raw.other_books(digests, book_id) as
list_filter(digests[7:], lambda said: starts_with(said, 'b') and said <> book_id);

-- Digests of a task → what its mark ends with: the books that look after it, this one included.
create or replace macro raw.all_books(digests, book_id) as
array_to_string(list_sort(list_append(raw.other_books(digests, book_id), book_id)), '.');

-- Cycle → how often its round was asked before, this time included.
create or replace macro raw.cycle_round(said_cycle) as
coalesce(try_cast(split_part(said_cycle, '.', 2) as integer), 1);

-- Text → its words in lower case with single spaces, for names in titles.
create or replace macro raw.plain_words(said) as
trim(regexp_replace(lower(strip_accents(said)), '[^\pL\pN]+', ' ', 'g'));

-- Address → the address for matching: what is equal is one mailbox.
create or replace macro raw.email_key(email) as
raw.email_local_part(email) || '@' || raw.email_domain(email);

-- Day → as people write it, with its year where that is not the year of today: 3 August 2025.
create or replace macro raw.day_words(day, today) as
strftime(day, '%-d %B') || case when year(day) = year(today) then '' else ' ' || year(day) end;

-- Name, or word of a list → its letters in the form in which the two meet: lower case, without
-- accents. In Hindi, Thai and Japanese a mark is a letter: without it Rama is Ram.
create or replace macro raw.plain_letters(said) as
translate(
    case
        when regexp_matches(said, '[\x{0900}-\x{0EFF}\x{3040}-\x{30FF}]')
            then lower(nfc_normalize(said))
        else strip_accents(lower(said))
    end,
    'ıøłđةى’‘`´״“”„',
    'ioldهي''''''''""""'
);

-- Text in plain letters → without what is in brackets: a remark. (株) and (주) are a company's form.
create or replace macro raw.unbracketed(said) as
regexp_replace(
    regexp_replace(
        regexp_replace(
            regexp_replace(
                replace(replace(said, 'ß', 'ss'), 'æ', 'ae'), '[(（][株有주유][)）]', '㈱', 'g'
            ),
            '[(\[{<（【][^)\]}>）】]{2,}[)\]}>）】]',
            ' ',
            'g'
        ),
        '([\p{Hebrew}])["'']',
        '\1',
        'g'
    ),
    '(\p{Cyrillic})''(\p{Cyrillic})',
    '\1\2',
    'g'
);

-- Name, or word of a list → its stretches without a blank, in plain letters; "S. p. A." is three,
-- each without its dot, S.p.A. is one.
create or replace macro raw.name_pieces(said) as
list_transform(
    string_split_regex(trim(raw.unbracketed(raw.plain_letters(said))), '\s+'),
    -- (The linter takes a lambda's argument for a column: hence the noqa.)
    lambda piece: case
        when regexp_full_match(piece, '(\p{L}[./])+\p{L}?[.,]?') -- noqa: RF03
            then regexp_replace(piece, '[./,]', '', 'g') -- noqa: RF03
        else piece -- noqa: RF03
    end
);

-- Such stretches → the words in them.
create or replace macro raw.piece_words(pieces) as
string_split(
    trim(regexp_replace(array_to_string(pieces, ' '), '[^\p{L}\p{M}\p{N}㈱㈲㈜]+', ' ', 'g')),
    ' '
);

-- Record → what decisions.jsonl calls it; a record may have several.
create or replace macro raw.record_key(kind, source, collection, "key") as
case kind
    when 'email' then 'email ' || "key"
    else 'card ' || source || ' ' || collection || ' ' || "key"
end;

-- Rank of a strength → the size of the layer it is in; a million beyond the last.
create or replace macro raw.layer_size(strength_rank) as
case
    when strength_rank <= 5 then 5
    when strength_rank <= 15 then 15
    when strength_rank <= 50 then 50
    when strength_rank <= 150 then 150
    else 1000000
end;

-- Turns taken in all, and the ranks of one who waits: by whom to think of first, and by how long
-- they have waited → when their turn comes. The two orders take turns.
create or replace macro raw.turn(first_rank, waiting_rank, turns_taken) as
least(2 * first_rank - 1 + turns_taken % 2, 2 * waiting_rank - turns_taken % 2);

-- Rank of a reply (staging.meeting_guests) → the reply in words; null where none was kept.
create or replace macro raw.reply_words(reply_rank) as
case reply_rank
    when 4 then 'accepted'
    when 3 then 'tentative'
    when 2 then 'declined'
    when 1 then 'never answered'
end;

-- Name as shown → the parts of its family name for comparing, "Ana Lima-Costa (Porto)" → lima,
-- costa; none for a name of one word.
create or replace macro raw.family_names(display_name) as
list_filter(
    string_split(
        regexp_extract(
            strip_accents(lower(trim(regexp_replace(display_name, '[(].*[)]', '')))), '\s(\S+)$', 1
        ),
        '-'
    ),
    lambda part: part <> '' -- noqa: RF03
);

-- Text → one line in any app: no control characters, none that turn the text or show nothing; null
-- where nothing is left.
create or replace macro raw.one_line(said) as
nullif(
    trim(
        regexp_replace(
            regexp_replace(
                said,
                '[\x{AD}\x{34F}\x{61C}\x{115F}\x{1160}\x{180B}-\x{180F}\x{200B}\x{200E}'
                || '\x{200F}\x{202A}-\x{202E}\x{2060}-\x{206F}\x{3164}\x{FEFF}\x{FFA0}'
                || '\x{FFF9}-\x{FFFB}\x{E0000}-\x{E01EF}]',
                '',
                'g'
            ),
            '[\p{Cc}\p{Zl}\p{Zp}\s]+',
            ' ',
            'g'
        )
    ),
    ''
);

-- Name of a table of pairs (one, other, …) → each of them both ways round.
create or replace macro raw.both_ways(pairs) as table
    select *
    from query_table(pairs)
    union all by name
    select * replace (other as one, one as other)
    from query_table(pairs);

-- Name of a table of pairs (one, other) → each id that stands in it, and the least that it can be
-- reached from. Walks begin where no neighbour is less: all others are reached from one of those.
create or replace macro raw.least_reached(pairs) as table
    with recursive arcs as (
        select
            one,
            other
        from query_table(pairs)
        union
        select
            other as one,
            one as other
        from query_table(pairs)
    ),

    walks as (
        select
            one as id,
            one as least_id
        from arcs
        group by one
        having min(other) > one
        union
        select
            arcs.other as id,
            walks.least_id
        from walks
        inner join arcs on walks.id = arcs.one
    )

    select
        id,
        min(least_id) as least_id
    from walks
    group by id;

-- Names of two employers in bare letters → how alike: 2 the same, 1 where one begins with the
-- other, 0 different.
create or replace macro raw.employer_agreement(one, other) as
case
    when one = other then 2
    when
        least(length(one), length(other)) >= 4
        and (starts_with(one, other) or starts_with(other, one))
        then 1
    else 0
end;

-- Two words of names → whether one may be a slip of the pen for the other. The distance is dear,
-- the similarity cheap: a slip in four letters leaves it above .8.
create or replace macro raw.is_slip(one, other) as
least(length(one), length(other)) >= 4
and jaro_similarity(one, other) >= 0.8
and damerau_levenshtein(one, other)
<= case when least(length(one), length(other)) >= 7 then 2 else 1 end;

-- Title, or name, or word of the list title_words → its words and marks in plain letters, each
-- parted by a blank: "Lunch w/ Ana's team (1:1)" is "lunch with ana ′s team ( 1on1 )". Signs of
-- Chinese, Japanese and Korean stand each for itself, as emoji do; 10:30 is one word. (Ranges in
-- place of classes: those of all letters take a build milliseconds to compile.)
create or replace macro raw.title_text(said) as
trim(
    regexp_replace(
        regexp_replace(
            regexp_replace(
                regexp_replace(
                    regexp_replace(
                        translate(
                            replace(
                                replace(
                                    replace(
                                        replace(
                                            raw.plain_letters(
                                                regexp_replace(
                                                    regexp_replace(
                                                        replace(said, ' w/o ', ' without '),
                                                        'https?://\S+',
                                                        ' ',
                                                        'g'
                                                    ),
                                                    '(^|\s)(?:[wcmWCM]/|[wcm]\. )',
                                                    '\1with ',
                                                    'g'
                                                )
                                            ),
                                            's'' ',
                                            's ′s '
                                        ),
                                        ' - ',
                                        ' – '
                                    ),
                                    'ß',
                                    'ss'
                                ),
                                'æ',
                                'ae'
                            ),
                            '[]{}（）<>+;：、，~•·—「」«»',
                            '()()()//&::,,|||–""""'
                        ),
                        '\b(?:1 ?[:/-] ?1|1 ?on ?1|1-2-1|one[- ](?:on|to)[- ]one)\b',
                        '1on1',
                        'g'
                    ),
                    '(\d)[:.](\d\d)',
                    '\1\2',
                    'g'
                ),
                '(^|[a-z\x{DF}-\x{24F}]{2})''(y?l[ea]|y?[aeiu]|[dt][ea]|n?[iu]n|s)\b',
                '\1 ′\2 ',
                'g'
            ),
            '([\x{2E80}-\x{2FDF}\x{3040}-\x{30FF}\x{3400}-\x{9FFF}\x{AC00}-\x{D7AF}'
            || '\x{F900}-\x{FAFF}/|&:,()@?¿"#–'
            || '\x{2190}-\x{2BFF}\x{1F000}-\x{1F3FA}\x{1F400}-\x{1FFFF}])',
            ' \1 ',
            'g'
        ),
        '[\x00- !$%''*.=\\^_`\x{7F}-\x{A9}\x{AB}-\x{B4}\x{B6}-\x{B9}\x{BB}-\x{BE}'
        || '\x{2000}-\x{2012}\x{2014}-\x{2031}\x{2033}-\x{206F}\x{3000}-\x{3004}'
        || '\x{3008}-\x{3020}\x{FE00}-\x{FE0F}\x{1F3FB}-\x{1F3FF}-]+',
        ' ',
        'g'
    )
);

-- Pattern over the letters of history.title_names → the same, with what stands for <any> names,
-- for <sure> ones (no word besides), for the <tail>: when, where, or a remark; and for the <end>, a
-- tail that speaks of nothing that is no meeting by itself.
create or replace macro raw.title_pattern(pattern) as
replace(
    replace(
        replace(
            replace(
                pattern,
                '<any>',
                '(?:[dtcMqg]*[Nnwmf]s?(?:(?:,?[&yt]|[,/])W?(?:[dtcMqg]*[Nnwmf]s?|O))*)'
            ),
            '<sure>',
            '(?:[dtcqg]*[Nnf]s?(?:(?:,?[&yt]|[,/])(?:[dtcMqg]*[Nnwmf]s?|O))*)'
        ),
        '<tail>',
        '[TFLEabrp)]*(?:(?:[PAyHtZ@]|[(:|-](?:[^NnwmfjOW&]|$)|,[TPAEFabryHQ@L(])'
        || '(?:[^&]|&[^NnwmfjO])*)?$'
    ),
    '<end>',
    '[TFLEabrp)]*(?:(?:[PAyHtZ@]|[(:|-](?:[^QNnwmfjOW&]|$)|,[TPAEFabryH@L(])'
    || '(?:[^&Q]|&[^NnwmfjOQ])*)?$'
);

-- Letters of history.title_names, such a pattern of two groups → what fits them: the head and the
-- names, empty where it does not.
create or replace macro raw.title_frame(shape, pattern) as
struct_pack(
    head := regexp_extract(shape, raw.title_pattern(pattern), 1),
    "names" := regexp_extract(shape, raw.title_pattern(pattern), 2)
);

-- Words in Latin letters → the consonants of each, those that scripts write alike as one: yael and
-- יעל, kim and 김.
create or replace macro raw.all_consonants(words) as
list_transform(
    words,
    lambda word: translate( -- noqa: RF03
        regexp_replace(word, '[aeiouyhw]', '', 'g'), 'bcqgdfzj', 'vkkktpss' -- noqa: RF03
    )
);

-- Two words of names → whether they are still alike, where a slip of the pen is not enough.
create or replace macro raw.is_alike(one, other) as
least(length(one), length(other)) >= 3
and (
    jaro_winkler_similarity(one, other) >= 0.84
    or (
        least(length(one), length(other)) >= 4
        and jaro_similarity(one, other) >= 0.7
        and damerau_levenshtein(one, other) <= 2
    )
);

-- Two birthdays → full where all of it agrees, day where one has no year, near where one digit
-- differs or day and month are turned, two where two of three parts agree, part where one does,
-- other where none does, or where years on one day are a generation apart; null where one is
-- unknown.
create or replace macro raw.birthday_agreement(one, other) as
case
    when one.month is null or other.month is null or one.day is null or other.day is null then null
    when one.year is null or other.year is null
        then if(one.month = other.month and one.day = other.day, 'day', 'other')
    when one = other then 'full'
    when one.year = other.year and one.month = other.day and one.day = other.month then 'near'
    when
        (one.year = other.year)::int
        + (one.month = other.month)::int
        + (one.day = other.day)::int
        = 2
        then case
            when abs(one.year - other.year) between 16 and 60 then 'part'
            when
                hamming(
                    printf('%04d%02d%02d', one.year, one.month, one.day),
                    printf('%04d%02d%02d', other.year, other.month, other.day)
                )
                = 1
                then 'near'
            else 'two'
        end
    when abs(one.year - other.year) between 16 and 60 then 'other'
    when one.year = other.year or one.month = other.month or one.day = other.day then 'part'
    else 'other'
end;

-- Two cities as written → whether they are one, a slip of the pen allowed.
create or replace macro raw.is_same_city(one, other) as
strip_accents(lower(one)) = strip_accents(lower(other))
or raw.is_slip(strip_accents(lower(one)), strip_accents(lower(other)));

-- Words of two names → whether each of the first stands in the other, an initial for any word that
-- begins so.
create or replace macro raw.has_all_words(words, others) as
list_bool_and(
    list_transform(
        words,
        lambda word: list_contains(others, word) -- noqa: RF03
        or list_contains(list_transform(others, lambda other: other[1]), word) -- noqa: RF03
        or (length(word) > 1 and list_contains(others, word[1])) -- noqa: RF03
    )
);
