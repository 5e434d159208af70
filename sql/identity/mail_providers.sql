-- One row per company that gives mailboxes to everybody: its domains name no employer.
-- label: the name in the domain, without what stands behind the last dots
with provider_list (labels) as (
    values
    (
        'gmail googlemail outlook hotmail live msn yahoo ymail rocketmail icloud me mac aol '
        || 'aim proton protonmail pm tutanota tuta fastmail hey zoho gmx web freenet posteo '
        || 'mailbox arcor kabelmail vodafone telekom magenta bluewin orange wanadoo laposte '
        || 'free sfr neuf bbox libero virgilio alice tiscali tin telefonica terra sapo clix '
        || 'netcabo uol bol ig globo telenet skynet ziggo kpn planet xs4all home hetnet telia '
        || 'comhem spray online chello btinternet btopenworld sky talktalk virginmedia '
        || 'blueyonder ntlworld tesco comcast verizon att sbcglobal bellsouth cox charter '
        || 'earthlink juno rogers shaw sympatico bigpond optusnet iinet xtra yandex mail '
        || 'rambler inbox bk list ukr i onet wp interia o2 poczta seznam centrum qq 163 126 '
        || 'sina foxmail naver daum hanmail rediffmail email mailinator duck privaterelay'
    )
),

final as (
    select distinct unnest(string_split(provider_list.labels, ' ')) as label
    from provider_list
)

select * from final
