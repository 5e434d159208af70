-- One row per first part of an address that belongs to an office or a machine and not to a human.
-- local_part: what stands before the @, dots, dashes and digits left out
-- kind: role (an office behind which people change), no_reply (a machine) or list
with by_kind (kind, local_parts) as (
    values
    (
        'role',
        'info information contact contacts kontakt contato contacto hello hi office admin '
        || 'administrator sales vendas ventas verkauf vertrieb support help helpdesk service '
        || 'services team hr jobs careers recruiting recruitment press media marketing billing '
        || 'accounts accounting accountspayable invoice invoices faktura finance legal privacy '
        || 'security abuse postmaster hostmaster webmaster root mail email enquiries inquiries '
        || 'enquiry reception frontdesk secretary secretariat sekretariat secretaria geral '
        || 'buero post orders order shop store customerservice customercare kundenservice '
        || 'feedback partners partner members membership events event booking bookings '
        || 'reservations reservation reservas reservierung tickets ticket operations ops it '
        || 'itsupport tech editor editorial redaktion redaccion newsroom purchasing procurement '
        || 'logistics warehouse all everyone staff board management everybody welcome hallo ola '
        || 'bonjour'
    ),
    (
        'no_reply',
        'noreply donotreply dontreply donotrespond noresponse noanswer nepasrepondre '
        || 'noresponder naoresponda keineantwort mailerdaemon mailer daemon bounce bounces '
        || 'notification notifications notify alert alerts automated auto autoreply system '
        || 'robot bot calendar calendarnotification invitations invites updates update digest '
        || 'newsletter newsletters news unsubscribe receipts confirmation confirmations '
        || 'messages reply'
    ),
    ('list', 'list lists mailinglist announce announcements discuss subscribe majordomo listserv')
),

final as (
    select
        unnest(string_split(by_kind.local_parts, ' ')) as local_part,
        by_kind.kind
    from by_kind
)

select * from final
