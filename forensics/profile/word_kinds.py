"""Kinds of words around a name, in both languages: a wife by any other word is a partner still.

Words of one kind stand for each other in the classifier of what is said of a name, so that it can read
words that
its examples lack.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

_KINDS: Mapping[str, str] = {
    "partner": (
        "frau mann ehefrau ehemann gatte gattin freund freundin partner partnerin verlobte verlobter "
        "verlobten schatz lebensgefährte lebensgefährtin mädel wife husband girlfriend boyfriend fiance "
        "fiancee hubby missus spouse maa"
    ),
    "child": (
        "sohn tochter kind kleine kleiner kleinen große großer großen jüngste jüngster älteste ältester "
        "baby bub bube buben junge mädchen töchterchen zwillinge nachzügler enkel son daughter kid "
        "child youngest eldest oldest toddler boy girl twins bairn wean newborn"
    ),
    "kin": (
        "mutter vater mama papa mami papi mutti vati oma opa omi opi großmutter großvater bruder "
        "schwester tante onkel cousin cousine neffe nichte schwager schwägerin schwiegermutter "
        "schwiegervater schwiegereltern eltern geschwister pate patin patentante patenonkel uroma uropa "
        "mother father mom mum mam mommy mummy dad daddy grandma grandpa granny gran nan nana grandad "
        "granddad grandmother grandfather brother sister aunt auntie aunty uncle niece nephew godmother "
        "godfather stepmom stepdad sis bro abuela abuelo tia tío tía babcia dziadek anneanne dede abla "
        "abi teta baba"
    ),
    "title": (
        "herr herrn frau doktor dr professor prof pfarrer pastor mr mrs ms miss mister doctor coach "
        "father reverend nurse sister sir madam schwester hebamme"
    ),
    "worker": (
        "kollege kollegin kollegen chef chefin nachbar nachbarin nachbarn vermieter hausmeister lehrer "
        "lehrerin erzieherin trainer trainerin kunde kundin klempner elektriker handwerker friseur "
        "friseurin tierarzt zahnarzt arzt ärztin therapeut anwalt makler steuerberater mitbewohner "
        "mitbewohnerin colleague coworker boss manager neighbour neighbor landlord landlady plumber "
        "electrician builder teacher tutor dentist vet doctor therapist lawyer accountant hairdresser "
        "barber babysitter nanny carer cleaner client customer roommate flatmate housemate friend mate "
        "buddy"
    ),
    "call": (
        "ruf rufe anrufen anruf angerufen telefonier telefoniere schreib schreibe schreiben schick "
        "schicke sende nachricht sms whatsapp mail email videoanruf antworte zurückrufen melde call "
        "phone ring text message dial facetime send reply video voicemail"
    ),
    "remind": ("erinner erinnere erinnern weck wecke wecken wecker remind reminder wake alarm"),
    "tell": (
        "sag sage sagt bestell richte frag frage ausrichten tell ask say let announce durchsage ansage "
        "broadcast drop"
    ),
    "play": (
        "spiel spiele spielen hör abspielen zeig starte schau play watch listen open start resume put show"
    ),
    "media": (
        "lied lieder song songs album musik hörspiel hörbuch film serie folge staffel kapitel podcast "
        "buch märchen geschichte band sänger sängerin schauspieler fußball tor trainer präsident "
        "kanzler minister music movie series episode season chapter audiobook book story fairy tale "
        "singer actor actress president goal match soundtrack version cover character cartoon superhero"
    ),
    "fact": (
        "wer wie alt geboren gestorben verheiratet groß heißt who old tall born died married famous "
        "wrote invented"
    ),
    "own": (
        "zimmer zimmers playlist liste listen einkaufsliste profil kalender lampe licht handy laptop "
        "konto schublade bett fahrrad auto jacke tablet rucksack schlüssel brille room bedroom list "
        "profile calendar lamp light phone account wardrobe bed bike car coat backpack keys glasses "
        "desk alarm folder recipe speaker"
    ),
    "deliver": (
        "paket pakete päckchen bestellung lieferung geliefert geschenk karte blumen post sendung "
        "unterwegs versandt parcel package order delivery delivered shipped gift present card flowers "
        "mail tracking arrive arriving"
    ),
    "home": (
        "schule kindergarten kita hausaufgaben mathe diktat referat zähne zähneputzen bett schlafen "
        "schläft mittagsschlaf baden windel windeln fläschchen brei essen frühstück pausenbrot fieber "
        "husten krank tablette medizin training turnen schwimmen klavier üben turnbeutel inhalieren "
        "zeugnis schulbus school nursery homework maths spelling teeth bed bedtime sleep asleep nap "
        "bath nappy nappies diaper diapers bottle dinner lunch breakfast snack fever cough sick inhaler "
        "medicine practice swimming piano lesson recital uniform packed calpol temperature reading "
        "screen time"
    ),
    "visit": (
        "besuch besuchen kommt komm rein herein übernachtet übernachten gast gäste vorbei vorbeikommen "
        "klingelt türe tür da visit visiting visits guest guests coming over round sleepover staying "
        "stay stops dropping popping door arrives arrived come in welcome"
    ),
    "appointment": (
        "termin termine meeting besprechung treffen verabredung praxis sprechstunde frisör friseur "
        "zahnarzt arzt gespräch elternabend probe training kontrolle vorsorge impfung tüv appointment "
        "session surgery clinic checkup consultation haircut interview parents evening rehearsal "
        "booking scan jab"
    ),
    "pet": (
        "hund katze kater hündin welpe hamster hase kaninchen meerschweinchen vogel wellensittich pferd "
        "pony kuh huhn schildkröte fisch leine gassi futter füttern gefressen tierarzt napf streu "
        "körbchen wuff dog cat puppy kitten rabbit bunny guinea pig bird budgie parrot horse cow "
        "chicken tortoise fish leash lead walkies feed fed vet bowl litter bark barking meow"
    ),
    "thing": (
        "staubsauger saugroboter roboter sauger sturm orkan tief hoch straße platz haltestelle station "
        "bahnhof laden markt supermarkt pizzeria restaurant hotel apotheke stadt weingut schiff boot "
        "marke vacuum robot hoover storm hurricane street road square stop shop store market pharmacy "
        "town city ship boat brand roomba"
    ),
    "greet": (
        "hallo hi hey servus moin grüß guten na tschüss gute nacht hello good morning night bye goodnight"
    ),
    "intro": (
        "bin heiße heiß name spricht nenn genannt i'm im i am name's called call it's this is speaking here"
    ),
    "order": (
        "komm geh mach lass hör hol bring räum zieh setz leg sei pass warte schau hilf nimm gib beeil "
        "runter hoch sofort los come go get put stop turn take leave wait look help give hurry sit "
        "stand be quiet down up now don't"
    ),
    "said": (
        "sagt sagte gesagt meint meinte erzählt hat hatte ist war will wollte kann soll geht fährt said "
        "says told thinks reckons was has had is wants went got did does doesn't hasn't"
    ),
    "about": (
        "über von wegen mit geburtstag verliebt getrennt gekündigt geheiratet gestorben about with "
        "birthday pregnant engaged divorced fired hired died leaving moved"
    ),
    "mine": (
        "mein meine meinen meinem meiner meines unser unsere unserem unseren unserer min mi my our me mine us"
    ),
    "article": ("der die das den dem des ein eine einen einem einer the a an this that"),
    "for": ("für fürs for"),
    "of": ("von vom of"),
    "to": ("an zu zum zur nach to towards at"),
    "and": ("und oder and or"),
}
_BY_WORD: dict[str, tuple[str, ...]] = {}
for _kind, _words in _KINDS.items():
    for _word in _words.split():
        if _kind not in _BY_WORD.get(_word, ()):
            _BY_WORD[_word] = (*_BY_WORD.get(_word, ()), _kind)


@lru_cache(maxsize=1 << 15)
def kinds(word: str) -> tuple[str, ...]:
    """The kinds of a word in lower case, its genitive's too; none for most words.

    Examples
    --------
    >>> kinds("husband"), kinds("papas"), kinds("xylophone")
    (('partner',), ('kin',), ())
    """
    found = _BY_WORD.get(word)
    if found is None and len(word) > 3 and word[-1] == "s":
        found = _BY_WORD.get(word[:-1].rstrip("'’"))
    return found or ()
