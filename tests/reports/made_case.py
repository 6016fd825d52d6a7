"""The tables of a small household, written by hand."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

HOUSEHOLD, ACCOUNT = "devices-8c8f57", "account-582c9f"
OLDENBURG, BREMEN, HAMBURG = 2857458, 2944388, 2911298  # GeoNames
START = datetime(2018, 5, 4, 18, 41, tzinfo=UTC)
DEVICES = (
    ("Echo", "G090LF00000001WZ", "Roswitha's Echo"),
    ("Echo Dot", "G090LF00000002SZ", None),
    ("Alexa app", None, None),
)
"""Type, serial number and the name that the household gave."""
SAID = (
    ("weather", "weather_query"),
    ("music", "play_music"),
    ("alarm", "alarm_set"),
    ("smarthome", "turn_on"),
    ("transport", "transport_query"),
    ("communication", "call"),
)
NAMES = ("Quirin", "Roswitha", "Xaver", "Zwickelhuber", "roswitha.z@example.org", "0170 5551234")
"""What must never be seen masked."""
SENTENCE = "remind Roswitha about the insulin"

Rows = dict[str, list[dict[str, Any]]]


def rows(text: str = SENTENCE, *, recordings: int = 24) -> Rows:
    """Tables of a household of four whose recordings say `text`."""
    tables = ("members", "recordings", "utterances", "audio", "transcripts", "intents")
    made: Rows = {name: [] for name in tables}
    ids, said = [], []
    for n in range(recordings):
        sha256 = hashlib.sha256(f"sound {n}".encode()).hexdigest()
        recording, group = f"rec-{n:04d}", {"data_subject_group": HOUSEHOLD}
        at = None if n % 12 == 11 else START + timedelta(hours=7 * n + n % 5)
        domain, intent = SAID[n % len(SAID)]
        ids.append(recording)
        said.append(f"utt-{n:04d}")
        device = f"dev-{n % 3}"
        timed = {"started_at": at, "started_at_basis": "export" if at else "unknown", "utc_offset_min": None}
        made["members"].append(
            {
                "member_id": f"mem-{n:04d}",
                "bundle": "bundle.zip",
                "path": f"audio/{n}.wav",
                "position": n,
                "size": 64000,
                "sha256": sha256,
                "kind": "wav",
                "disposition": "recording",
                "device_id": device,
                **timed,
                **group,
            }
        )
        made["recordings"].append(
            {
                "recording_id": recording,
                "sha256": sha256,
                "device_id": device,
                "vendor_text": text,
                "occurrences": 1,
                **timed,
                **group,
            }
        )
        made["utterances"].append(
            {
                "utterance_id": f"utt-{n:04d}",
                "recording_id": recording,
                "device_id": device,
                "vendor_text": text,
                "member_id": f"mem-{n:04d}",
                "occurrences": 1,
                **timed,
                **group,
            }
        )
        made["audio"].append(
            {
                "recording_id": recording,
                "codec": "pcm_s16le",
                "sample_rate": 16000,
                "channels": 1,
                "duration_s": 3.5,
                "speech_s": 0.0 if n == 7 else 2.5,
                "speech": [{"start_s": 0.5, "end_s": 3.0}],
                "ambience": [],
                "decode_error": "no audio stream" if n == 9 else None,
                **group,
            }
        )
        made["transcripts"].append(
            {
                "transcript_id": f"tra-{n:04d}",
                "recording_id": recording,
                "engine": "faster-whisper",
                "text": text,
                "raw_text": text,
                "language": "en",
                "words": [],
                "alternatives": [],
                "flags": [],
                **group,
            }
        )
        made["intents"].append(
            {
                "utterance_id": f"utt-{n:04d}",
                "recording_id": recording,
                "domain": domain,
                "intent": intent,
                "slots": [{"name": "x", "value": text}],
                "score": 0.9,
                "accidental_score": 0.8 if n % 10 == 3 else 0.05,
                **group,
            }
        )
    made["members"].append(
        {
            "member_id": "mem-9000",
            "bundle": "bundle.zip",
            "path": "orders.csv",
            "position": 9000,
            "size": 1200,
            "sha256": hashlib.sha256(b"orders").hexdigest(),
            "kind": "csv",
            "disposition": "account_data",
            "started_at_basis": "unknown",
            "data_subject_group": ACCOUNT,
        }
    )
    made["findings"] = [
        _finding("fin-1", "path_escape", "finding", "../../etc/passwd", "The path leads out of the bundle."),
        _finding("fin-2", "odd_name", "finding", f"notes {text}.txt", f"Odd name: {text}"),
        _finding("fin-3", "bom", "note", "orders.csv", "A byte order mark."),
    ]
    made["groups"] = [
        {
            "role": "devices",
            "n_members": recordings,
            "n_recordings": recordings,
            "first_at": START,
            "last_at": START + timedelta(days=7),
            "data_subject_group": HOUSEHOLD,
            "evidence": [{"name": "device serial", "value": "G090LF00000001WZ"}],
        },
        {
            "role": "account",
            "n_members": 1,
            "n_recordings": 0,
            "data_subject_group": ACCOUNT,
            "evidence": [{"name": "e-mail", "value": "roswitha.z@example.org"}],
        },
    ]
    made["passages"], made["matches"], made["fields"] = [], [], []
    made["devices"] = [
        {
            "device_id": f"dev-{n}",
            "device_type": kind,
            "serial": serial,
            "name": name,
            "owner": "other",
            "n_recordings": len(ids[n::3]),
            "data_subject_group": HOUSEHOLD,
        }
        for n, (kind, serial, name) in enumerate(DEVICES)
    ]
    made["mentions"] = [
        _mention("men-1", "rec-0000", "PLACE", "Oldenburg"),
        _mention("men-2", "rec-0005", "PERSON", "Xaver Zwickelhuber"),
        _mention("men-3", "rec-0003", "PERSON", "Roswitha"),
        _mention("men-4", "rec-0006", "PERSON", text or "x"),
        _mention("men-5", "rec-0004", "PHONE", "0170 5551234"),
        {**_mention("men-6", "rec-0006", "OTHER", "insulin"), "special_category": "health"},
    ]
    made["claims"] = [
        _claim(
            "clm-01",
            "home_place",
            "subject",
            "Oldenburg",
            0.86,
            said[:9],
            ["men-1"],
            places=[OLDENBURG],
        ),
        _claim("clm-02", "work_place", "subject", "Bremen", 0.55, said[4:7], places=[BREMEN]),
        _claim("clm-03", "other_place", "subject", "Hamburg", 0.7, said[10:12], places=[HAMBURG]),
        _claim("clm-04", "first_name", "subject", "Quirin", 0.62, said[2:4], person="per-1"),
        _claim("clm-05", "first_name", "companion", "Roswitha", 0.91, said[3:8], ["men-3"], person="per-2"),
        _claim(
            "clm-06", "contact", "contact", "Xaver Zwickelhuber", 0.95, said[5:6], ["men-2"], person="per-3"
        ),
        _claim("clm-07", "surname", "contact", "Zwickelhuber", 0.95, said[5:6], ["men-2"], person="per-3"),
        _claim("clm-08", "child", "child", "one", 0.8, said[6:8]),
        _claim("clm-09", "device", "subject", "Roswitha's Echo (kitchen)", 0.99, said),
        _claim("clm-10", "media_taste", "companion", text or "x", 0.5, said[1:2]),
        _claim("clm-11", "health", "companion", "insulin", 0.6, said[6:7], ["men-6"]),
        _claim("clm-12", "routine_wake", "subject", "weekdays about 06:20", 0.77, said[2:3]),
        _claim("clm-13", "phone", "contact", "0170 5551234", 0.9, said[4:5], ["men-5"]),
    ]
    rates = {
        "clm-01": "geonames",
        "clm-02": "geonames",
        "clm-04": "names:first_names_de",
        "clm-05": "names:first_names_de+household_size",
        "clm-07": "names:surname_law_de",
        "clm-09": "prior:device:light+device_lift",
        "clm-12": "prior:routine_wake:*",
    }
    worth = {
        "clm-01": 8.9,
        "clm-02": 3.1,
        "clm-04": 7.4,
        "clm-05": 6.8,
        "clm-07": 12.2,
        "clm-09": 0.4,
        "clm-12": 1.2,
    }
    made["exposure"] = [
        {
            "claim_id": claim,
            "base_rate_lo": 2**-bits / 2,
            "base_rate_mid": 2**-bits,
            "base_rate_hi": min(1, 2 ** (1 - bits)),
            "unit": "household",
            "basis": "assumption" if bits < 5 else "measured",
            "rate_key": rates[claim],
            "source": "a published table",
            "bits_lo": max(0, bits - 1),
            "bits_mid": bits,
            "bits_hi": bits + 1,
            "data_subject_group": HOUSEHOLD,
        }
        for claim, bits in worth.items()
    ]
    made["risk"] = [
        _risk("rsk-1", "stranger", "listener", (0.21, 0.55, 0.83), (1, 1.6, 8)),
        _risk("rsk-2", "stranger", "machine", (0.12, 0.4, 0.71), (1, 2.2, 14)),
        _risk("rsk-3", "acquaintance", "listener", (0.9, 0.97, 0.9999), (1, 1, 1)),
    ]
    made["curve"] = [
        *_curve("chronological", said, made["audio"]),
        *_curve("best_first", said, made["audio"]),
    ]
    made["severity"] = [
        {
            "assessment_id": "sev-1",
            **_interval("dpc", 2, 3, 4),
            "dpc_reason": "a month of life at home, health possible",
            **_interval("ei", 0.5, 0.75, 0.75),
            "ei_reason": "from P(identified)",
            **_interval("cb", 0, 0.25, 1),
            "cb_reason": "recipients unknown",
            **_interval("se", 1.0, 2.5, 4.0),
            "band": "very high",
            "band_lo": "low",
            "band_mid": "medium",
            "band_hi": "very high",
            "flags": [],
            "overrides": [],
            "data_subject_group": HOUSEHOLD,
        }
    ]
    made["timeline"] = [
        {
            "event_id": f"evt-{u['utterance_id']}",
            "message": "Echo: weather command",
            "datetime": u["started_at"],
            "timestamp_desc": "Recording started",
            "utterance_id": u["utterance_id"],
            "recording_id": u["recording_id"],
            "device_id": u["device_id"],
            "domain": SAID[n % len(SAID)][0],
            "data_subject_group": HOUSEHOLD,
        }
        for n, u in enumerate(made["utterances"])
        if u["started_at"]
    ]
    return made


def _interval(name: str, low: float, middle: float, high: float) -> dict[str, float]:
    return {f"{name}_lo": low, f"{name}_mid": middle, f"{name}_hi": high}


def _finding(key: str, code: str, level: str, member: str, message: str) -> dict[str, Any]:
    return {
        "finding_id": key,
        "code": code,
        "level": level,
        "member": member,
        "message": message,
        "remedy": "Look at the original.",
        "data_subject_group": HOUSEHOLD,
    }


def _mention(key: str, recording: str, label: str, text: str) -> dict[str, Any]:
    return {
        "mention_id": key,
        "source_kind": "audio",
        "utterance_id": recording.replace("rec", "utt"),
        "recording_id": recording,
        "places": [],
        "entity": "name",
        "start": 0,
        "end": len(text),
        "label": label,
        "surface": text,
        "normalised": text,
        "alternatives": [],
        "found_by": "test",
        "reason": "test",
        "start_s": 1.2,
        "end_s": 1.9,
        "data_subject_group": HOUSEHOLD,
    }


def _claim(
    key: str,
    attribute: str,
    role: str,
    value: str,
    p: float,
    utterances: list[str],
    mentions: list[str] | None = None,
    *,
    places: list[int] | None = None,
    person: str | None = None,
) -> dict[str, Any]:
    return {
        "claim_id": key,
        "attribute": attribute,
        "subject_role": role,
        "value": value,
        "person_id": person,
        "places": [{"place_id": place, "probability": 1.0} for place in places or ()],
        "device_ids": [],
        "alternatives": [],
        "roles": [],
        "p_value": p,
        "p_role": 1.0,
        "p_true": p,
        "sources": ["audio"],
        "weekdays": [],
        "steps": [],
        "utterance_ids": utterances,
        "mention_ids": mentions or [],
        "n_support": len(utterances),
        "dep_group": attribute,
        "reason": f"heard as {value}",
        "details": [],
        "data_subject_group": HOUSEHOLD,
    }


def _risk(
    key: str, adversary: str, attacker: str, p: tuple[float, ...], k: tuple[float, ...]
) -> dict[str, Any]:
    return {
        "risk_id": key,
        "adversary": adversary,
        "attacker": attacker,
        "scope": "audio",
        "population": "residents of DE",
        "population_kind": "residents",
        "country": "DE",
        "population_n": 83_200_000,
        "unit": "person",
        **_interval("k", *k),
        **_interval("bits", 18, 24.1, 26),
        **_interval("p_identify", *p),
        **_interval("p_unique", 0.1, 0.5, 0.8),
        "assumption_share": 0.34,
        "dependence": "independent",
        "seed": 0,
        "draws": 2000,
        "data_subject_group": HOUSEHOLD,
    }


def _curve(order: str, ids: list[str], audio: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Four moments: before anything, the home, a contact's surname, everything."""
    seconds = {row["recording_id"]: row["duration_s"] or 0.0 for row in audio}
    whole, n = sum(seconds.values()), len(ids)
    early = order == "best_first"
    moments = [(0, 0.0, None, [], 83_200_000.0, 0.0)]
    if n > 6:
        moments += [
            (1, 4.0, ids[0], ["clm-01"], 171_000.0, 0.01),
            (2 if early else 6, 8.0 if early else 24.0, ids[5], ["clm-06", "clm-07"], 12.0, 0.3),
        ]
    moments.append((n, whole, None, [], 1.6, 0.4))
    return [
        {
            "order": order, "step": step, "n_utterances": heard, "audio_s": at, "listening_s": at + 5 * heard,
            "utterance_id": utterance, "claims": claims, "bits": 1.0, "k": k,
            **_interval("p_identify", p / 2, p, min(1.0, 1.5 * p)), "p_if_listed": p, "p_unique": p,
            "data_subject_group": HOUSEHOLD,
        }
        for step, (heard, at, utterance, claims, k, p) in enumerate(moments)
    ]  # fmt: skip
