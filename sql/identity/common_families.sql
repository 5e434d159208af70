-- One row per family name borne by very many: the same full name says little there.
-- word: the name word
with word_list (words) as (
    values
    (
        'smith jones williams brown taylor davies davis evans thomas johnson roberts walker '
        || 'wright robinson thompson white hughes edwards green hall wood harris clarke clark '
        || 'lewis martin jackson moore miller wilson anderson lee young king scott hill baker '
        || 'campbell mitchell adams turner phillips parker collins cook murphy kelly obrien '
        || 'ryan byrne walsh sullivan mcdonald macdonald stewart murray reid ross morrison '
        || 'watson cooper ward bailey bennett gray james richardson cox howard foster graham '
        || 'reed nelson carter rogers morgan bell muller mueller schmidt schneider fischer '
        || 'weber meyer maier mayer wagner becker schulz hoffmann koch bauer richter klein wolf '
        || 'schroder neumann schwarz zimmermann braun kruger hofmann hartmann lange werner '
        || 'krause lehmann gruber huber steiner moser martin bernard dubois durand robert petit '
        || 'richard leroy moreau simon laurent lefebvre michel garcia roux david bertrand morel '
        || 'fournier girard rossi russo ferrari esposito bianchi romano colombo ricci marino '
        || 'greco bruno gallo conti costa giordano mancini rizzo lombardi gonzalez rodriguez '
        || 'fernandez lopez martinez sanchez perez gomez jimenez ruiz hernandez diaz moreno '
        || 'munoz alvarez romero alonso gutierrez navarro torres dominguez vazquez ramos gil '
        || 'ramirez serrano blanco molina morales suarez ortega delgado castro ortiz rubio '
        || 'marin sanz iglesias nunez medina garrido flores cruz reyes rivera chavez mendoza '
        || 'vargas silva santos ferreira pereira oliveira rodrigues martins sousa fernandes '
        || 'goncalves gomes lopes marques alves almeida ribeiro pinto carvalho teixeira moreira '
        || 'correia mendes nunes soares vieira monteiro cardoso rocha neves coelho lima souza '
        || 'barbosa araujo dias jansen janssen devries vries berg bakker visser smit meijer '
        || 'boer mulder bos vos peters hendriks dekker brouwer peeters maes nowak kowalski '
        || 'kowalska wisniewski wojcik kowalczyk kaminski lewandowski zielinski szymanski novak '
        || 'novotny dvorak horvat kovac nagy kovacs toth szabo horvath popescu popa ionescu '
        || 'petrov ivanov ivanova smirnov smirnova kuznetsov popov petrova sokolov hansen '
        || 'johansen olsen larsen andersen pedersen nilsen jensen nielsen christensen rasmussen '
        || 'andersson johansson karlsson nilsson eriksson larsson olsson persson svensson '
        || 'gustafsson korhonen virtanen makinen nieminen papadopoulos yilmaz kaya demir celik '
        || 'sahin ozturk aydin wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu '
        || 'guo he lin gao luo zheng liang xie tang chan wong cheung lau ho ng tan lim kim park '
        || 'choi jung kang cho yoon jang han sato suzuki takahashi tanaka watanabe ito yamamoto '
        || 'nakamura kobayashi kato yoshida nguyen tran le pham hoang phan vu dang bui do singh '
        || 'kumar sharma patel gupta khan shah reddy rao das iyer nair verma mehta joshi jain '
        || 'agarwal ali ahmed hussain mohamed mohammed hassan ibrahim cohen levy friedman katz '
        || 'goldberg'
    )
),

final as (
    select distinct unnest(string_split(word_list.words, ' ')) as word
    from word_list
)

select * from final
