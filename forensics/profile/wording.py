"""The words in which claims explain themselves: for people only.

No code reads them: the tables' columns that hold them are marked for display, and rewording anything here
changes no result.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from forensics.profile.hints import AccountField, Hint, PlaceHint


class Phrase(StrEnum):
    """What a claim's reason says."""

    PLACE = "phrase_place"
    PERSON = "phrase_person"
    PERSON_IN_FILES = "phrase_person_in_files"
    RELATION = "phrase_relation"
    DEVICE_RECORDED = "phrase_device_recorded"
    DEVICE_SPOKEN_OF = "phrase_device_spoken_of"
    SERVICE = "phrase_service"
    MEDIA = "phrase_media"
    WAKE = "phrase_wake"
    COMMUTE = "phrase_commute"
    LANGUAGE = "phrase_language"
    EMPLOYER = "phrase_employer"
    IDENTIFIER_IN_FILES = "phrase_identifier_in_files"
    IDENTIFIER_SPOKEN = "phrase_identifier_spoken"
    SPECIAL = "phrase_special"
    ACCIDENTAL = "phrase_accidental"
    CHAIN_MEANT = "phrase_chain_meant"
    CHAIN_UNMEANT = "phrase_chain_unmeant"
    ABSENCE = "phrase_absence"
    FAMILY_IN_LABELS = "phrase_family_in_labels"
    NO_HINT = "phrase_no_hint"


