"""German sentences for commands that the German corpus lacks: playlists, film times, book ratings, tables.

Written for this purpose; their fillers are those of the English SNIPS sentences (CC0), because artists,
songs and films keep their names. Each group names the domain, the intent and the patterns.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from importlib.resources import files
from typing import Any

Sentence = dict[str, Any]
_SLOT = re.compile(r"\{(\w+)\}")
_PER_PATTERN = 14


def german_sentences(english: list[Sentence], seed: int = 3) -> list[Sentence]:
    """Sentences from the patterns of ``templates_de.txt``, with fillers of English sentences.

    The file has lines ``# domain intent`` and, below, patterns with ``{slot}`` or ``{slot=LABEL}``.
    """
    generator = random.Random(seed)  # noqa: S311
    fillers: dict[str, list[str]] = defaultdict(list)
    for sentence in english:
        if sentence["source"] == "snips":
            for entity in sentence["entities"]:
                fillers[entity["slot"]].append(sentence["text"][entity["start"] : entity["end"]])
    for slot, values in _own_fillers().items():
        fillers[slot] = values
    made = []
    domain = intent = ""
    for line in (files("forensics.language.training") / "templates_de.txt").read_text("utf-8").splitlines():
        if line.startswith("# "):
            domain, intent = line[2:].split()
        elif line.strip():
            made += [_fill(line.strip(), domain, intent, fillers, generator) for _ in range(_PER_PATTERN)]
    return [{**sentence, "id": f"template-de-{number}"} for number, sentence in enumerate(made)]


def _fill(
    pattern: str, domain: str, intent: str, fillers: dict[str, list[str]], generator: random.Random
) -> Sentence:
    text, entities, position = "", [], 0
    for match in _SLOT.finditer(pattern):
        text += pattern[position : match.start()]
        slot = match.group(1)
        filler = generator.choice(fillers[slot])
        entities.append(
            {"start": len(text), "end": len(text) + len(filler), "label": _LABELS[slot], "slot": slot}
        )
        text += filler
        position = match.end()
    return {
        "source": "template", "lang": "de", "text": text + pattern[position:], "intent": intent,
        "domain": domain,
        "entities": entities, "unlabelled": ["OTHER", "ORG", "FOOD", "TIME", "DATE"],
    }  # fmt: skip


_LABELS = {
    "artist": "MEDIA", "track": "MEDIA", "album": "MEDIA", "playlist": "MEDIA", "object_name": "MEDIA",
    "movie_name": "MEDIA",
    "entity_name": "MEDIA", "service": "SERVICE", "city": "PLACE", "country": "PLACE", "state": "PLACE",
    "zeit": "TIME",
    "restaurant_name": "ORG", "cuisine": "FOOD", "kino": "ORG", "ort": "PLACE", "person": "PERSON",
    "person_voll": "PERSON",
    "beziehung": "RELATION", "todo": "OTHER", "region": "PLACE", "geraet": "DEVICE", "raum": "OTHER",
    "zimmer_geraet": "DEVICE", "wohin": "PLACE",
}  # fmt: skip


def _own_fillers() -> dict[str, list[str]]:
    from forensics.language.lexicon import read_forms
    from forensics.language.training.fillers import NameLists

    names = NameLists("de", random.Random(5))  # noqa: S311
    zeit = [
        "heute",
        "morgen",
        "übermorgen",
        "heute abend",
        "morgen früh",
        "am montag",
        "am dienstag",
        "am samstag",
        "nächste woche",
        "um 7 uhr",
        "um halb acht",
        "um 18 uhr",
        "am freitag um 15 uhr",
        "in einer stunde",
        "in zwei stunden",
        "jeden tag um 6 uhr",
        "am 3. mai",
        "dieses wochenende",
        "nächsten mittwoch",
        "heute nacht",
        "um acht uhr abends",
        "morgen mittag",
        "werktags um sechs",
        "am wochenende",
        "in zehn minuten",
        "in 2 wochen",
        "im dezember",
    ]
    regions = [
        "harz",
        "allgäu",
        "schwarzwald",
        "bayerischen wald",
        "erzgebirge",
        "sauerland",
        "eifel",
        "taunus",
        "odenwald",
        "spreewald",
        "ruhrgebiet",
        "münsterland",
        "ostfriesland",
        "rheinland",
        "thüringer wald",
        "emsland",
        "hunsrück",
        "spessart",
        "westerwald",
        "saarland",
        "tessin",
        "engadin",
        "burgenland",
        "salzkammergut",
        "zillertal",
    ]
    where = [
        "der ostsee",
        "der nordsee",
        "sylt",
        "rügen",
        "usedom",
        "mallorca",
        "teneriffa",
        "kreta",
        "der zugspitze",
        "dem brocken",
        "dem feldberg",
        "norderney",
        "borkum",
        "fehmarn",
        "gran canaria",
        "dem matterhorn",
        "rhodos",
        "bornholm",
        "helgoland",
        "juist",
        "föhr",
        "amrum",
        "ibiza",
        "sardinien",
        "sizilien",
        "korsika",
    ]
    todo = [
        "die wäsche zu machen",
        "den müll rauszubringen",
        "milch zu kaufen",
        "die rechnung zu bezahlen",
        "blumen zu giessen",
        "das auto zu waschen",
        "den arzt anzurufen",
        "die medikamente zu nehmen",
        "zum sport zu gehen",
        "die kinder abzuholen",
        "den kuchen aus dem ofen zu holen",
    ]
    devices = [row["form"] for row in read_forms("devices") if row["language"] == "de"]
    rooms = [row["form"] for row in read_forms("rooms") if row["language"] == "de"]
    light = (
        "lampe",
        "licht",
        "leuchte",
        "heizung",
        "rollladen",
        "thermostat",
        "fernseher",
        "lautsprecher",
        "steckdose",
        "rollo",
        "jalousie",
        "fenster",
        "tür",
        "ventilator",
    )
    return {
        "zeit": zeit, "region": regions, "wohin": where, "todo": todo, "geraet": devices, "raum": rooms,
        "kino": ["cinemaxx", "cinestar", "uci", "kinopolis", "filmpalast", "astor kino", "odeon kino",
        "kinos in der nähe"],
        "ort": [names.place() for _ in range(1500)],
        "person": [names.first_name() for _ in range(800)],
        "person_voll": [names.full_name() for _ in range(800)],
        "beziehung": [row["form"] for row in read_forms("relations") if row["language"] == "de"],
        "zimmer_geraet": [r.replace(" ", "") + d for r in rooms for d in light],
    }  # fmt: skip
