-- What the SELECTs of this folder would otherwise write more than once; laid at each build.

-- Text → the e-mail address in lower case, null where it is none: something on both sides of one @.
create or replace macro raw.email_address(written) as
case
    when regexp_full_match(trim(written), '[^@\s]+@[^@\s]+') then lower(trim(written))
end;

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

-- Address → the address for matching: what is equal is one mailbox.
create or replace macro raw.email_key(email) as
raw.email_local_part(email) || '@' || raw.email_domain(email);

-- Day → as people write it, with its year where that is not the year of today: 3 August 2025.
create or replace macro raw.day_words(day, today) as
strftime(day, '%-d %B') || case when year(day) = year(today) then '' else ' ' || year(day) end;
