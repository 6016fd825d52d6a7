"""Sentences from templates, for what the corpora lack: calls, messages, playlists, talk between people.

Written for this purpose; artists, songs and films are those of the English SNIPS sentences (CC0), because
they keep their names in German. Names and places come from name lists.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from importlib.resources import files
from typing import Any

from forensics.knowledge.lexicon import read_forms

Sentence = dict[str, Any]

_SLOT = re.compile(r"\{(\w+)\}")
_VARIANTS = {"en": 10, "de": 14}
_UNLABELLED = ["OTHER", "ORG", "FOOD", "TIME", "DATE", "EVENT"]
_LABELS = {
    "MEDIA": "artist track album playlist object_name movie_name entity_name",
    "PLACE": "city country state ort region wohin place island mountains restaurant_place kino",
    "PERSON": "person person_voll person_full",
    "RELATION": "beziehung relation",
    "DEVICE": "geraet zimmer_geraet device",
    "TIME": "zeit time clock",
    "SERVICE": "service",
    "ORG": "restaurant_name cinema",
    "FOOD": "cuisine",
    "OTHER": "todo raum room thing sache lebensmittel food",
}
_LABEL_OF = {slot: label for label, slots in _LABELS.items() for slot in slots.split()}


def template_sentences(language: str, english: list[Sentence], seed: int = 3) -> list[Sentence]:
    """Sentences from the patterns of ``templates_<language>.txt``.

    The file has lines ``# domain intent`` and, below them, patterns with ``{slot}``.

    Parameters
    ----------
    language : {'en', 'de'}
    english : list of dict
        The English training sentences, for fillers.
    seed : int
    """
    generator = random.Random(seed)
    fillers = _fillers(language, english, generator)
    made = []
    domain = intent = ""
    lines = (files("fitting.language") / f"templates_{language}.txt").read_text("utf-8").splitlines()
    for line in lines:
        if line.startswith("# "):
            domain, intent = line[2:].split()
        elif line.strip():
            count = _VARIANTS[language] if "{" in line else 3
            made += [_fill(line.strip(), domain, intent, fillers, generator) for _ in range(count)]
    return [
        {**sentence, "id": f"template-{language}-{n}", "lang": language} for n, sentence in enumerate(made)
    ]


def _fill(
    pattern: str, domain: str, intent: str, fillers: dict[str, list[str]], generator: random.Random
) -> Sentence:
    text, entities, position = "", [], 0
    for match in _SLOT.finditer(pattern):
        text += pattern[position : match.start()]
        slot = match.group(1)
        filler = generator.choice(fillers[slot])
        end = len(text) + len(filler)
        entities.append(
            {"start": len(text), "end": end, "label": _LABEL_OF[slot], "slot": f"template_{slot}"}
        )
        text += filler
        position = match.end()
    return {
        "source": "template",
        "text": text + pattern[position:],
        "intent": intent,
        "domain": domain,
        "entities": entities,
        "unlabelled": _UNLABELLED,
    }


def _fillers(language: str, english: list[Sentence], generator: random.Random) -> dict[str, list[str]]:
    from fitting.language.fillers import NameLists

    found: dict[str, list[str]] = defaultdict(list)
    for sentence in english:
        if sentence["source"] == "snips":
            for entity in sentence["entities"]:
                found[entity["slot"]].append(sentence["text"][entity["start"] : entity["end"]])
    for line in (files("fitting.language") / f"fillers_{language}.txt").read_text("utf-8").splitlines():
        slot, values = line.split(":", 1)
        found[slot] = values.strip().split(";")
    found["cinema"] = found["location_name"]
    found["kino"] += [name for name in found["location_name"] if name not in found["kino"]]
    names = NameLists(language, generator)
    found["person"] = [names.first_name() for _ in range(1200)]
    found["person_voll"] = found["person_full"] = [names.full_name() for _ in range(1200)]
    found["ort"] = found["place"] = [names.place() for _ in range(1500)]
    for slot, other, table in (
        ("beziehung", "relation", "relations"),
        ("geraet", "device", "devices"),
        ("raum", "room", "rooms"),
    ):
        found[slot] = found[other] = [row["form"] for row in read_forms(table) if row["language"] == language]
    found["zimmer_geraet"] = [
        r.replace(" ", "") + d for r in found["raum"] for d in found.get("compound", [])
    ]
    return found
