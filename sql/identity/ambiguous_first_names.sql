-- One row per given name that is also an everyday word, a month or a place: alone it names nobody.
-- key: word
-- word: the name in lower case without accents
with by_kind (kind, words) as (
    values
    (
        'month or day',
        'april may june august augustus januar juni juli mai maio abril julio junio avril mars '
        || 'march sunday friday monday wednesday summer autumn winter easter noel natale pascal'
    ),
    (
        'word',
        'will mark bill jack art rich drew chase grant pat sue frank dawn rose grace faith hope '
        || 'joy ivy iris lily daisy violet jasmine olive heather holly hazel ginger amber ruby '
        || 'pearl jade crystal gene rob nick pierce miles dean chance christian major king prince '
        || 'duke earl judge mason carter hunter baker taylor cooper tanner sawyer archer parker '
        || 'skip rusty rocky sunny happy merry sky star stella luna nova angel bishop pope guy '
        || 'max dash ace ray cliff glen brook brooke rain river forest lane reed robin wren jay '
        || 'penny patience charity mercy honor honour constance prudence verity destiny harmony '
        || 'melody carol viola harp reading norm herb basil rosemary bay tom dick harry john '
        || 'don bob van lance spike buck hank wade rowan ash sage clay colt cash hall case page '
        || 'paige blaze gay trip victor sol mar luz cruz paz pilar dolores concha blanca clara '
        || 'bruno leo felix oscar alexa siri claude gemini jasper mercedes tiffany wendy benz'
    ),
    (
        'place',
        'paris florence sydney london milan milano chelsea georgia jordan victoria austin dallas '
        || 'charlotte adelaide carolina israel india asia china kenya savannah santiago sofia '
        || 'lourdes vienna verona siena holland ireland brittany lorraine alexandria jackson '
        || 'houston denver phoenix lincoln madison troy cairo roma berlin geneva genova valencia '
        || 'roman francisco america odessa virginia washington wellington hamilton kingston'
    )
),

words as (
    select unnest(string_split(by_kind.words, ' ')) as word
    from by_kind
)

select distinct words.word
from words
