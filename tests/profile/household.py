"""A household in tables, written by hand: what the rooms upstream would have found."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from forensics.case.case import Case
from forensics.knowledge.place_search import candidates

GROUP = "devices-1"
BERLIN_SUMMER = 120


class Household:
    """Collects utterances and writes them as a case's tables.

    Parameters
    ----------
    group, role : str
    shape : {'sound', 'vendor', 'text'}
        Recordings that we transcribed, recordings with the vendor's words, or words without sound: loose
        lines and rows of a history.
    """

    def __init__(self, group: str = GROUP, role: str = "devices", shape: str = "sound") -> None:
        self.group, self.role, self.shape = group, role, shape
        self.utterances: list[dict[str, Any]] = []
        self.transcripts: list[dict[str, Any]] = []
        self.mentions: list[dict[str, Any]] = []
        self.intents: list[dict[str, Any]] = []
        self.devices: dict[str, dict[str, Any]] = {}
        self.second_hearing: list[dict[str, Any]] = []
        self.passages: list[dict[str, Any]] = []

    def says(
        self,
        text: str,
        *entities: tuple[Any, ...],
        domain: str = "general",
        at: str | None = "2018-05-07T07:30",
        language: str = "de",
        accidental: float | None = None,
        device: str | None = None,
        source: str | None = None,
        confidence: float | None = 0.9,
        speaker: str | None = None,
    ) -> str:
        """One utterance; `entities` are (label, surface) or (label, surface, normalised, alternatives)."""
        number = len(self.utterances)
        name = f"utt-{self.group}-{number:04d}"
        start = datetime.fromisoformat(at).replace(tzinfo=UTC) if at else None
        ours, recorded = self.shape == "sound", self.shape in ("sound", "vendor")
        recording = f"rec-{self.group}-{number:04d}" if recorded else None
        self.utterances.append(
            {"utterance_id": name, "recording_id": recording, "started_at": start,
             "started_at_basis": "export" if start else "unknown", "utc_offset_min": 0,
             "device_id": self.device(device), "vendor_text": None if ours else text, "vendor_status": None,
             "speaker_label": speaker, "occurrences": 1, "data_subject_group": self.group}
        )  # fmt: skip
        if ours:
            self.transcripts.append(
                {"transcript_id": f"t-{name}", "recording_id": recording, "engine": "faster-whisper",
                 "text": text, "language": language, "words": [], "alternatives": [], "flags": [],
                 "data_subject_group": self.group}
            )  # fmt: skip
        self.intents.append(
            {"utterance_id": name, "recording_id": recording, "domain": domain, "intent": f"{domain}_x",
             "slots": [], "score": 0.9, "accidental_score": accidental, "data_subject_group": self.group}
        )  # fmt: skip
        for entity in entities:
            self.mention(name, *entity, text=text, source=source or ("audio" if ours else "vendor"),
                         confidence=confidence)  # fmt: skip
        return name

    def device(self, name: str | None, kind: str | None = None, owner: str = "unknown") -> str | None:
        """The id of a device of that name."""
        if name is None:
            return None
        device_id = f"dev-{self.group}-{name}"
        self.devices[device_id] = {
            "device_id": device_id, "name": name, "device_type": kind, "serial": None, "room": None,
            "owner": owner, "n_recordings": 0, "data_subject_group": self.group,
        }  # fmt: skip
        return device_id

    def mention(
        self,
        utterance: str | None,
        label: str,
        surface: str,
        normalised: str | None = None,
        alternatives: dict[str, float] | None = None,
        *,
        text: str = "",
        source: str = "audio",
        confidence: float | None = 0.9,
        member: str | None = None,
        special: str | None = None,
        field: str | None = None,
        meaning: str | None = None,
        kind: str | None = None,
    ) -> None:
        """One mention, in an utterance or in a file."""
        start = max(text.find(surface), 0)
        value = normalised or surface
        found = candidates(value, language="de") if label == "PLACE" else []
        places = [c for c in found if c.how == "name"]
        clock = re.fullmatch(r"(\d\d):(\d\d)", value) if label == "TIME" else None
        self.mentions.append(
            {"mention_id": f"m-{self.group}-{len(self.mentions):05d}", "source_kind": source,
             "utterance_id": utterance, "recording_id": None, "member_id": member, "field": field,
             "meaning": meaning, "start": start, "end": start + len(surface), "label": label,
             "surface": surface, "normalised": value, "asr_confidence": confidence, "ner_confidence": 0.95,
             "alternatives": [{"value": v, "probability": p} for v, p in (alternatives or {}).items()],
             "places": [{"place_id": c.place.geonameid, "probability": c.probability} for c in places],
             "entity": "name", "kind": kind,
             "clock_min": int(clock[1]) * 60 + int(clock[2]) if clock else None,
             "found_by": "test", "reason": "test", "special_category": special,
             "data_subject_group": self.group}
        )  # fmt: skip

    def states(
        self,
        text: str,
        field: str,
        meaning: str,
        *,
        person: str | None = None,
        place: str | None = None,
        line: int = 1,
        member: str = "mem-account",
    ) -> None:
        """One cell of the account's own data, with the mentions that the language room finds in it."""
        from forensics.language.account import find_in_account

        passage = f"pas-{self.group}-{len(self.passages):04d}"
        self.passages.append(
            {"passage_id": passage, "member_id": member, "page": None, "line": line, "field": field,
             "meaning": meaning, "role": "account", "text": text, "started_at": None,
             "started_at_basis": "unknown", "utc_offset_min": None, "device_id": None, "vendor_status": None,
             "speaker_label": None, "person_role": person, "place_role": place,
             "data_subject_group": self.group}
        )  # fmt: skip
        for found in find_in_account(text, field, meaning):
            start, end = found.mention.start, found.mention.end
            self.mention(None, found.mention.label, text[start:end], found.normalised, source="account",
                         confidence=None, member=member, field=field, meaning=meaning)  # fmt: skip
            self.mentions[-1] |= {
                "passage_id": passage, "row": line, "start": start, "end": end, "kind": found.kind,
                "alternatives": [{"value": v, "probability": p} for v, p in found.alternatives],
                "places": [{"place_id": n, "probability": p} for n, p in found.places],
                "ner_confidence": found.mention.score,
            }  # fmt: skip

    def write(self, folder: Path) -> Case:
        """The tables upstream of the profile, in a new case."""
        case = Case.create(folder)
        write_households(case, [self])
        return case

    def tables(self) -> dict[str, list[dict[str, Any]]]:
        """The rows that the profile reads."""
        return {
            "utterances": self.utterances, "transcripts": self.transcripts, "mentions": self.mentions,
            "intents": self.intents, "second_hearing": self.second_hearing,
            "devices": list(self.devices.values()), "passages": self.passages,
        }  # fmt: skip


