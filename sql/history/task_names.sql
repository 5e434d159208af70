-- One row per title of a task of the user's own that does something for exactly one person.
-- "Send Ana the licence" is a commitment kept; "Gift for Ana", "Send Ana and Rui the draft" are
-- none.
-- key: title
with titles as (
    select distinct tasks.title
    from staging.tasks
    where not tasks.is_ours and tasks.status = 'completed' and length(tasks.title) between 5 and 200
),

plain as (
    select
        titles.title,
        raw.title_text(titles.title) as text
    from titles
),

framed as (
    select
        plain.title,
        regexp_extract(
            plain.text,
            '^(?:send|e ?mail|mail|write|reply|answer|text|message|ping|call|ring|phone|thank|ask'
            || '|tell|give|bring|lend|show|pay|meet|visit|invite|congratulate|help|return|forward'
            || '|anrufen|schreiben|ligar|telefonar|escrever|enviar|responder|llamar|escribir'
            || '|appeler|ecrire|chiamare|scrivere|bellen|schrijven)'
            || '(?: back)?(?: (?:to|with|a|ao|para|an))? (.+)$',
            1
        ) as said
    from plain
),

-- The longest name that the rest begins with, with what stands behind it.
starts as (
    select
        framed.title,
        framed.said,
        unnest(
            [
                regexp_extract(framed.said, '^(\S+ \S+ \S+)', 1),
                regexp_extract(framed.said, '^(\S+ \S+)', 1),
                regexp_extract(framed.said, '^(\S+)', 1)
            ]
        ) as text
    from framed
    where framed.said <> ''
),

named as (
    select
        starts.title,
        unambiguous_names.person_id,
        unambiguous_names.is_full,
        trim(substr(starts.said, length(starts.text) + 1)) as rest
    from starts
    inner join identity.unambiguous_names on starts.text = unambiguous_names.text
    where
        unambiguous_names.person_id is not null
        and (unambiguous_names.is_full or not unambiguous_names.is_word)
    qualify row_number() over (partition by starts.title order by length(starts.text) desc) = 1
)

select
    named.title,
    named.person_id
from named
where not regexp_matches(named.rest, '(^|\s)(and|&|\+|und|e|y|et|or)\s|^[,/&′]')
-- a given name is followed by nothing, or by what shows that it was the whole name
and (
    named.is_full
    or named.rest = ''
    or regexp_matches(
        named.rest,
        '^(the|a|an|my|our|his|her|their|about|re|for|on|when|back|to|that|this|those|some'
        || '|with|o|os|as|um|uma|sobre|den|die|das|el|la|los|las|le|les|il|lo|de|het)\b|^[:–]'
    )
)
