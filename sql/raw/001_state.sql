-- The state file. One short transaction a page; nothing is deleted but by
-- `import --undo` and `forget`.

create schema if not exists raw;

create sequence raw.item_id_sequence;
create sequence raw.record_id_sequence;
create sequence raw.run_id_sequence;

-- One row per version of an item; the current one has superseded_at null.
-- A body above 4 kB stands in raw.blobs under body_hash and is null here.
create table raw.items (
    item_id bigint,
    source varchar,
    collection varchar,
    href varchar,
    uid varchar,
    kind varchar,
    media_type varchar,
    etag varchar,
    body blob,
    body_hash varchar,
    received_at timestamptz,
    first_seen_at timestamptz,
    expanded_until timestamptz,
    superseded_at timestamptz,
    gone_at timestamptz
);

-- Photos are compressed already: to try again at each checkpoint took as long as reading cards.
-- (sqlfluff does not know the clause.)
create table raw.blobs (  -- noqa: PRS
    body_hash varchar,
    content blob using compression uncompressed
);

-- One row per card, as its current version has it. record_id is the person-side number of the card.
create table raw.contacts (
    item_id bigint,
    record_id bigint,
    source varchar,
    collection varchar,
    href varchar,
    uid varchar,
    kind varchar,
    full_name varchar,
    prefix varchar,
    given varchar,
    middle varchar,
    family varchar,
    suffix varchar,
    phonetic_given varchar,
    phonetic_family varchar,
    nicknames varchar[],
    emails struct(value varchar, label varchar, is_preferred boolean)[],
    phones struct(value varchar, label varchar, is_preferred boolean)[],
    urls struct(value varchar, label varchar, is_preferred boolean)[],
    ims struct(value varchar, label varchar, is_preferred boolean)[],
    addresses struct(
        street varchar, extended varchar, po_box varchar, city varchar, region varchar,
        postal_code varchar, country varchar, label varchar
    )[],
    organization varchar,
    department varchar,
    title varchar,
    role varchar,
    birthday struct("year" integer, "month" integer, "day" integer, "text" varchar),
    anniversary struct("year" integer, "month" integer, "day" integer, "text" varchar),
    death_date struct("year" integer, "month" integer, "day" integer, "text" varchar),
    categories varchar[],
    members varchar[],
    related struct("name" varchar, label varchar)[],
    note varchar,
    has_photo boolean,
    "language" varchar,
    time_zone varchar,
    geo varchar,
    revised_at varchar,
    first_met date,
    extra struct("name" varchar, "value" varchar)[],
    first_seen_at timestamptz,
    gone_at timestamptz
);

-- One row per occurrence of an event. record_id of an attendee is that of the e-mail address.
create table raw.meetings (
    item_id bigint,
    source varchar,
    collection varchar,
    uid varchar,
    recurrence_id varchar,
    starts_at timestamptz,
    ends_at timestamptz,
    start_date date,
    end_date date,
    is_all_day boolean,
    is_recurring boolean,
    summary varchar,
    "location" varchar,
    status varchar,
    visibility varchar,
    is_transparent boolean,
    event_type varchar,
    categories varchar[],
    organizer struct(
        record_id bigint, email varchar, "name" varchar, reply varchar, "role" varchar,
        kind varchar, is_owner boolean
    ),
    attendees struct(
        record_id bigint, email varchar, "name" varchar, reply varchar, "role" varchar,
        kind varchar, is_owner boolean
    )[],
    are_attendees_omitted boolean,
    gone_at timestamptz
);

-- One row per task in the list that we write to, ours and the user's own.
create table raw.tasks (
    item_id bigint,
    source varchar,
    collection varchar,
    href varchar,
    etag varchar,
    uid varchar,
    title varchar,
    notes varchar,
    due_date date,
    status varchar,
    completed_at timestamptz,
    priority integer,
    is_recurring boolean,
    first_seen_at timestamptz,
    gone_at timestamptz
);

-- One row per thing that could not be read; a warning is one line of an item that came in.
create table raw.rejects (
    run_id bigint,
    source varchar,
    collection varchar,
    href varchar,
    "position" bigint,
    reason varchar,
    content blob,
    is_warning boolean,
    rejected_at timestamptz
);

-- One row per collection: where the next pull takes up.
create table raw.cursors (
    source varchar,
    collection varchar,
    collection_name varchar,
    kinds varchar[],
    cursor varchar,
    pulled_at timestamptz,
    reconciled_at timestamptz,
    first_complete_at timestamptz,
    gone_at timestamptz
);

-- One row per source and run.
create table raw.runs (
    run_id bigint,
    source varchar,
    started_at timestamptz,
    ended_at timestamptz,
    status varchar,
    error varchar,
    items_changed bigint,
    items_gone bigint,
    items_rejected bigint
);

-- A number once given to each record: kind 'card' (source, collection, UID or href in key)
-- or 'email' (source and collection empty, the lower-case address in key).
create table raw.record_ids (
    record_id bigint,
    kind varchar,
    source varchar,
    collection varchar,
    "key" varchar,
    given_at timestamptz
);

-- Distinct phone texts → E.164 with the owner's region, null where it is no number.
create table raw.phone_keys (
    phone varchar,
    region varchar,
    e164 varchar
);

-- Distinct names → the words of the name, lower case, in Latin letters, given name first.
create table raw.name_keys (
    "name" varchar,
    name_key varchar,
    given_key varchar,
    family_key varchar
);

-- One row per task we wrote or mean to write; the intent is there before the request is sent.
create table raw.task_links (
    uid varchar,
    owner_id varchar,
    person_id bigint,
    kind varchar,
    "cycle" varchar,
    source varchar,
    collection varchar,
    href varchar,
    etag varchar,
    opened_at timestamptz,
    wrote_title varchar,
    wrote_notes varchar,
    wrote_due_date date,
    wrote_priority integer,
    wrote_status varchar,
    wrote_at timestamptz,
    intends_action varchar,
    intends_title varchar,
    intends_notes varchar,
    intends_due_date date,
    intends_priority integer,
    intends_status varchar,
    intends_at timestamptz,
    closed_at timestamptz,
    close_reason varchar
);
