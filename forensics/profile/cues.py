"""Words around a name, a place or a time that say what it is to the household, in German and English.

Each pattern is written as alternatives of a regular expression, one language per line, and matches whole
words in any case.
"""

from __future__ import annotations

import re
from functools import cache


def _any(*alternatives: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(alternatives)})\b", re.IGNORECASE)


# -- places ------------------------------------------------------------------------------------------------

HOME = _any(
    "zu ?hause|daheim|bei uns|hier in|nach hause|heimatstadt|heimatort|wir wohnen|ich wohne",
    "at home|here in|home ?town|our town|i live|we live|heading home|way home|get home|to come home",
)
WORK = _any(
    "zur arbeit|ins büro|im büro|auf arbeit|arbeitsweg|zum dienst|in die firma",
    "to work|at work|the office|commute",
)
TRAVEL = _any(
    r"urlaub|ferien|reise|flug|fliegen?|fliege|ausflug|besuch\w*|wochenende in|strand|skifahren|hotel|"
    r"pension|"
    r"jugendherberge|fähre|messe|konzert|auswärts",
    r"vacation|holiday|trip|flight|fly|flying|hotel|visit\w*|weekend in|beach|skiing|abroad|ferry|cruise|"
    r"airbnb",
)
LOCAL_BUSINESS = _any(
    r"öffnungszeiten|offen|geöffnet|auf heute|heute (?:noch )?auf|notdienst|apotheke|bäcker\w*|supermarkt|"
    r"müll\w*|"
    r"wertstoffhof|rathaus|kino|schwimmbad|freibad|hallenbad|stadtbad|bücherei|gemeinde\w*|bürgerbüro|tierarzt|kita|"
    r"schule|friseur|pizz\w+|lieferdienst|markt|stromausfall|gelbe[rn]? sack|feuerwehr",
    r"open|closed?|pharmacy|chemist|bakery|supermarket|near me|nearby|library|cinema|movies? (?:at|in)|"
    r"bins?|trash|"
    r"garbage|recycling|council|high school|post office|takeaway|takeout|pizza|farmers? market|downtown|"
    r"town hall|pool",
)
"""What one asks for where one lives."""
PLANNED = _any(
    r"morgen|übermorgen|wochenende|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|nächste\w*|"
    r"ab (?:dem )?\w+sten",
    "tomorrow|weekend|monday|tuesday|wednesday|thursday|friday|saturday|sunday|next",
)
NOT_THERE = _any(
    r"nicht (?:in |das |die |der |nach )?\w{4,}|nein nicht|no not|not (?:the |in )?\w{4,}|don't want the one",
)
"""One place is rejected for another."""
CORRECTS = re.compile(
    r"^\W*(?:\w+\W+){0,2}?(?:nein|nicht|no|not|doch|quatsch|ne|nee|falsch|wrong|i said|ich (?:sagte|"
    r"hab\w* gesagt)|"
    r"[a-zäöü](?: [a-zäöü]){2,})\b",
    re.IGNORECASE,
)
"""What is said when the device understood something else; letters spelled belong to it."""
OTHERS_HOME = _any(
    r"(?:oma|opa|tante|onkel|mama|papa|mutter|vater|schwester|bruder|sohn|tochter|schwieger\w+|kollegin|freund\w*|"
    r"eltern|großeltern|omi|opi|cousine?|nichte|neffe)\b.{0,40}\b(?:in|aus|von)|grüße? aus|wie ist es in|"
    r"wohnt (?:jetzt )?in|lebt in|studiert in",
    r"(?:mom|mum|mam|dad|grandma|grandpa|nan|nana|gran|aunt|auntie|uncle|sister|brother|son|daughter|cousin|parents|"
    r"in-laws|folks|kids)\b.{0,40}\b(?:in|from|at|to)|how is it (?:in|over)|lives in|moved to|where \w+ "
    r"is to",
)
"""Where somebody else is: relatives, friends, customers."""

INSTITUTION_OF = re.compile(
    r"\b(?:radio|antenne|stadt(?:werke|bücherei|bibliothek|theater|verwaltung)?|klinik(?:um)?|krankenhaus|rathaus|"
    r"uni(?:versität|klinik(?:um)?)?|hochschule|amtsgericht|landratsamt|jobcenter|bürgeramt|finanzamt|volkshochschule|"
    r"vhs|musikschule|feuerwehr|polizei|tierheim|tierpark|zoo|theater|oper|messe|hafen|flughafen|hauptbahnhof|"
    r"bahnhof|fc|sv|sc|vfb|vfl|tsv|ssv|tus|asv|university of|city of|town of|port of|bank of)\s+$",
    re.IGNORECASE,
)
"""What a town has one of, named before the town."""
OF_INSTITUTION = re.compile(
    r"^\s+(?:hauptbahnhof|bahnhof|hbf|zentrum|mitte|innenstadt|nord|süd|ost|west|kreuz|airport|station|"
    r"bus station|library|hospital|general|infirmary|medical|clinic|university|uni|college|high|school|city|"
    r"town|united|rovers|council|county|police|fire|market|mall|cent(?:re|er)|road|street|fc|rfc|zoo|museum|"
    r"theatre|theater|cathedral|transit|water|public)\b",
    re.IGNORECASE,
)
"""The same, named after the town."""

