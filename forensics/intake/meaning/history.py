"""Whether the rows of a table are things said to a device, and which of them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from forensics.intake.meaning.column import Column, Recognised
from forensics.intake.meaning.grids import Grid
from forensics.intake.meaning.shapes import Shape

_KINDS_SAID = re.compile(
    r"customer|user|human|transcript|asr|said|command|heard|question|request|utterance|spoken|nutzer|benutzer|kunde|befehl|"
    r"gesagt|frage|anfrage|eingabe|utilisateur|usuario|utente|input|wake|you\b|sie\b",
    re.IGNORECASE,
)
_KINDS_ANSWERED = re.compile(
    r"response|answer|reply|tts|assistant|alexa|bot\b|system|device|antwort|ausgabe|output|réponse|respuesta|risposta|google|siri",
    re.IGNORECASE,
)


def find_kinds(own: list[str], shapes: Mapping[str, Shape], found: Recognised) -> None:
    """A column whose few values say of each row whether it was said or answered."""
    for name in own:
        shape = shapes[name]
        values = sorted(set(shape.values))
        if (
            not 2 <= len(values) <= 12
            or shape.length > 4
            or found.columns[name].meaning in ("said", "device", "file")
        ):
            continue
        kinds = {}
        for value in values:
            answered, said = _KINDS_ANSWERED.search(value), _KINDS_SAID.search(value)
            if said and not answered:
                kinds[value] = "said"
            elif answered and not said:
                kinds[value] = "answered"
            elif (
                said
                and answered
                and re.search(r"(?:user|customer|nutzer|kunde).{0,3}s?\W", value, re.IGNORECASE)
            ):
                kinds[value] = "said"
        known = sum(value in kinds for value in shape.values)
        if {"said", "answered"} <= set(kinds.values()) and known >= 0.5 * len(shape.values):
            found.part["kind"], found.kinds = name, kinds
            if found.columns[name].meaning in ("unknown", "text", "person", "speaker", "id"):
                found.columns[name] = Column(name, "status", "values", 0.7)
            return


def is_history(
    grid: Grid,
    shapes: Mapping[str, Shape],
    scores: Mapping[str, Mapping[str, tuple[float, float, float]]],
    found: Recognised,
) -> bool:
    name = found.part.get("said")
    if name is None:
        return False
    if found.columns[name].by == "layout":
        return True
    _, header, _ = scores[name].get("said", (0.0, 0.0, 0.0))
    shape = shapes[name]
    beside = {"time", "date", "file", "device", "device_serial", "answered", "status", "speaker"} & set(
        found.part
    )
    file = found.part.get("file")
    sound = file is not None and (
        shapes[file].forms["audio"] >= 0.5 or scores[file].get("file", (0, 0, 0))[1] >= 0.9
    )
    if "kind" in found.part and found.kinds and (header >= 0.2 or shape.spoken >= 0.3):
        return True
    if header >= 0.75:
        return bool(beside) or shape.spoken >= 0.3 or found.columns[name].score >= 0.6
    if header >= 0.6:
        return shape.spoken >= 0.45 and (bool(beside - {"answered", "status"}) or shape.awake >= 0.25)
    if sound and file not in grid.inherited:
        return shape.spoken >= 0.35
    beside -= {meaning for meaning, column in found.part.items() if column in grid.inherited}
    if 0 < header < 0.6:  # "text", "title", "note": things to buy or to do are written like commands
        return shape.awake >= 0.25 and bool(beside - {"status"})
    return (shape.awake >= 0.25 and bool(beside)) or (shape.spoken >= 0.75 and len(beside - {"status"}) >= 2)
