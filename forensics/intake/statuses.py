"""The vendor's own word on what became of an utterance, as one of a few statuses."""

# ruff: noqa: E501 (patterns are easier to read whole)

from __future__ import annotations

import re

_FORMS = (
    ("not_device_directed", r"non?t?.?device.?directed|not.?(meant|intended|for).?(alexa|device)"),
    ("discarded", r"discard|ignored?\b|dismiss|deleted|verworfen|abandon|cancel+ed"),
    ("not_understood", r"fault|invalid|fail|error|not.?(be.?)?understood|unknown.?intent|"
     r"no.?(match|intent|speech)|nicht.?verstanden|unintelligible|timeout"),
    ("understood", r"success|understood|\bok\b|handled|completed|fulfil|erfolg|verstanden"),
)  # fmt: skip
_COMPILED = tuple((status, re.compile(form, re.IGNORECASE)) for status, form in _FORMS)


def status_of(text: str | None) -> str | None:
    """One of :data:`forensics.case.kinds.VENDOR_STATUSES`; None where the vendor says nothing.

    Examples
    --------
    >>> status_of("SUCCESS"), status_of("DISCARDED_NON_DEVICE_DIRECTED_INTENT"), status_of("XYZ")
    ('understood', 'not_device_directed', 'unknown')
    """
    said = (text or "").strip()
    if not said:
        return None
    return next((status for status, form in _COMPILED if form.search(said)), "unknown")


_INSTEAD = (
    ("not_device_directed", r"audio (was )?not (intended|meant) for (alexa|this device)|(die )?aufnahme war nicht für alexa (bestimmt|gedacht)|"
     r"not (intended|meant) for alexa|nicht für alexa bestimmt"),
    ("not_understood", r"audio could not be understood|(the )?(audio|text) (is |was )?not understood|unknown|unbekannt|unintelligible|"
     r"(die )?(audioaufnahme|aufnahme|eingabe) konnte nicht verstanden werden|nicht verstanden"),
    ("unknown", r"(transcript|text|transcription|audio|no transcript|no text)( is)? (not )?(available|stored|saved)|no (text|transcript)( stored| available)?|"
     r"(kein )?(transkript|text)( ist)? (nicht )?(verfügbar|gespeichert|vorhanden)|deleted|gelöscht"),
)  # fmt: skip
_PLACEHOLDERS = tuple(
    (status, re.compile(rf"[\W_]*(?:{form})[\W_]*", re.IGNORECASE)) for status, form in _INSTEAD
)


def placeholder(text: str) -> str | None:
    """The status that stands where a transcript should; None if the text is one.

    Examples
    --------
    >>> placeholder("TRANSCRIPT NOT AVAILABLE"), placeholder("Audio was not intended for Alexa")
    ('unknown', 'not_device_directed')
    >>> placeholder("stop") is None
    True
    """
    if len(text) > 80:
        return None
    return next((status for status, form in _PLACEHOLDERS if form.fullmatch(text.strip())), None)