LANDMARK = re.compile(
    r"(?:(?:haupt)?bahnhof|hbf|flughafen|hafen|innenstadt|stadt(?:mitte|zentrum)?|zentrum|strand|zoo|"
    r"arbeit|büro|schule|uni(?:versität)?|krankenhaus|supermarkt|park|"
    r"(?:train |bus )?station|airport|harbou?r|downtown|city(?: cent(?:re|er))?|town|beach|zoo|"
    r"work|office|school|university|hospital|supermarket|park|mall|cent(?:re|er))",
    re.IGNORECASE,
)
"""Common nouns for what every town has: they name no place."""

# -- people ------------------------------------------------------------------------------------------------

SELF = (
    "ich bin|ich heiße|mein name ist|hier ist|hier spricht|nenn mich|auf den namen|"
    "i am|i'm|my name is|this is|call me|it's me|under the name|in the name of"
)  # fmt: skip
COMPANION = (
    "meine?[mnrs]? (?:frau|mann|freundin|freund|partnerin|partner|verlobte[rn]?)|"
    r"my (?:wife|husband|girlfriend|boyfriend|partner|fianc\w+)"
)
CHILD = (
    r"(?:meine?[mnrs]?|unser\w*) (?:sohn|tochter|kind|kleine[rn]?)|"
    "(?:my|our) (?:son|daughter|kid|child|little)"
)
RELATIVE = (
    r"mama|mami|mutti|mutter|papa|papi|vati|vater|oma|opa|bruder|schwester|tante|onkel|schwieger\w+|"
    "mom|mum|mommy|mother|dad|daddy|father|grandma|grandpa|granny|brother|sister|aunt|uncle|"
    r"\w+-in-law"
)
KIN_BEFORE = re.compile(
    rf"\b(?:mein\w*|unser\w*|my|our|die|der|the)?\s*((?:schwieger|groß|ur|grand|great |"
    rf"step)?(?:{RELATIVE}|enkel\w*|neffe|"
    r"nichte|cousine?|schwager|schwägerin|grandson|granddaughter|nephew|niece|cousin))\s+(?:heißt |die |"
    r"der |is |named )?$",
    re.IGNORECASE,
)
"""A relative's word right before a name."""
RELATIVE_ALONE = re.compile(RELATIVE, re.IGNORECASE)
COLLEAGUE = (
    r"chef\w*|kolleg\w+|nachbar\w*|arzt|ärztin|dr|doktor|lehrer\w*|"
    "doctor|boss|colleague|coworker|neighbou?r|dentist|teacher"
)
PETS = _any(
    r"kater|katze|hund|welpe|gassi|leine|fressen|füttern|futter|tierarzt|leckerli|käfig|hamster|meerschweinchen|pfote|"
    r"brav|platz|sitz|streu|wellensittich|kaninchen|pony|pferd|kuh|kalb",
    r"cat|dog|puppy|kitten|walkies|leash|lead|feed|litter|vet|treats?|hamster|guinea pig|paw|good (?:boy|"
    r"girl)|bark\w*|"
    r"horse|pony|rabbit|budgie|parrot|get (?:down|off)",
)
KIDS = _any(
    "kinderzimmer|schule|hausaufgaben|kita|gute ?nacht|schlafenszeit",
    "bedtime|homework|school|kids? room|nursery|kindergarten",
)
CALL = _any(
    r"ruf\w*|anruf\w*|nachricht|schreib\w*|sms|whatsapp|e-?mail",
    "call|phone|ring|text|message|dial|send",
)
WAKES = r"weck\w*|wake(?: up)?"
REMINDS = r"erinner\w*|remind"
COMES_HOME = _any(
    "(?:bin|komme?) .{0,25}(?:zu ?hause|daheim|heim|nach hause)|komme später|bin gleich da",
    "(?:be|coming|get(?:ting)?|come) home|on my way|be late",
)
MEALS = _any(
    "essen ist fertig|zum essen|ins bett|frühstück ist fertig",
    "(?:lunch|dinner|breakfast|food|supper) is ready|to bed",
)
WELCOMES = _any(
    r"komm\w* (?:doch )?(?:rein|herein)|setz dich|schön,? dass du|zu besuch|möchtest du|magst du|nett von",
    "come (?:on )?in|have a seat|sit down|nice to see you|would you like|thanks for coming|visiting",
)
SUMMONS = _any(
    "komm(?:st)? (?:du )?(?:mal|bitte|her|endlich|runter|schnell)|mal kommen|wo (?:ist|bist)|beeil dich",
    "come (?:here|down|on|over|quick)|can you come|where(?:'s| is| are)|hurry up",
)
APPOINTMENT = _any(
    r"termin|treffen|geburtstag|essen mit|verabred\w+|kommt",
    "appointment|meeting|birthday|dinner with|lunch with|party|coming over",
)

