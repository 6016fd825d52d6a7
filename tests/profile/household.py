"""A household in tables, written by hand: what the rooms upstream would have found."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from forensics.case.case import Case

GROUP = "devices-1"
BERLIN_SUMMER = 120


class Household:
    """Collects utterances and writes them as a case's tables.

    Parameters
    ----------
    group, role : str
    """

    def __init__(self, group: str = GROUP, role: str = "devices") -> None:
        self.group, self.role = group, role
        self.recordings: list[dict[str, Any]] = []
        self.transcripts: list[dict[str, Any]] = []
        self.mentions: list[dict[str, Any]] = []
        self.intents: list[dict[str, Any]] = []

    def says(
        self,
        text: str,
        *entities: tuple[Any, ...],
        domain: str = "general",
        at: str = "2018-05-07T07:30",
        language: str = "de",
        accidental: float | None = None,
        device: str | None = None,
        source: str = "audio",
        confidence: float = 0.9,
    ) -> str:
        """One recording; `entities` are (label, surface) or (label, surface, normalised, alternatives)."""
        name = f"rec-{self.group}-{len(self.recordings):04d}"
        start = datetime.fromisoformat(at).replace(tzinfo=UTC)
        self.recordings.append(
            {"recording_id": name, "sha256": name, "started_at": start, "started_at_basis": "export",
             "utc_offset_min": 0, "device": device, "vendor_text": None, "occurrences": 1,
             "data_subject_group": self.group}
        )  # fmt: skip
        self.transcripts.append(
            {"transcript_id": f"t-{name}", "recording_id": name, "engine": "faster-whisper", "text": text,
             "language": language, "words": [], "alternatives": [], "flags": [],
             "data_subject_group": self.group}
        )  # fmt: skip
        self.intents.append(
            {"recording_id": name, "domain": domain, "intent": f"{domain}_x", "slots": [], "score": 0.9,
             "accidental_score": accidental, "data_subject_group": self.group}
        )  # fmt: skip
        for entity in entities:
            self.mention(name, *entity, text=text, source=source, confidence=confidence)
        return name

    def mention(
        self,
        recording: str | None,
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
    ) -> None:
        """One mention, in a recording or in a file."""
        start = max(text.find(surface), 0)
        self.mentions.append(
            {"mention_id": f"m-{self.group}-{len(self.mentions):05d}", "source_kind": source,
             "recording_id": recording,
             "member_id": member, "start": start, "end": start + len(surface), "label": label,
             "surface": surface,
             "normalised": normalised or surface, "asr_confidence": confidence, "ner_confidence": 0.95,
             "alternatives": [{"value": v, "probability": p} for v, p in (alternatives or {}).items()],
             "found_by": "test", "reason": "test", "special_category": special,
             "data_subject_group": self.group}
        )  # fmt: skip

    def write(self, folder: Path) -> Case:
        """The tables upstream of the profile, in a new case."""
        case = Case.create(folder)
        write_households(case, [self])
        return case


def write_households(case: Case, households: list[Household]) -> None:
    """Write the tables of several data subjects."""
    case.write_table("recordings", [r for h in households for r in h.recordings])
    case.write_table("transcripts", [r for h in households for r in h.transcripts])
    case.write_table("mentions", [r for h in households for r in h.mentions])
    case.write_table("intents", [r for h in households for r in h.intents])
    case.write_table("audio", [])
    case.write_table("matches", [])
    case.write_table("second_hearing", [])
    case.write_table(
        "groups",
        [
            {"data_subject_group": h.group, "role": h.role, "n_members": len(h.recordings),
             "n_recordings": len(h.recordings), "evidence": [],
             "first_at": min((r["started_at"] for r in h.recordings), default=None),
             "last_at": max((r["started_at"] for r in h.recordings), default=None)}
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


def ct_household() -> Household:
    """A household like the one in c't 2018, with a few weeks of commands."""
    home = Household()
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