def write_households(case: Case, households: list[Household]) -> None:
    """Write the tables of several data subjects."""
    for name in households[0].tables():
        case.write_table(name, [row for h in households for row in h.tables()[name]])
    case.write_table("voices", [])
    case.write_table("reader", [])
    case.write_table(
        "groups",
        [
            {"data_subject_group": h.group, "role": h.role, "n_members": len(h.utterances),
             "n_recordings": len(h.utterances), "evidence": [], "first_at": None, "last_at": None}
            for h in households
        ],
    )  # fmt: skip


def run_stages(case: Case, *names: str) -> None:
    """Run stages on tables that are there, without the rooms before them."""
    import importlib

    from forensics.corridor.pipeline import STAGES
    from forensics.corridor.progress import Silent
    from forensics.corridor.workbench import Workbench

    for stage in STAGES:
        if stage.name in names:
            bench = Workbench(case, stage, {}, Silent())
            importlib.import_module(stage.module).run(bench)
            bench.compact()
            bench.close()


def ct_household(shape: str = "sound") -> Household:
    """A household like the one in c't 2018, with a few weeks of commands."""
    home = Household(shape=shape)
    for day in (7, 8, 9, 11):
        home.says(
            "Wie wird das Wetter in Oldenburg",
            ("PLACE", "Oldenburg"),
            domain="weather",
            at=f"2018-05-{day:02d}T07:10",
        )
        home.says(
            "Stell den Wecker auf 6:30 Uhr",
            ("TIME", "6:30 Uhr", "06:30"),
            domain="alarm",
            at=f"2018-05-{day:02d}T22:10",
        )
    home.says(
        "Wie ist das Wetter auf Mallorca im Urlaub",
        ("PLACE", "Mallorca"),
        domain="weather",
        at="2018-05-12T12:00",
    )
    home.says(
        "Spiel Rammstein auf Spotify",
        ("MEDIA", "Rammstein"),
        ("SERVICE", "Spotify"),
        domain="music",
        at="2018-05-08T19:00",
    )
    home.says(
        "Spiel Musik von Helene Fischer", ("PERSON", "Helene Fischer"), domain="music", at="2018-05-08T19:05"
    )
    home.says(
        "Ruf Sabine Oltmanns an", ("PERSON", "Sabine Oltmanns"), domain="communication", at="2018-05-09T18:00"
    )
    home.says(
        "Schreib meiner Frau Katrin ich komme später",
        ("PERSON", "Katrin"),
        ("RELATION", "Frau", "wife"),
        domain="communication",
        at="2018-05-09T17:00",
    )
    home.says(
        "Martin kommst du mal bitte das Essen ist fertig",
        ("PERSON", "Martin"),
        accidental=0.8,
        at="2018-05-10T18:30",
    )
    home.says("Ich bin Martin merk dir meine Stimme", ("PERSON", "Martin"), at="2018-05-10T19:30")
    home.says(
        "Mach die Heizung im Badezimmer auf 22 Grad",
        ("DEVICE", "Heizung", "thermostat"),
        domain="smarthome",
        at="2018-05-11T06:40",
    )
    home.says(
        "Wann fährt der Bus nach Bremen", ("PLACE", "Bremen"), domain="transport", at="2018-05-11T07:00"
    )
    return home