ALARM_OFF = re.compile(
    r"^\W*(?:(?:alexa|echo|computer|google|hey|okay|ok|ja|ja ja|yes|yeah|nein|no|psst?|danke|thank you|"
    r"please|bitte|"
    r"enough|it|god|mann|alright|genug)\W+)*"
    r"(?:stopp?|aus|off|snooze|schlummern|schlummer\w*|noch (?:\w+) minuten|(?:\w+ )?more minutes|(?:five|"
    r"ten|nine) "
    r"minutes|wecker (?:aus|stopp)|i'm up|ich bin (?:ja )?wach|ich steh\w* (?:ja )?auf|enough|cancel "
    r"(?:that|the) "
    r"alarm|stop the alarm|(?:turn )?(?:the )?alarm off)\b",
    re.IGNORECASE,
)
"""What is said to an alarm that rings: first words, since commands that stop something else follow it."""
SETS_ALARM = _any(
    r"weck(?:e|er)?\b.{0,40}(?:auf|um|für)|stell\w* .{0,20}weck\w*|alarm auf|aufstehen um",
    "(?:set|wake|change) .{0,25}(?:alarm|wake|me|us)|alarm (?:for|to|at)|wake (?:me|us) .{0,10}at",
)
_GREETS = (
    r"(?:ja|ach|so|also|hallo|hello|hey|hi|guten (?:tag|morgen|abend)|schönen guten tag|good (?:morning|"
    r"afternoon|evening)|yes|yeah|"
    r"grüß gott|grüezi|servus|moin|morning)"
)
PHONE_BEFORE = re.compile(
    rf"^\W*(?:{_GREETS}\W+){{0,3}}(?P<says>(?:(?:hier|da) (?:ist|spricht)|it's|it is|this is|that's|mein "
    rf"name ist|my name is|"
    r"am apparat(?: ist)?|ich bin'?s)\W+)?(?:(?:die|der|mr|mrs|ms|miss|frau|herr|schwester|familie|doctor|"
    r"dr|doktor|innere|praxis|salon)\W+)?$",
    re.IGNORECASE,
)
"""What stands before the name of who answers or makes a call: nothing but greetings."""
PHONE_AFTER = re.compile(
    r"^(?:\W+\w+)?\W+(?:hier|here|speaking|am apparat|grüß (?:gott|sie)|grüezi|guten (?:tag|morgen)|"
    r"[a-zäöü](?: (?:[a-zäöü]|doppel|double)\b){2,}|"
    r"ich (?:rufe|ruf|wollte|hätte|bräuchte)|i'm (?:ringing|calling|phoning)|calling (?:about|for)|es "
    r"geht um|it's about|from the|in the|"
    r"von der|von oben|aus dem)\b",
    re.IGNORECASE,
)
PHONE_TALK = _any(
    r"termin|bestellen|bestellung|ich rufe an|ich wollte fragen|adresse|kundennummer|geboren|rezept|"
    r"überweisung|ja genau|unten klingeln|"
    r"lieferung|abholen|ausrichten|zurückrufen",
    r"appointment|i'm (?:ringing|calling|phoning)|my (?:order|account|address)|date of birth|collect|"
    r"deliver\w*|prescription|can you tell|"
    r"i'd like to|speak to|leave a message|return\w* (?:your|a) call",
)
"""Words of calls to somebody outside, who has to be told who is speaking."""

# -- habits ------------------------------------------------------------------------------------------------

