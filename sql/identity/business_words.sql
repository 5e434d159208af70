-- One row per word that stands in the names of businesses and not in those of people.
-- key: word
-- word: the word in lower-case Latin letters
with word_list (words) as (
    values
    (
        'gmbh ltd llc inc plc corp corporation limited ag kg ohg sarl srl spa bv lda sas oy '
        || 'aps restaurant restaurante ristorante pizza pizzeria trattoria osteria brasserie '
        || 'bistro cafe caffe cafeteria coffee bakery backerei boulangerie padaria pub hotel '
        || 'hostel pousada dentist dental dentista zahnarzt zahnarztpraxis praxis clinic '
        || 'clinica klinik hospital krankenhaus doctors surgery optician optiker physio '
        || 'physiotherapy physiotherapie vet veterinary tierarzt pharmacy farmacia apotheke '
        || 'salon hairdresser friseur cabeleireiro barbershop spa gym fitness yoga studio '
        || 'garage werkstatt oficina autohaus taxi taxis cabs airport airlines airways bank '
        || 'banco sparkasse insurance versicherung seguros school schule escola kindergarten '
        || 'nursery university universidade universitat library bibliothek museum theatre '
        || 'theater cinema police polizei hotline helpdesk reception plumber plumbing '
        || 'electrician florist supermarket supermercado shop store'
    )
),

final as (
    select distinct unnest(string_split(word_list.words, ' ')) as word
    from word_list
)

select * from final
