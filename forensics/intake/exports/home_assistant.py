"""Home Assistant's debug recordings: ``[<device>/]<pipeline>/<monotonic ns>/<stage>*.wav``.

The folder's number counts nanoseconds since the machine started: it is no date. The only date is the file's
own time, where the container keeps one with its zone.
"""

from __future__ import annotations

import re

from forensics.intake.devices import Device
from forensics.intake.exports.base import UNKNOWN, Facts, Inventory, Reading, When
from forensics.intake.sniff import AUDIO

NAME = "home-assistant"
ORDER = 300

_PATH = re.compile(
    r"(?:^|/)(?:(?P<device>[0-9a-f]{32})/)?(?P<pipeline>[^/]+)/(?P<ns>\d{9,19})/(?P<stage>wake|stt|tts|vad)[^/]*$"
)


def read(inventory: Inventory) -> Reading | None:
    """Recordings of a stage inside a folder that is a number."""
    found = [(held, m) for held in inventory.of_kind(*AUDIO) if (m := _PATH.search(held.path))]
    if not found:
        return None
    reading = inventory.reading(NAME)
    reading.own = True
    for held, match in found:
        at = held.member.file_time
        when = When(at, "file_time") if at is not None else UNKNOWN
        text = "Its folder's number is a clock since the machine's start, not a date"
        rest = "; the file's own time is given." if at is not None else "; its time is unknown."
        reading.note(held, "monotonic-folder", text + rest)
        if match["stage"] == "wake":
            text = "A wake recording holds everything before the wake word: speech that nobody meant to give."
            reading.note(held, "wake-recording", text)
        reading.set(held, Facts("recording", when, Device(match["device"])))
    pipelines = sorted({match["pipeline"] for _, match in found})
    reading.evidence.append(("layout", f"{len(found)} debug recordings of {len(pipelines)} pipeline(s)"))
    return reading