EVERY_DAY = _any("jeden tag|täglich|jeden morgen", "every day|daily|every morning")
WORKDAYS = _any("werktags?|jeden werktag|unter der woche|wochentags", "weekdays?|workdays?")
WEEKEND = _any(
    r"am wochenende|jedes wochenende|samstag\w*|sonntag\w*", "weekends?|saturdays?|sundays?"
)  # fmt: skip
EMPLOYER = _any(
    r"arbeite\w* (?:bei|für)|mein\w* (?:firma|arbeitgeber)|bei der arbeit",
    "i work (?:for|at)|my (?:company|employer)",
)
ABSENCE = _any(
    r"koffer|gepäck|packliste|urlaub|verreis\w+|wegfahren|nicht zu hause|abwesen\w+|flug nach|reisepass|"
    r"kulturbeutel|"
    r"sonnencreme|campingplatz|ferienwohnung",
    r"suitcases?|luggage|pack(?:ing)? (?:list|for)|vacation|on holiday|out of town|not be home|away "
    r"(?:from|for|until)|"
    r"flight|passports?|sunscreen|sun cream|boarding|check(?:ing)? in for",
)
"""What is said in the days before a journey."""
FAR = _any(
    r"wie (?:lange|weit) .{0,25}(?:nach|zum flughafen|bis)|zum flughafen|verkehr nach|zug .{0,20}nach|fähre|"
    r"wann (?:fährt|geht) .{0,30}nach",
    r"how (?:long|far|many hours) .{0,30}to|directions to|to the airport|first train|ferry|flight status",
)
"""How one asks for a journey."""
LEAVES = _any(
    r"(?:wir|ich) (?:bin|sind|fahren?|fliegen?|gehen?|verlassen?|reisen?) .{0,45}(?:bis|weg|fort|los|"
    r"verreist|in urlaub)",
    r"(?:sind|bin) (?:dann )?(?:mal )?(?:weg|fort)",
    r"bis (?:zum )?(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|\w+sten|\w+ten) "
    r".{0,20}(?:weg|fort|nicht da|verreist|zu|in)",
    r"tschüss? (?:haus|alexa|wohnung)|alle wecker aus bis|urlaubsmodus|abwesenheitsmodus|ab morgen früh",
    r"we(?:'re| are) (?:off|leaving|gone|away)|i(?:'m| am) (?:off|leaving|away) (?:till?|until|to|for)|"
    r"see you (?:on )?(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|next week)|bye (?:house|"
    r"home|alexa|"
    r"google|amazon|echo)|away mode|vacation mode|holiday mode|(?:off|away) till|everybody out|"
    r"(?:turn )?(?:everything|all (?:the )?lights|all) off (?:see you|bye|we)|car leaves|till? (?:next "
    r")?(?:sunday|monday|"
    r"tuesday|wednesday|thursday|friday|saturday) (?:night|evening)",
)
"""What is said on leaving, with or without the day of coming back."""
RETURNS = _any(
    r"(?:bin|sind) (?:ja |jetzt |endlich )?(?:wieder|zurück)(?: wieder)?(?: (?:da|zu ?hause|daheim|im "
    r"haus|zurück|hier))?|"
    r"^(?:so )?wieder (?:da|zu ?hause|daheim)|wieder im (?:haus|land)|zurück (?:auf|aus|vom|von) .{0,20}|"
    r"hast du (?:uns|mich) vermisst",
    r"(?:we're|i'm|we are|i am) (?:back|home)(?: again)?|back home|home again|did you miss (?:us|me)",
)
"""What is said on coming back."""


def phone_intro(text: str, start: int, end: int) -> bool:
    """Whether a name is that of who answers or makes a call: somebody who lives there, told to somebody
    outside."""
    before = PHONE_BEFORE.match(text[:start])
    if before is None:
        return False
    if PHONE_AFTER.match(text[end:]) is not None:
        return True
    return before["says"] is not None and PHONE_TALK.search(text) is not None


def next_to(cue: str, name: str, text: str) -> bool:
    """Whether a cue stands right before a name (one word may lie between), or after it behind a comma.

    Parameters
    ----------
    cue : str
        Alternatives of a regular expression.
    name : str
        As it stands in the text.
    text : str

    Examples
    --------
    >>> next_to(COMPANION, "Sabine", "Ruf meine Frau Sabine an")
    True
    >>> next_to(COMPANION, "Sabine", "Ruf Sabine an")
    False
    """
    before, after = _around(cue)
    lower, said = text.casefold(), name.casefold()
    at = lower.find(said) if said else -1
    while at >= 0:
        end = at + len(said)
        whole = not (lower[at - 1 : at].isalnum() or lower[end : end + 1].isalnum())
        if whole and (before.search(lower, 0, at) or after.match(lower, end)):
            return True
        at = lower.find(said, at + 1)
    return False


@cache
def _around(cue: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The cue at the end of what stands before a name, and at the start of what follows it."""
    return (
        re.compile(rf"\b(?:{cue})\b[\s,]+(?:\w+\s+)?$", re.IGNORECASE),
        re.compile(rf"\s*,\s*(?:{cue})\b", re.IGNORECASE),
    )