WORDING: Mapping[StrEnum, str] = {
    Phrase.PLACE: "{value} is named in {utterances} on {days}: {hints}.",
    Phrase.PERSON: "{value} is named in {utterances}: {hints}.",
    Phrase.PERSON_IN_FILES: "{value} is named in {utterances} of the account's files: {hints}.",
    Phrase.RELATION: "A relation is spoken of as {value} in {utterances}.",
    Phrase.DEVICE_RECORDED: "{value} recorded {utterances}, as the export says.",
    Phrase.DEVICE_SPOKEN_OF: "{value} is spoken of in {utterances}.",
    Phrase.SERVICE: "{value} is used in {utterances}.",
    Phrase.MEDIA: "{value} was asked for in {utterances}.",
    Phrase.WAKE: "Up at {value}: {utterances} ask for an alarm, {rang} open the day or put one off, on "
    "{days}.",
    Phrase.COMMUTE: "A journey ({value}) was asked for on {days}.",
    Phrase.LANGUAGE: "{utterances} of {total} with words are in {value}.",
    Phrase.EMPLOYER: "{value} is spoken of as the place of work in {utterances}.",
    Phrase.IDENTIFIER_IN_FILES: "{value} stands in the account's files.",
    Phrase.IDENTIFIER_SPOKEN: "{value} is said in {utterances}.",
    Phrase.SPECIAL: "Possible hint in {utterances}: review it.",
    Phrase.ACCIDENTAL: "Nobody seems to have meant this to be recorded.",
    Phrase.CHAIN_MEANT: "{steps} follow each other within minutes: a message may have been sent, as meant.",
    Phrase.CHAIN_UNMEANT: "{steps} follow each other within minutes: a message may have been sent that "
    "nobody meant.",
    Phrase.ABSENCE: "Away for {days} ({value}): {told} before, at its ends or for these days speak of "
    "leaving, "
    "luggage or coming back; {away} elsewhere meanwhile.",
    Phrase.FAMILY_IN_LABELS: "{value} is the family's name in {labels} of devices, rooms or networks.",
    Phrase.NO_HINT: "no hint at its role",
    Hint.SAYS_SELF: "introduces himself or herself by the sentence",
    Hint.SAYS_CALLED: "called through the house",
    Hint.SAYS_REMINDED: "is to be reminded or woken",
    Hint.SAYS_OWNS: "owns a list, a room or a device",
    Hint.SAYS_DELIVERED: "gets something delivered",
    Hint.SAYS_AT_HOME: "eats, sleeps or learns at home",
    Hint.SAYS_PARTNER: "the speaker's partner by the sentence",
    Hint.SAYS_CHILD: "the speaker's child by the sentence",
    Hint.SAYS_RELATIVE: "the speaker's relative by the sentence",
    Hint.SAYS_VISITS: "comes to visit",
    Hint.SAYS_WRITES: "is called or written to",
    Hint.SAYS_APPOINTMENT: "an appointment is with him or her",
    Hint.SAYS_TALKED: "is talked about",
    Hint.SAYS_QUOTED: "is quoted, played or asked about",
    Hint.SAYS_NOBODY: "seems to be no person's name",
    Hint.INTRODUCES: "words of introducing oneself beside the name",
    Hint.ON_THE_PHONE: "answers or makes a call by this name",
    Hint.PARTNER: "called wife, husband or partner",
    Hint.CHILD: "called son, daughter or child",
    Hint.RELATIVE: "called a relative",
    Hint.COLLEAGUE: "called a colleague, neighbour or doctor",
    Hint.WELCOMED: "welcomed or waited on",
    Hint.SUMMONED: "summoned",
    Hint.WOKEN: "to be woken",
    Hint.REMINDED: "reminded by another",
    Hint.TOLD_COMING_HOME: "told when somebody comes home",
    Hint.MEALS_OR_BED: "told of meals or bedtime",
    Hint.SCHOOL: "together with school or bedtime",
    Hint.PET: "together with food or care of an animal",
    Hint.CALLED: "together with calls or messages",
    Hint.APPOINTMENT: "in an appointment",
    AccountField.HOLDER: "the account holder's name by its field",
    AccountField.MOST_OFTEN: "the name that stands most often in the account's files",
    AccountField.PARTNER: "called wife, husband or partner in the account's files",
    AccountField.RELATIVE: "called a relative in the account's files",
    AccountField.RECIPIENT: "a recipient in the account's files",
    AccountField.CONTACT: "a contact in the account's files",
    AccountField.MEMBER: "a member of the household in the account's files",
    AccountField.PUBLIC: "an author, an artist or a maker in the account's files",
    AccountField.UNLISTED: "a name that no list knows, in a field that may hold other things",
    AccountField.CHILD: "a child's profile in the account's files",
    AccountField.ADULT: "an adult's voice profile beside children's",
    AccountField.DEVICE: "the owner in the name of a device or a network",
    AccountField.ROOM: "the owner in the name of a room",
    AccountField.SPEAKER: "a voice profile in the account's files",
    AccountField.OTHER: "a name in the account's files",
    PlaceHint.HOME: "spoken of as here or home, {n}",
    PlaceHint.LOCAL_BUSINESS: "asked for local shops or services, {n}",
    PlaceHint.WEATHER: "weather asked, {n}",
    PlaceHint.WEATHER_PLANNED: "weather asked for another day, {n}",
    PlaceHint.TRAVEL: "spoken of as a journey, {n}",
    PlaceHint.WORK: "spoken of as the way to work, {n}",
    PlaceHint.ORIGIN: "start of a journey, {n}",
    PlaceHint.GOAL: "goal of a journey, {n}",
    PlaceHint.MORNING_GOAL: "goal of a journey on a workday's morning, {n}",
    PlaceHint.QUALIFIED: "said with where it lies, {n}",
    PlaceHint.CORRECTED: "said again to correct the device, {n}",
    PlaceHint.REJECTED: "rejected, {n}",
    PlaceHint.NOT_THE_OTHER: "another place is rejected for it, {n}",
    PlaceHint.OTHERS_HOME: "spoken of as where somebody else is, {n}",
    PlaceHint.ACCOUNT: "in the account's own files, {n}",
    PlaceHint.FAR: "far from all other places named",
    PlaceHint.NO_TOWN: "not a town",
    PlaceHint.OVERHEARD: "named only in talk not meant for the device, or by a television",
    PlaceHint.GENERAL_ONLY: "named in general questions only",
    PlaceHint.INSTITUTION: "part of the name of a local institution, {n}",
    PlaceHint.SPOTTED: "found by a list of towns only",
    PlaceHint.STATED_HOME: "the home by the account's files, {n}",
    PlaceHint.STATED_WORK: "the place of work by the account's files, {n}",
    PlaceHint.OWN_ADDRESS: "an address of the account, {n}",
    PlaceHint.OTHERS_ADDRESS: "an address of somebody else in the account's files, {n}",
}


def say(phrase: StrEnum, **values: object) -> str:
    """A phrase with its values."""
    return WORDING[phrase].format(**values)


def listed(hints: Iterable[tuple[StrEnum, int]]) -> str:
    """Hints with how often each was met."""
    parts = []
    for hint, n in hints:
        text = WORDING[hint]
        parts.append(text.format(n=counted(n, "time")) if "{n}" in text else f"{text} ({n})")
    return "; ".join(parts) or WORDING[Phrase.NO_HINT]


def counted(number: int, noun: str) -> str:
    """A number with its noun.

    Examples
    --------
    >>> counted(1, "utterance"), counted(3, "utterance")
    ('1 utterance', '3 utterances')
    """
    return f"{number} {noun}" + ("" if number == 1 else "s")
