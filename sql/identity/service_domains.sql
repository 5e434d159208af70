-- One row per domain that sends bookings, tickets, invitations or lists: nobody there is a human.
-- domain: the domain in lower case
-- sends: what comes from it
with by_kind (sends, domains) as (
    values
    (
        'meeting links',
        'calendly.com calendar.google.com group.calendar.google.com '
        || 'resource.calendar.google.com import.calendar.google.com doodle.com cal.com '
        || 'savvycal.com youcanbook.me x.ai acuityscheduling.com chilipiper.com meet.google.com '
        || 'unknownorganizer.calendar.google.com'
    ),
    (
        'bookings and tickets',
        'opentable.com opentable.co.uk resy.com thefork.com thefork.pt exploretock.com '
        || 'quandoo.com bookatable.com eventbrite.com eventbriteapp.com meetup.com lu.ma '
        || 'luma-mail.com ticketmaster.com ticketmaster.co.uk dice.fm eventim.de ticketline.pt '
        || 'seetickets.com tripit.com doctolib.fr doctolib.de doctoralia.com zocdoc.com '
        || 'mindbodyonline.com fresha.com treatwell.co.uk'
    ),
    (
        'notifications',
        'facebookmail.com e.linkedin.com reply.github.com noreply.github.com docs.google.com '
        || 'reply.asana.com boards.trello.com app.basecamp.com sharepointonline.com '
        || 'amazonses.com'
    ),
    (
        'lists',
        'googlegroups.com groups.io yahoogroups.com freelists.org lists.sourceforge.net '
        || 'groups.outlook.com'
    )
),

final as (
    select
        unnest(string_split(by_kind.domains, ' ')) as domain,
        by_kind.sends
    from by_kind
)

select * from final
