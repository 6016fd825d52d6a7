"""What the columns of a case's tables may hold: the words of each enumeration."""

from __future__ import annotations

LABELS = (
    "PERSON", "RELATION", "PLACE", "DEVICE", "MEDIA", "SERVICE", "TIME", "DATE", "ORG", "EVENT", "FOOD",
    "OTHER", "PHONE", "EMAIL", "ADDRESS", "ID",
)  # fmt: skip
DOMAINS = (
    "weather", "music", "media", "alarm", "timer", "calendar", "smarthome", "communication", "social",
    "lists", "food", "news", "transport", "qa", "recommendation", "volume", "datetime", "general",
)  # fmt: skip
ATTRIBUTES = (
    "home_place", "work_place", "other_place", "first_name", "surname", "relation", "contact", "device",
    "service", "media_taste", "routine_wake", "routine_commute", "absence", "language", "dialect",
    "employer", "interest", "child", "pet", "health", "religion", "politics", "phone", "email", "address",
    "accidental_recording", "command_chain",
)  # fmt: skip
DISPOSITIONS = ("recording", "transcript", "account_data", "other", "refused")
TIME_BASES = ("export", "derived", "tag", "file_time", "unknown")
"""How a time is known: stated by the export with its zone, read as UTC, a tag in the sound itself, the
file's."""
MEANINGS = (
    "time", "date", "time_of_day", "zone", "said", "answered", "device", "device_serial", "device_type",
    "room", "person", "place", "coordinates", "email", "phone", "address", "file", "id", "customer",
    "service", "skill", "status", "setting", "value", "speaker", "checksum", "secret", "text", "unknown",
)  # fmt: skip
"""What a column, a page or a kind of record may hold."""
RECOGNISED_BY = ("layout", "header", "values", "fit", "none")
"""What told the meaning of a field: a known layout, its header, its values, the fit of both, nothing."""
VENDOR_STATUSES = ("understood", "discarded", "not_device_directed", "not_understood", "unknown")
SOURCES = ("audio", "vendor", "account")
ROLES = (
    "subject", "companion", "child", "relative", "visitor", "contact", "public_figure", "nobody",
)  # fmt: skip
"""Who somebody is to the household. ``public_figure`` is an artist, an author, a character; ``nobody`` no
person."""
CLAIMED_ROLES = (*ROLES, "unknown")
"""The same for a claim; ``unknown``: the household knows somebody of this name, and no role is likely
enough."""
SPEAKERS = ("household", "visitor", "television")
"""Whose voice an utterance is, as a reviewer says. What a visitor or a television says is no evidence about
the household."""
PLACE_ROLES = ("home", "work", "other")
SPECIAL_CATEGORIES = ("health", "religion", "politics", "origin", "sex_life", "child")
"""Article 9 GDPR; and children, whom recital 38 protects."""
ENTITY_KINDS = ("name", "here")
"""Whether a mention names something, or points at where the device stands (``here``)."""
DEP_GROUPS = ("place", "devices", "names", "habits", "taste", "work", "special", *ATTRIBUTES)
"""Claims that move together: the Fréchet bound takes the least probable of each group."""
ODDITIES = ("sound-byte-order", "sound-channels", "sound-size", "sounds-joined")
SPEECH_WITHOUT_WORDS = "speech_without_words"
"""The flag of a transcript where somebody speaks and not all of it has words."""
BASES = ("measured", "survey", "assumption")
INPUTS = (
    "listed", "surname_clustering", "dependence", "joint_rate", "chance", "unheard", "base_rate", "truth",
)  # fmt: skip
"""Sampled inputs of the measurement, as the sensitivities of ``risk`` name them."""
INPUT_BASES = (*BASES, "reading", "chance")
"""What an input's distribution rests on: a reading of the recordings, or chance alone, besides the others."""
SEVERITY_FLAGS = (
    "special", "children", "accidental", "third_parties", "absence", "acquaintance", "many", "unintelligible",
    "unread", "account_holder", "account_unknown",
)  # fmt: skip
BANDS = ("low", "medium", "high", "very high", "not determinable")
ORDERS = ("chronological", "random", "best_first")
READER_FORMS = ("questions", "statements")
"""How the second reader is asked: short questions about candidates, or for statements in JSON."""
READ_ATTRIBUTES = ("person", "place", "employer", "routine_wake")
READ_ROLES = (*ROLES, *PLACE_ROLES)
OUTCOMES = ("kept", "no_citation", "not_said", "no_place", "no_time", "unreadable")
"""What the check of a statement said; all but the first are dropped."""
