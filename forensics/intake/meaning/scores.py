"""How well each meaning fits a column: by its header and the path to it, and by its values."""

# ruff: noqa: E501 (tables of scores are easier to read whole)

from __future__ import annotations

import re
from collections.abc import Mapping

from forensics.intake.meaning.grids import Grid
from forensics.intake.meaning.shapes import Shape
from forensics.knowledge.headers import header_words, meanings_of
from forensics.knowledge.whose import whose

_SECRET = re.compile(
    r"pass(word|wort|phrase|wd)?$|pre.?shared.?key|\bpsk\b|wifi.?key|cookie|(access|refresh|session|auth).?token|secret|api.?key"
)
_TOPICS = (
    "device",
    "person",
    "room",
    "skill",
    "service",
    "setting",
    "place",
    "network",
    "address",
    "email",
    "phone",
)
_TITLES = (
    ["title"],
    ["label"],
    ["titel"],
    ["bezeichnung"],
    ["designation"],
    ["caption"],
    ["nickname"],
    ["descripcion"],
)


def scores_of(name: str, shape: Shape, topic: str | None) -> dict[str, tuple[float, float, float]]:
    """Per meaning: score, what the header gives, what the values give."""
    header = header_scores(name, topic)
    possible, likely = _possible(shape), _likely(shape)
    scores = {}
    for meaning in possible:
        h, v = header.get(meaning, 0.0), likely.get(meaning, 0.0)
        fits = possible[meaning]
        score = fits * (0.55 * h + 0.45 * v if h > 0 else 0.75 * v)
        scores[meaning] = (score, h, v)
    return scores


def header_scores(name: str, topic: str | None) -> dict[str, float]:
    """What a header says; of a path, the last part most. Words that need a topic get it from the path or the file."""
    parts = re.split(r"\.|\[\]|\{\}|/", re.sub(r"[(\[][^()\[\]]+[)\]]", " ", name))
    parts = [part for part in parts if part.strip()] or [name]
    last = dict(meanings_of(parts[-1]))
    if _SECRET.search(" ".join(header_words(parts[-1]))):
        last["secret"] = 1.0
    about = next((t for part in reversed(parts[:-1]) if (t := _topic_of(part))), None) or topic
    titled = last.get("text", 0) >= 1.0 and header_words(parts[-1])[-1:] in _TITLES
    if ("name" in last or titled or (not last and len(parts) > 1)) and not any(m in last for m in _TOPICS):
        last["text"] = 0.5
        last[about or "text"] = 0.9 if about else 0.5
    if "type" in last:
        last["device_type" if about == "device" else "status"] = 0.7
    if last.get("id", 0) >= 1.0 and about == "device":
        last["device_serial"] = 0.8
    if "network" in last:
        last["id"] = max(last.get("id", 0), 0.0)
        last["service"] = max(last.get("service", 0), 0.0)
        last["text"] = 0.8
    if last.get("value") and about == "person":
        last["person"] = 0.4
    if len(parts) > 1 and last.get("text", 0) and not last.get("said"):
        spoken = meanings_of(parts[-2])
        for meaning in ("said", "asked", "answered"):
            if meaning in spoken:
                last["said" if meaning != "answered" else meaning] = 0.8
    if "asked" in last:
        last["said"] = max(last.get("said", 0), 0.65)
    if last.get("text", 0) and not last.get("said"):
        last["said"] = 0.25
    if ({"name", "person"} & set(last)) and any("speaker" in meanings_of(part) for part in parts[:-1]):
        last["speaker"] = 1.0
        last.pop("person", None)
    if last.get("speaker") and about == "person":
        last["person"] = max(last.get("person", 0), 0.5)
    return last


def topic_of_table(grid: Grid, file: str) -> str | None:
    """What a table lists: by its path or sheet, or by its file's name."""
    for text in (
        *reversed(re.split(r"\.|\[\]|\{\}", grid.name)),
        re.sub(r"\.[a-z]{2,5}$", "", file, flags=re.IGNORECASE),
    ):
        if text.strip() and (topic := _topic_of(text)) is not None:
            return topic
    return None


