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
    r"urlaub|ferien|reise|flug|fliegen?|fliege|ausflug|besuch\w*|wochenende in|strand|skifahren",
    r"vacation|holiday|trip|flight|fly|flying|hotel|visit\w*|weekend in|beach|skiing|abroad",
)
LOCAL_BUSINESS = _any(
    r"öffnungszeiten|offen|geöffnet|apotheke|bäcker\w*|supermarkt|müllabfuhr|stau|verkehr",
    "open|pharmacy|bakery|supermarket|traffic|near me|nearby",
)

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
RELATIVE_ALONE = re.compile(RELATIVE, re.IGNORECASE)
COLLEAGUE = (
    r"chef\w*|kolleg\w+|nachbar\w*|arzt|ärztin|dr|doktor|lehrer\w*|"
    "doctor|boss|colleague|coworker|neighbou?r|dentist|teacher"
)
KIDS = _any(
    "kinderzimmer|schule|hausaufgaben|kita|gute ?nacht|schlafenszeit",
    "bedtime|homework|school|kids? room|nursery|kindergarten",
)
CALL = _any(
    r"ruf\w*|anruf\w*|nachricht|schreib\w*|sms|whatsapp|e-?mail",
    "call|phone|ring|text|message|dial|send",
)
TELLS = r"sag\w*|bericht\w*|tell"
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

SNOOZES = _any(
    r"schlummer\w*|wecker (?:aus|stopp)|noch (?:fünf|zehn) minuten",
    "snooze|stop the alarm|alarm off|turn off the alarm",
)
WAKE_CALL = _any(r"weck\w*|aufstehen", "wake|get up")

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
    r"koffer|urlaub|verreis\w+|wegfahren|nicht zu hause|abwesen\w+|flug nach",
    "suitcases?|luggage|vacation|on holiday|out of town|not be home|away (?:from|for|until)|flight to",
)


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
