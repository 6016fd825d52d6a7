"""Columns by meaning: what the header says, what the values look like, and how the columns fit each other.

Each meaning has a score per column, from 0 to 1: half from the header, half from the values. Weights and bounds
are an assumption, tried on known exports with their columns shuffled, renamed and translated.
"""

# ruff: noqa: E501 (tables of scores are easier to read whole)

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from forensics.intake.meaning.grids import Grid, parts_of
from forensics.intake.meaning.shapes import Shape
from forensics.knowledge.headers import header_words, meanings_of

_ENOUGH = 0.35
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
_KINDS_SAID = re.compile(
    r"customer|user|human|transcript|asr|said|command|heard|question|request|utterance|spoken|nutzer|benutzer|kunde|befehl|"
    r"gesagt|frage|anfrage|eingabe|utilisateur|usuario|utente|input|wake|you\b|sie\b",
    re.IGNORECASE,
)
_KINDS_ANSWERED = re.compile(
    r"response|answer|reply|tts|assistant|alexa|bot\b|system|device|antwort|ausgabe|output|réponse|respuesta|risposta|google|siri",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Column:
    """What a column was read as.

    Parameters
    ----------
    name : str
    meaning : str
        One of :data:`forensics.case.schemas.MEANINGS`.
    by : str
        One of :data:`forensics.case.schemas.RECOGNISED_BY`.
    score : float
        From 0 to 1.
    """

    name: str
    meaning: str
    by: str
    score: float


@dataclass
class Recognised:
    """What a table holds.

    Parameters
    ----------
    columns : dict
        By header.
    history : bool
        Its rows are things said to a device.
    part : dict
        For a history: which column gives ``said``, ``answered``, ``time``, ``date``, ``time_of_day``, ``zone``,
        ``file``, ``device``, ``device_serial``, ``device_type``, ``speaker``, ``status``, ``kind``, ``id``, ``customer``.
    ties : list of (str, str, str)
        Meaning and two columns that fit it alike: neither was taken.
    kinds : dict
        Values of the column ``kind`` to ``said`` or ``answered``.
    topic : str or None
        What the table lists, if its rows are things of one sort: ``device``, ``person`` …
    """

    columns: dict[str, Column] = field(default_factory=dict)
    history: bool = False
    part: dict[str, str] = field(default_factory=dict)
    ties: list[tuple[str, str, str]] = field(default_factory=list)
    kinds: dict[str, str] = field(default_factory=dict)
    topic: str | None = None


def recognise(
    grid: Grid,
    names: Collection[str] = frozenset(),
    *,
    hints: Mapping[str, str] | None = None,
    file: str = "",
) -> Recognised:
    """What the columns of a table hold, and whether its rows are things said.

    Parameters
    ----------
    grid : Grid
    names : collection of str
        Names of the bundle's recordings, in one spelling, with and without suffix.
    hints : mapping, optional
        From headers in lower case to meanings, which a known layout is sure of.
    file : str
        The file's name, which may say what it lists.
    """
    shapes = {name: Shape.of(_values(grid, name), names) for name in grid.header}
    found = Recognised(topic=_topic(grid, file) or _topic_by_company(grid, shapes))
    scores = {name: _scores(name, shape, found.topic) for name, shape in shapes.items()}
    for name, given in scores.items():
        hint = (hints or {}).get(name.lower()) or (hints or {}).get(name.lower().rpartition(".")[2])
        found.columns[name] = Column(name, hint, "layout", 1.0) if hint else _best(name, shapes[name], given)
    _settle(grid, shapes, scores, found)
    return found


def _values(grid: Grid, name: str) -> list[str]:
    return [part for cell in grid.column(name) for part in parts_of(cell)[:1]]


def _best(name: str, shape: Shape, given: Mapping[str, tuple[float, float, float]]) -> Column:
    """The meaning with the highest score; on a tie the one named first in the order of the scores."""
    if not shape.values:
        told = max(((h, m) for m, (_, h, _) in given.items()), default=(0.0, ""))
        return (
            Column(name, told[1], "header", 0.0) if told[0] >= 0.9 else Column(name, "unknown", "none", 0.0)
        )
    meaning, (score, header, value) = max(
        given.items(), key=lambda item: item[1][0], default=("", (0.0, 0.0, 0.0))
    )
    if score < _ENOUGH:
        return Column(name, "unknown", "none", round(score, 3))
    by = "fit" if header > 0 and value >= 0.3 else "header" if header > 0 else "values"
    return Column(name, meaning, by, round(min(score, 1.0), 3))


def _scores(name: str, shape: Shape, topic: str | None) -> dict[str, tuple[float, float, float]]:
    """Per meaning: score, what the header gives, what the values give."""
    header = _header(name, topic)
    possible, likely = _possible(shape), _likely(shape)
    scores = {}
    for meaning in possible:
        h, v = header.get(meaning, 0.0), likely.get(meaning, 0.0)
        fits = possible[meaning]
        score = fits * (0.55 * h + 0.45 * v if h > 0 else 0.75 * v)
        scores[meaning] = (score, h, v)
    return scores


def _header(name: str, topic: str | None) -> dict[str, float]:
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


def _topic(grid: Grid, file: str) -> str | None:
    """What a table lists: by its path or sheet, or by its file's name."""
    for text in (
        *reversed(re.split(r"\.|\[\]|\{\}", grid.name)),
        re.sub(r"\.[a-z]{2,5}$", "", file, flags=re.IGNORECASE),
    ):
        if text.strip() and (topic := _topic_of(text)) is not None:
            return topic
    return None


def _topic_by_company(grid: Grid, shapes: Mapping[str, Shape]) -> str | None:
    """A list of devices or of people, told by what stands beside the names."""
    headers = {
        m
        for name in grid.header
        if name not in grid.inherited
        for m, s in meanings_of(_last(name)).items()
        if s >= 0.9
    }
    if "device_serial" in headers and not {"said", "answered"} & headers:
        return "device"
    mails = any(shape.forms["email"] > 0.5 for name, shape in shapes.items() if name not in grid.inherited)
    return (
        "person" if (mails or {"email", "phone"} & headers) and not {"said", "answered"} & headers else None
    )


def _last(name: str) -> str:
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


def _settle(
    grid: Grid,
    shapes: Mapping[str, Shape],
    scores: Mapping[str, Mapping[str, tuple[float, float, float]]],
    found: Recognised,
) -> None:
    """Fit the columns to each other: one column says what was said, one when, and a history is told from other tables."""
    _unreadable_times(shapes, scores, found)
    own = [name for name in grid.header if name not in grid.inherited]
    _name_and_value(own, shapes, found)
    _kinds(own, shapes, found)
    said = _rank("said", own, shapes, scores, found)
    if (
        len(said) > 1
        and said[0][0] - said[1][0] < 0.12
        and said[0][2] == said[1][2] > 0
        and not _alike(grid, said[0][1], said[1][1])
    ):
        found.ties.append(("said", said[0][1], said[1][1]))
        for _, name, _ in said[:2]:
            found.columns[name] = Column(name, "text", "none", found.columns[name].score)
        said = said[2:]
    for _, name, _ in said[1:]:
        found.columns[name] = Column(name, "text", found.columns[name].by, found.columns[name].score)
    part = found.part
    if said:
        part["said"] = said[0][1]
    elif "kind" in part and (texts := [n for n in own if found.columns[n].meaning in ("text", "answered")]):
        part["said"] = texts[0]
        found.columns[texts[0]] = Column(texts[0], "said", "fit", found.columns[texts[0]].score)
    order = {name: number for number, name in enumerate(grid.header)}
    named = [
        n
        for n in own
        if found.columns[n].meaning == "person" and {"name", "person"} & set(meanings_of(_last(n)))
    ]
    if (
        found.topic == "device"
        and "device" not in {c.meaning for c in found.columns.values()}
        and len(named) == 1
    ) and (
        shapes[named[0]].forms["person"] < 0.5
    ):  # an "account name" of a registered device is the device's name
        found.columns[named[0]] = Column(named[0], "device", "fit", found.columns[named[0]].score)
    for meaning in ("time", "date", "time_of_day", "zone", "answered", "file", "device", "device_serial", "device_type",
                    "speaker", "status", "customer", "room"):  # fmt: skip
        fits = [n for n in grid.header if found.columns[n].meaning == meaning and n != part.get("kind")]
        if fits:
            part[meaning] = min(
                fits, key=lambda n: (n in grid.inherited, -round(found.columns[n].score, 1), order[n])
            )
    if "status" in part and not shapes[part["status"]].forms["status"]:
        statuses = [
            n for n in grid.header if found.columns[n].meaning == "status" and shapes[n].forms["status"] > 0
        ]
        part.pop("status")
        if statuses:
            part["status"] = min(statuses, key=lambda n: (n in grid.inherited, order[n]))
    ids = [n for n in grid.header if shapes[n].forms["utterance"] > 0.5]
    ids = ids or [n for n in grid.header if found.columns[n].meaning == "id"]
    if ids:
        part["id"] = ids[0]
    if "said" in part and "kind" in part and not found.kinds:
        del part["kind"]
    tried = None if "said" in part or found.ties else _promote(own, shapes, scores, found)
    found.history = _is_history(grid, shapes, scores, found)
    if not found.history:
        found.kinds = {}
        if tried is not None:
            found.columns[tried.name] = tried
            del part["said"]


def _promote(
    own: list[str],
    shapes: Mapping[str, Shape],
    scores: Mapping[str, Mapping[str, tuple[float, float, float]]],
    found: Recognised,
) -> Column | None:
    """Try the text that reads most like speech as what was said; gives the column as it was."""
    texts = [
        (scores[name]["said"][0] if "said" in scores[name] else 0.0, name)
        for name in own
        if found.columns[name].meaning in ("text", "unknown", "value")
        and found.columns[name].by != "layout"
        and shapes[name].spoken >= 0.3
    ]
    if not texts:
        return None
    score, name = max(texts, key=lambda found_: (found_[0], -own.index(found_[1])))
    before = found.columns[name]
    found.columns[name] = Column(name, "said", "fit", round(min(1.0, score), 3))
    found.part["said"] = name
    return before


def _rank(
    meaning: str,
    own: list[str],
    shapes: Mapping[str, Shape],
    scores: Mapping[str, Mapping[str, tuple[float, float, float]]],
    found: Recognised,
) -> list[tuple[float, str, float]]:
    ranked = []
    for name in own:
        column = found.columns[name]
        if column.meaning == meaning:
            score, header, _ = (
                scores[name].get(meaning, (1.0, 1.0, 1.0)) if column.by != "layout" else (2.0, 2.0, 2.0)
            )
            ranked.append((round(score, 3), name, round(header, 2)))
    return sorted(ranked, key=lambda r: (-r[0], own.index(r[1])))


def _alike(grid: Grid, one: str, two: str) -> bool:
    """Whether two columns say the same, or one stands in for the other: raw and corrected text."""
    both = [(row[one], row[two]) for _, row in grid.rows[:200] if one in row and two in row]
    if len(both) < 0.2 * len(grid.rows[:200]):
        return True
    same = sum(a.casefold().strip(" .!?") == b.casefold().strip(" .!?") for a, b in both)
    return same >= 0.5 * len(both)


def _unreadable_times(
    shapes: Mapping[str, Shape],
    scores: Mapping[str, Mapping[str, tuple[float, float, float]]],
    found: Recognised,
) -> None:
    """A column whose header says that it holds times, with figures that cannot be read, is still one of times."""
    for name, column in found.columns.items():
        header = _header(name, None)
        shape = shapes[name]
        if not shape.values or column.by == "layout":
            continue
        figures = shape.share(re.compile(r".*\d.*", re.DOTALL))
        if (
            header.get("time", 0) >= 0.7
            and figures > 0.8
            and column.meaning not in ("time", "date", "time_of_day")
        ):
            if shape.forms["audio"] > 0.5 or shape.spoken > 0.6:
                continue
            found.columns[name] = Column(name, "time", "header", round(0.5 * header["time"], 3))
        elif (
            column.meaning == "date"
            and header.get("time", 0) > 0
            and not any(
                c.meaning in ("time", "time_of_day") for c in found.columns.values() if c.name != name
            )
        ):
            found.columns[name] = Column(name, "date", column.by, column.score)


def _name_and_value(own: list[str], shapes: Mapping[str, Shape], found: Recognised) -> None:
    """Two columns of which one names what the other holds: a table of settings."""
    values = [n for n in own if meanings_of(re.split(r"\.|\[\]", n)[-1]).get("value", 0) >= 0.7]
    if not values:
        return
    keys = [
        n for n in own
        if n not in values and (found.columns[n].meaning == "setting" or shapes[n].forms["setting"] >= 0.5
        or {"name", "setting", "id"} & set(meanings_of(re.split(r"\.|\[\]", n)[-1]))) and found.columns[n].by != "layout"
    ]  # fmt: skip
    if keys:
        key = max(keys, key=lambda n: shapes[n].forms["setting"])
        found.columns[key] = Column(key, "setting", "fit", max(found.columns[key].score, 0.7))
        value = values[0]
        found.columns[value] = Column(value, "value", "fit", max(found.columns[value].score, 0.7))


def _kinds(own: list[str], shapes: Mapping[str, Shape], found: Recognised) -> None:
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


def _is_history(
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
