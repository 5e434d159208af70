-- What the config and decisions.jsonl say, as tables, laid anew in the published file at each
-- build: so SQL needs no templating and every file pastes into the DuckDB shell as it is.

-- One row: the clock, the owner and the numbers of [rules] and [tasks].
create table raw.settings (
    owner_id varchar,
    as_of timestamptz,
    as_of_date date,
    time_zone varchar,
    phone_region varchar,
    tasks_source varchar,
    tasks_list varchar,
    tasks_form varchar,
    tasks_detail varchar,
    tasks_title varchar,
    book_id varchar,
    per_week integer,
    open_at_most integer,
    max_attendees integer,
    title_only_weight double,
    large_series_people integer,
    large_series_weight double,
    strength_version integer,
    strength_offset_share double,
    strength_decay double,
    strength_offset_days double,
    active_month_days integer,
    cadence_prior_weight double,
    cadence_prior_days double,
    cadence_prior_people double,
    cadence_prior_df double,
    cadence_prior_variance double,
    cadence_quantile_z double,
    cadence_max_gap_days integer,
    check_in_floor_days integer,
    lapsed_factor double,
    dormant_days integer,
    due_soon_days integer,
    unchosen_layer integer,
    birthday_layer integer,
    birthday_lead_days integer,
    first_follow_up_days integer,
    first_follow_up_attendees integer,
    first_follow_up_per_week integer,
    reconnect_per_week integer,
    booked_window_days integer,
    expiry_days integer,
    stale_source_days integer,
    merge_threshold double,
    queue_threshold double,
    sql_version varchar
);

create table raw.owners (owner_id varchar, emails varchar[], own_domains varchar[]);

create table raw.sources (source varchar, type varchar, is_import boolean);

create table raw.circles (
    circle varchar,
    owner_id varchar,
    purpose varchar,
    every_days integer,
    is_in_touch boolean,
    people varchar[],
    categories varchar[],
    organizations varchar[],
    domains varchar[]
);

-- One row per line of decisions.jsonl; person_id and other_id are record_ids (person_id of then).
create table raw.decisions (
    decision_id varchar,
    decided_at timestamptz,
    owner_id varchar,
    verb varchar,
    person_id bigint,
    other_id bigint,
    every_days integer,
    from_date date,
    until_date date,
    value varchar,
    note varchar,
    undoes varchar,
    task_uid varchar,
    task_kind varchar,
    task_cycle varchar
);

-- One row per word of a list of sql/words: list is the file's name; language is empty where the
-- word belongs to none; value is what the list says of it, null where being listed is all; spelling
-- is the word in the form of identity.spellings.
create table raw.words (
    list varchar,
    language varchar,
    word varchar,
    value varchar,
    spelling varchar
);

-- Name of a list → its words, and what it says of each:
-- ambiguous_first_names: given names that are also a word, a month or a place: alone nobody
-- given_spellings: given names as another alphabet's are written; value is one of the spellings
-- common_families: family names borne by very many: the same full name says little there
-- mail_providers: labels of domains of companies that give mailboxes to everybody
-- nicknames: short forms; value is a full form of it (Sam is Samuel and Samantha)
-- role_addresses: what stands before the @ of an office or a machine, dots, dashes and digits left
-- out; value is role (an office behind which people change), no_reply (a machine) or list
-- service_domains: domains that send bookings, tickets or lists; value is what comes from there
create macro raw.listed(wanted) as table
    select distinct
        word,
        value
    from raw.words
    where list = wanted;

-- Forms of given names and what each is a form of: short ones (Bill, William), and other spellings
-- of what other alphabets write (Eugene, Yevgeny).
create macro raw.given_forms() as table
    select
        listed.word,
        listed.value
    from raw.listed('nicknames') as listed
    union all
    select
        listed.word,
        listed.value
    from raw.listed('given_spellings') as listed;
