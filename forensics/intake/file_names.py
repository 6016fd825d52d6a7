"""Names of files as tables write them, brought into one spelling."""

from __future__ import annotations

import re
import unicodedata

from forensics.intake.texts import AUDIO_NAME


def base_name(text: str) -> str:
    """The last part of a name, composed (NFC), in lower case: macOS stores accents apart from letters."""
    last = re.split(r"[/\\]", text.strip())[-1]
    return unicodedata.normalize("NFC", last).casefold()


def stem(name: str) -> str:
    """`name` without its suffix, if that is one of sound."""
    return AUDIO_NAME.sub("", name)
