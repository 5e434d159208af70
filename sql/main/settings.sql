-- One row: of which instant the book tells, whose it is, and the numbers of [rules] and [tasks].
-- key: owner_id
-- owner_id: whose book it is
-- as_of: the instant of which the book tells; UTC
-- as_of_date: its day in the owner's zone
-- time_zone: the owner's zone
-- phone_region: the country of numbers written without one
-- tasks_source: the source that tasks go to
-- tasks_list: the list in it
-- tasks_form: task or event
-- tasks_title: name, or verb: what to do before it
-- tasks_detail: none, ways or full: how much a task says beside the name
-- per_week: new tasks a week at most
-- open_at_most: open tasks at most
-- max_attendees: a meeting of more people counts for nobody
-- title_only_weight: weight of a meeting that only its title ties to somebody
-- large_series_people: a series of more people weighs less
-- large_series_weight: how much it weighs
-- strength_version: the formula of the strength, 1 or 2
-- strength_offset_share: the 0.3 of version 2
-- strength_decay: the 0.7 of version 2
-- strength_offset_days: the 1.5 of version 1
-- active_month_days: length of an active spell
-- cadence_prior_weight: gaps of the whole book that stand beside a person's own
-- cadence_prior_days: the gap an empty book starts from
-- cadence_prior_people: people it is taken for
-- cadence_prior_df: degrees of freedom the spread starts with
-- cadence_prior_variance: the spread it starts from
-- cadence_quantile_z: 0.8416: four in five
-- cadence_max_gap_days: longer gaps do not count for judging
-- check_in_floor_days: days after the last contact before which no learned check-in is due
-- lapsed_factor: times the typical gap after which a tie has lapsed
-- dormant_days: days after which it is dormant
-- due_soon_days: days before it is due
-- unchosen_layer: how many get check-ins before `choose` has run
-- birthday_layer: birthdays are written up to this layer
-- birthday_lead_days: days before
-- first_follow_up_days: days in which a first follow-up may open
-- first_follow_up_attendees: people of the meeting at most
-- first_follow_up_per_week: of them a week at most
-- reconnect_per_week: of them a week at most
-- booked_window_days: a meeting within so many days stands for a check-in
-- expiry_days: days an untouched task stands
-- stale_source_days: days after which a source is taken to be silent
-- merge_threshold: from this confidence two records are one human
-- queue_threshold: from this on `review` asks
-- schema_version: of the tables of main: one more when a table or column comes or goes
-- sql_version: of the files of sql/ that made the book
-- paused_until: all reminders are on hold until this day; null when they are not
-- last_decision_id: the newest decision that the book knows of
-- made_of: a digest of all that it was made from; null where a build was not published
-- In the order of the file: the clock of what was said may have been turned.
with newest as (
    select arg_max(decisions.decision_id, decisions.rowid) as decision_id
    from raw.decisions
)

select
    settings.* exclude (settings.book_id, settings.sql_version),
    3 as schema_version,
    settings.sql_version,
    case
        when pauses.paused_until > settings.as_of_date then pauses.paused_until
    end as paused_until,
    newest.decision_id as last_decision_id,
    null::varchar as made_of
from raw.settings
cross join judgement.pauses
cross join newest
