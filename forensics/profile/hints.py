"""What may speak for a role: kinds of hints, each with its likelihood ratio by role.

How a hint is worded for people stands apart, in :mod:`forensics.profile.wording`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Hint(StrEnum):
    """What an utterance says of the person whom it names: by the classifier, and by the words beside."""

    SAYS_SELF = "says_introduces_self"
    SAYS_CALLED = "says_called_through_house"
    SAYS_REMINDED = "says_reminded"
    SAYS_OWNS = "says_owns_thing"
    SAYS_DELIVERED = "says_delivered_to"
    SAYS_AT_HOME = "says_at_home_activity"
    SAYS_PARTNER = "says_partner_of_speaker"
    SAYS_CHILD = "says_child_of_speaker"
    SAYS_RELATIVE = "says_relative_of_speaker"
    SAYS_VISITS = "says_visits"
    SAYS_WRITES = "says_calls_or_writes"
    SAYS_APPOINTMENT = "says_appointment_with"
    SAYS_TALKED = "says_talked_about"
    SAYS_QUOTED = "says_quoted_or_media"
    SAYS_NOBODY = "says_not_a_person"
    INTRODUCES = "hint_introduces"
    ON_THE_PHONE = "hint_on_the_phone"
    PARTNER = "hint_partner"
    CHILD = "hint_child"
    RELATIVE = "hint_relative"
    COLLEAGUE = "hint_colleague"
    WELCOMED = "hint_welcomed"
    SUMMONED = "hint_summoned"
    WOKEN = "hint_woken"
    REMINDED = "hint_reminded"
    TOLD_COMING_HOME = "hint_told_coming_home"
    MEALS_OR_BED = "hint_meals_or_bed"
    SCHOOL = "hint_school"
    PET = "hint_pet"
    CALLED = "hint_called"
    APPOINTMENT = "hint_appointment"


SAID: Mapping[str, Hint] = {
    hint.value.removeprefix("says_"): hint for hint in Hint if hint.value[:5] == "says_"
}
"""The hint of each class of the classifier."""


class AccountField(StrEnum):
    """Whose name a field of an account's own data holds."""

    HOLDER = "field_holder"
    MOST_OFTEN = "field_most_often"
    PARTNER = "field_partner"
    RELATIVE = "field_relative"
    RECIPIENT = "field_recipient"
    CONTACT = "field_contact"
    MEMBER = "field_member"
    CHILD = "field_child"
    ADULT = "field_adult"
    SPEAKER = "field_speaker"
    DEVICE = "field_device"
    ROOM = "field_room"
    PUBLIC = "field_public"
    UNLISTED = "field_unlisted"
    OTHER = "field_other"


class PlaceHint(StrEnum):
    """What speaks for or against a place being the home or the place of work."""

    HOME = "place_home"
    LOCAL_BUSINESS = "place_local_business"
    WEATHER = "place_weather"
    WEATHER_PLANNED = "place_weather_planned"
    TRAVEL = "place_travel"
    WORK = "place_work"
    ORIGIN = "place_origin"
    GOAL = "place_goal"
    MORNING_GOAL = "place_morning_goal"
    QUALIFIED = "place_qualified"
    CORRECTED = "place_corrected"
    REJECTED = "place_rejected"
    NOT_THE_OTHER = "place_not_the_other"
    OTHERS_HOME = "place_others_home"
    ACCOUNT = "place_account"
    FAR = "place_far"
    NO_TOWN = "place_no_town"
    OVERHEARD = "place_overheard"
    GENERAL_ONLY = "place_general_only"
    INSTITUTION = "place_institution"
    SPOTTED = "place_spotted"
    STATED_HOME = "place_stated_home"
    STATED_WORK = "place_stated_work"
    OWN_ADDRESS = "place_own_address"
    OTHERS_ADDRESS = "place_others_address"


NAMING = frozenset({Hint.INTRODUCES, Hint.PARTNER, Hint.CHILD, Hint.RELATIVE, Hint.WOKEN})
"""Hints that announce a name, so that what follows is one."""
ACCOUNT_ROLES: Mapping[AccountField, Mapping[str, float]] = {
    AccountField.HOLDER: {"subject": 0.97, "companion": 0.02, "contact": 0.01},
    AccountField.MOST_OFTEN: {"subject": 0.9, "companion": 0.05, "contact": 0.05},
    AccountField.PARTNER: {"companion": 0.94, "subject": 0.03, "contact": 0.03},
    AccountField.RELATIVE: {"relative": 0.9, "visitor": 0.03, "contact": 0.05, "child": 0.02},
    AccountField.RECIPIENT: {"subject": 0.15, "companion": 0.2, "relative": 0.15, "contact": 0.5},
    AccountField.CONTACT: {"companion": 0.05, "relative": 0.15, "contact": 0.8},
    AccountField.CHILD: {"child": 0.95, "contact": 0.05},
    AccountField.ADULT: {"subject": 0.6, "companion": 0.37, "relative": 0.03},
    AccountField.SPEAKER: {"subject": 0.5, "companion": 0.3, "child": 0.2},
    AccountField.DEVICE: {"subject": 0.7, "companion": 0.16, "child": 0.1, "relative": 0.02, "nobody": 0.02},
    AccountField.ROOM: {"child": 0.5, "subject": 0.2, "companion": 0.15, "relative": 0.08, "visitor": 0.05,
                        "nobody": 0.02},
    AccountField.MEMBER: {"subject": 0.2, "companion": 0.4, "child": 0.25, "relative": 0.13, "contact": 0.02},
    AccountField.PUBLIC: {"public_figure": 0.85, "nobody": 0.1, "contact": 0.05},
    AccountField.UNLISTED: {"subject": 0.1, "companion": 0.1, "contact": 0.2, "nobody": 0.6},
    AccountField.OTHER: {
        "subject": 0.15,
        "companion": 0.15,
        "relative": 0.1,
        "contact": 0.55,
        "nobody": 0.05,
    },
}  # fmt: skip
"""Whose name stands in a field of the account's own data: assumptions. Devices bear the holder's first name
by the vendor's default ("Anna's Echo"); rooms are called by whoever sleeps there, children above all."""
ANYBODY: Mapping[str, float] = {
    "subject": 0.2, "companion": 0.17, "child": 0.13, "relative": 0.12, "visitor": 0.05, "contact": 0.28,
    "public_figure": 0.02, "nobody": 0.03,
}  # fmt: skip
"""Who somebody is of whom nothing is known but that the household's data names them (assumption)."""