def topic_by_company(grid: Grid, shapes: Mapping[str, Shape]) -> str | None:
    """A list of devices or of people, told by what stands beside the names: serials, or mail, age, relation."""
    headers = {
        m
        for name in grid.header
        if name not in grid.inherited
        for m, s in meanings_of(last_part(name)).items()
        if s >= 0.9
    }
    if "device_serial" in headers and not {"said", "answered"} & headers:
        return "device"
    own = [name for name in grid.header if name not in grid.inherited]
    kin = any({"age", "relation"} & whose(last_part(name)) for name in own)
    mails = any(shape.forms["email"] > 0.5 for name, shape in shapes.items() if name not in grid.inherited)
    return (
        "person"
        if (mails or kin or {"email", "phone"} & headers) and not {"said", "answered"} & headers
        else None
    )


def last_part(name: str) -> str:
    """The last part of a path to a column."""
    return re.split(r"\.|\[\]|\{\}|/", name)[-1] or name


def _topic_of(text: str) -> str | None:
    found = {m: s for m, s in meanings_of(_singular(text)).items() if m in _TOPICS}
    if not found:
        found = {m: s for m, s in meanings_of(text).items() if m in _TOPICS}
    return max(found, key=lambda m: (found[m], -_TOPICS.index(m))) if found else None


def _singular(text: str) -> str:
    return " ".join(re.sub(r"(?<=[a-z]{3})s$", "", word) for word in header_words(text))


def _possible(shape: Shape) -> dict[str, float]:
    """Per meaning, the share of values that could have it."""
    f = shape.forms
    full, day, clock = shape.written
    number = 1.0 if shape.unit is not None else 0.0
    words = f["letters"] * (1.0 if shape.length <= 40 else 0.3)
    name = f["letters"] * (1.0 if shape.length <= 6 else 0.3) * (1 - f["email"])
    return {
        "time": max(full, number), "date": day, "time_of_day": clock, "zone": f["zone"],
        "said": words * (1 - f["audio"]) * (1 - f["url"]) * (1 - min(1.0, 2 * max(0.0, f["caps"] - 0.2))) * (1 - full),
        "answered": f["letters"] * (1 - f["audio"]) * (1 - f["url"]) * (1 - f["caps"]) * (1 - full),
        "device": name * (1 - f["utterance"]), "device_serial": max(f["serial"], 0.8 * f["id"], 0.7 * f["single"] * (1 - f["words"])),
        "device_type": name, "room": name, "person": name * (1 - f["number"]), "speaker": max(name, 0.6 * f["id"]),
        "place": name, "coordinates": max(f["coordinates"], f["degrees"]), "email": f["email"],
        "phone": max(f["phone"], 0.7 * f["number"]), "address": max(f["letters"], 0.9 * f["number"]) * (1 - f["email"]),
        "file": max(f["audio"], 0.6 * f["single"]), "id": max(f["id"], f["utterance"], 0.8 * f["single"]),
        "customer": f["single"] * (1 - f["audio"]), "service": name, "skill": name, "status": f["letters"] if shape.length <= 8 else 0.0,
        "setting": f["letters"], "value": 1.0, "checksum": f["checksum"], "secret": 1.0 - f["truth"], "text": f["letters"],
    }  # fmt: skip


def _likely(shape: Shape) -> dict[str, float]:
    """Per meaning, how much the values alone speak for it."""
    f = shape.forms
    full, day, clock = shape.written
    spoken = shape.spoken
    if f["device"] > 0.5 and shape.few:  # "Echo Show" begins with a wake word
        spoken *= 0.3
    return {
        "time": max(full, 0.5 if shape.unit in ("s", "ms", "us", "ns") else 0.3 if shape.unit in ("webkit", "filetime") else 0.0),
        "date": day, "time_of_day": 0.9 * clock, "zone": f["zone"] * 0.9, "said": spoken, "answered": 0.8 * shape.answered,
        "device": 0.8 * f["device"] if shape.few else 0.3 * f["device"], "device_serial": 0.5 * f["serial"],
        "device_type": 0.9 * f["device_type"], "room": 0.8 * f["room"], "person": 0.45 * f["person"],
        "speaker": 0.3 * f["person"] if shape.few else 0.0, "coordinates": f["coordinates"], "email": f["email"],
        "phone": 0.6 * f["phone"], "address": 0.8 * f["address"], "file": f["audio"], "id": 0.75 * max(f["id"], f["utterance"]),
        "checksum": 0.9 * f["checksum"], "status": max(0.7 * f["status"], 0.6 * f["caps"]) if shape.few else 0.0,
        "setting": 0.4 * f["setting"], "text": 0.25,
    }  # fmt: skip
