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
    WAKE_FOR_ANOTHER = "phrase_wake_for_another"
    COMMUTE = "phrase_commute"
    LANGUAGE = "phrase_language"
    EMPLOYER = "phrase_employer"
    IDENTIFIER_IN_FILES = "phrase_identifier_in_files"
    IDENTIFIER_SPOKEN = "phrase_identifier_spoken"
    SPECIAL = "phrase_special"
    ACCIDENTAL = "phrase_accidental"
    CHAIN_MEANT = "phrase_chain_meant"
    CHAIN_UNMEANT = "phrase_chain_unmeant"
    SILENCE = "phrase_silence"
    AWAY_SPOKEN_OF = "phrase_away_spoken_of"
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
    Phrase.WAKE: "An alarm for {value} was set in {utterances} and rang in {rang}, on {days} in all.",
    Phrase.WAKE_FOR_ANOTHER: "An alarm for {value} was set in {utterances}, for somebody who is named.",
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
    Phrase.SILENCE: "Nothing was recorded at home for {days} ({value}); {told} shortly before or for these "
    "days speak of luggage or another place; {away} elsewhere meanwhile.",
    Phrase.AWAY_SPOKEN_OF: "A time away from home is spoken of in {utterances} ({value}).",
    Phrase.NO_HINT: "no hint at its role",
    Hint.INTRODUCES: "introduces himself or herself",
    Hint.PARTNER: "called wife, husband or partner",
    Hint.CHILD: "called son, daughter or child",
    Hint.RELATIVE: "called a relative",
    Hint.COLLEAGUE: "called a colleague, neighbour or doctor",
    Hint.WELCOMED: "welcomed or waited on",
    Hint.SUMMONED: "summoned",
    Hint.NAMED_IN_TALK: "named in talk",
    Hint.WOKEN: "to be woken",
    Hint.REMINDED: "reminded by another",
    Hint.TOLD_COMING_HOME: "told when somebody comes home",
    Hint.MEALS_OR_BED: "told of meals or bedtime",
    Hint.SCHOOL: "together with school or bedtime",
    Hint.ADDRESSED_IN_TALK: "addressed in talk not meant for the device",
    Hint.MEDIA: "asked for as music or film",
    Hint.QUESTION: "subject of a general question",
    Hint.CALLED: "called or written to",
    Hint.APPOINTMENT: "in a reminder or appointment",
    Hint.DEVICE_NAME: "a device bears the name",
    Hint.SPEAKER_PROFILE: "the vendor knows a speaker by this name",
    Hint.BY_MAIN_SPEAKER: "said by whoever speaks most",
    Hint.BY_ANOTHER: "said by somebody else",
    AccountField.HOLDER: "the account holder's name by its field",
    AccountField.MOST_OFTEN: "the name that stands most often in the account's files",
    AccountField.RECIPIENT: "a recipient in the account's files",
    AccountField.CONTACT: "a contact in the account's files",
    AccountField.CHILD: "a child's profile in the account's files",
    AccountField.SPEAKER: "a voice profile in the account's files",
    AccountField.OTHER: "a name in the account's files",
    PlaceHint.WEATHER: "weather asked on {n}",
    PlaceHint.MORNINGS: "in the morning on {n}",
    PlaceHint.ACCOUNT: "in the account's own files {n}",
    PlaceHint.HOME: "spoken of as home",
    PlaceHint.LOCAL_BUSINESS: "asked for local shops or traffic",
    PlaceHint.WORK: "spoken of as the way to work",
    PlaceHint.TRAVEL: "spoken of as a journey",
    PlaceHint.ORIGIN: "start of a journey, {n}",
    PlaceHint.GOAL: "goal of a journey, {n}",
    PlaceHint.OVERHEARD: "named only in talk not meant for the device, or by a television",
    PlaceHint.NO_TOWN: "not a town",
    PlaceHint.GENERAL_ONLY: "named in a general question only",
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
