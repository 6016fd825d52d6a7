"""What may speak for a role: kinds of hints, each with its likelihood ratio by role.

How a hint is worded for people stands apart, in :mod:`forensics.profile.wording`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Hint(StrEnum):
    """What an utterance says of the person whom it names."""

    INTRODUCES = "introduces"
    PARTNER = "partner"
    CHILD = "child"
    RELATIVE = "relative"
    COLLEAGUE = "colleague"
    WELCOMED = "welcomed"
    SUMMONED = "summoned"
    NAMED_IN_TALK = "named_in_talk"
    WOKEN = "woken"
    REMINDED = "reminded"
    TOLD_COMING_HOME = "told_coming_home"
    MEALS_OR_BED = "meals_or_bed"
    SCHOOL = "school"
    ADDRESSED_IN_TALK = "addressed_in_talk"
    MEDIA = "media"
    QUESTION = "question"
    CALLED = "called"
    APPOINTMENT = "appointment"
    DEVICE_NAME = "device_name"
    SPEAKER_PROFILE = "speaker_profile"
    BY_MAIN_SPEAKER = "by_main_speaker"
    BY_ANOTHER = "by_another"


class AccountField(StrEnum):
    """Whose name a field of an account's own data holds."""

    HOLDER = "field_holder"
    MOST_OFTEN = "field_most_often"
    RECIPIENT = "field_recipient"
    CONTACT = "field_contact"
    CHILD = "field_child"
    SPEAKER = "field_speaker"
    OTHER = "field_other"


class PlaceHint(StrEnum):
    """What speaks for or against a place being the home or the place of work."""

    WEATHER = "place_weather"
    MORNINGS = "place_mornings"
    ACCOUNT = "place_account"
    HOME = "place_home"
    LOCAL_BUSINESS = "place_local_business"
    WORK = "place_work"
    TRAVEL = "place_travel"
    ORIGIN = "place_origin"
    GOAL = "place_goal"
    OVERHEARD = "place_overheard"
    NO_TOWN = "place_no_town"
    GENERAL_ONLY = "place_general_only"


MAX_REPEATS = 3
"""Hints of one kind count this often at most: what was said ten times was one habit (assumption)."""
PRIOR: Mapping[str, float] = {
    "subject": 0.10, "companion": 0.15, "child": 0.10, "relative": 0.05, "visitor": 0.10, "contact": 0.38,
    "public_figure": 0.10, "nobody": 0.02,
}  # fmt: skip
"""Whose name a name heard without any hint is: an assumption."""
RATIOS: Mapping[Hint, Mapping[str, float]] = {
    Hint.INTRODUCES: {"subject": 60, "companion": 1.5, "contact": 0.1, "relative": 0.3, "public_figure": 0.1},
    Hint.PARTNER: {"companion": 60.0},
    Hint.CHILD: {"child": 60.0},
    Hint.RELATIVE: {"relative": 40.0, "contact": 2.0, "visitor": 1.5},
    Hint.COLLEAGUE: {"contact": 12.0},
    Hint.WELCOMED: {"visitor": 12.0, "contact": 0.5, "public_figure": 0.3},
    Hint.SUMMONED: {"subject": 4, "companion": 4, "child": 4, "contact": 0.4, "public_figure": 0.3},
    Hint.NAMED_IN_TALK: {"subject": 2.0, "companion": 2.0, "child": 1.5, "visitor": 2.5, "contact": 0.4},
    Hint.WOKEN: {"child": 8.0, "companion": 3.0, "subject": 2.0, "contact": 0.1, "relative": 0.5},
    Hint.REMINDED: {"child": 1.8, "companion": 3.0, "subject": 3.0, "contact": 0.2, "visitor": 0.5},
    Hint.TOLD_COMING_HOME: {"companion": 10.0, "child": 2.0, "visitor": 0.3, "contact": 0.7},
    Hint.MEALS_OR_BED: {"companion": 4.0, "child": 3.0, "subject": 3.0, "contact": 0.2},
    Hint.SCHOOL: {"child": 5.0},
    Hint.ADDRESSED_IN_TALK: {"companion": 4.0, "child": 3.0, "visitor": 2.5, "public_figure": 0.3},
    Hint.MEDIA: {"public_figure": 25.0},
    Hint.QUESTION: {"public_figure": 6.0},
    Hint.CALLED: {"contact": 12.0, "companion": 2.5, "child": 1.2, "visitor": 1.5, "relative": 3.0},
    Hint.APPOINTMENT: {"contact": 2.0, "companion": 2.0, "child": 2.0},
    Hint.DEVICE_NAME: {"subject": 8.0, "companion": 4.0, "child": 2.0},
    Hint.SPEAKER_PROFILE: {"subject": 8.0, "companion": 6.0, "child": 3.0, "contact": 0.1, "nobody": 0.1},
    Hint.BY_MAIN_SPEAKER: {"subject": 0.4},
    Hint.BY_ANOTHER: {"subject": 2.5, "visitor": 0.8},
}  # fmt: skip
"""Likelihood ratios of each hint by role, 1 where not given: assumptions."""
NAMING = frozenset({Hint.INTRODUCES, Hint.PARTNER, Hint.CHILD, Hint.RELATIVE, Hint.WOKEN})
"""Hints that announce a name, so that what follows is one."""
TO_THE_HOUSEHOLD = frozenset({Hint.WOKEN, Hint.REMINDED, Hint.TOLD_COMING_HOME, Hint.MEALS_OR_BED})
"""Who is told these is at home, so that the message is no call to somebody outside."""
ACCOUNT_ROLES: Mapping[AccountField, Mapping[str, float]] = {
    AccountField.HOLDER: {"subject": 0.97, "companion": 0.02, "contact": 0.01},
    AccountField.MOST_OFTEN: {"subject": 0.9, "companion": 0.05, "contact": 0.05},
    AccountField.RECIPIENT: {"subject": 0.15, "companion": 0.2, "relative": 0.15, "contact": 0.5},
    AccountField.CONTACT: {"companion": 0.05, "relative": 0.15, "contact": 0.8},
    AccountField.CHILD: {"child": 0.95, "contact": 0.05},
    AccountField.SPEAKER: {"subject": 0.5, "companion": 0.3, "child": 0.2},
    AccountField.OTHER: {
        "subject": 0.15,
        "companion": 0.15,
        "relative": 0.1,
        "contact": 0.55,
        "nobody": 0.05,
    },
}
"""Whose name stands in a field of the account's own data: assumptions."""
