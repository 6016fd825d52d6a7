"""Bundles on disk: a zip per household, the truth beside it, and a register of people to look in."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from forensics.corridor.progress import Progress, Silent
from forensics.errors import ForensicsError
from forensics.simulate.households import Household, draw_household
from forensics.simulate.template_talk import SimulatedUtterance, utter
from forensics.simulate.tiny_sound import tiny_recording, wav
from forensics.simulate.world import WORLDS, WRITTEN

_ZIP_TIME = (2018, 10, 16, 9, 30, 0)


def simulate(
    households: int,
    out: str | Path,
    *,
    language: str = "de",
    register: int = 0,
    world: str = "obeying",
    seed: int = 0,
    audio: bool = False,
    scripts: str | Path | None = None,
    fewer: int = 0,
    merged: bool = False,
    errors: str = "none",
    progress: Progress | None = None,
) -> Path:
    """Write bundles with known truth.

    Parameters
    ----------
    households : int
        So many, numbered from 0: the first ten of a hundred are those of ten.
    out : path
        A new or empty folder. Gets ``<household>/bundle.zip``, ``truth.jsonl`` and, if asked for,
        ``register.parquet``.
    language : {'de', 'en'}
        Spoken, and with it the country of the names and places.
    register : int
        Profiles of the register; the households' people are among about half of it. 0 writes none.
    world : {'obeying', 'wrong', 'written'}
        Households of templates, as the model assumes or not; or those of `scripts`, with other people.
        Whether people are as the risk model assumes, or differ from it.
    seed : int
        The same bundles for the same seed.
    audio : bool
        Synthesise speech (needs the extra ``speech``); otherwise the vendor's transcripts and tiny
        recordings.
    scripts : path, optional
        A folder of scripts (see :mod:`forensics.simulate.scripts`), for the world ``written``.
    fewer : int
        Utterances that are left of each written household, at random; 0 leaves all.
    merged : bool
        Each bundle holds the recordings of a second written household too.
    errors : {'none', 'names', 'letters', 'words'}
        What a worse recogniser makes of a written household's texts.
    progress : Progress, optional
        Silent by default.

    Returns
    -------
    pathlib.Path
        ``truth.jsonl``.

    Raises
    ------
    ForensicsError
        If `out` is not empty, or language or world are unknown.
    """
    folder = Path(out)
    if folder.exists() and any(folder.iterdir()):
        raise ForensicsError(f"{folder} is not empty.", "Name a new folder with --out.")
    if world not in (*WORLDS, WRITTEN) or language not in ("de", "en"):
        raise ForensicsError(
            f"World {world!r} or language {language!r} is unknown.",
            f"Worlds: {', '.join((*WORLDS, WRITTEN))}; languages: de, en.",
        )
    if world == WRITTEN:
        from forensics.simulate.written import Changes, write_households

        if scripts is None:
            raise ForensicsError("The world 'written' needs scripts.", "Name their folder with --scripts.")
        changes = Changes(fewer=fewer, merged=merged, errors=errors)
        with (progress or Silent()).task("simulate", households) as advance:
            return write_households(
                households, folder, Path(scripts), changes, register=register, seed=seed, advance=advance
            )
    folder.mkdir(parents=True, exist_ok=True)
    homes = [draw_household(n, WORLDS[world], language=language, seed=seed) for n in range(households)]
    listed: dict[int, str] = {}
    if register:
        from forensics.simulate.register import write_register

        listed = write_register(homes, folder / "register.parquet", register, seed=seed, world=WORLDS[world])
    truth = folder / "truth.jsonl"
    with (
        truth.open("w", encoding="utf-8") as file,
        (progress or Silent()).task("simulate", households) as advance,
    ):
        for home in homes:
            path = folder / home.name / "bundle.zip"
            write_bundle(home, utter(home, WORLDS[world]), path, audio=audio)
            row = truth_row(home, str(path.relative_to(folder)), listed.get(home.number))
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            advance(1)
    return truth


def truth_row(home: Household, bundle: str, profile_id: str | None) -> dict[str, Any]:
    """A line of ``truth.jsonl``.

    Parameters
    ----------
    home : Household
        What is true of it.
    bundle : str
        The bundle's path, relative to the file.
    profile_id : str or None
        The subject's profile in the register, if it holds one.
    """
    return {
        "household": home.name,
        "bundle": bundle,
        "profile_id": profile_id,
        "claims": home.claims(),
        "surname_spoken": home.surname_spoken,
        "world": home.world,
        "seed": home.seed,
    }


def write_bundle(
    home: Household, said: Sequence[SimulatedUtterance], path: Path, *, audio: bool = False
) -> None:
    """One bundle: recordings, and a table of what the vendor understood.

    Parameters
    ----------
    home : Household
        Its language, seed and number make the sounds.
    said : sequence of SimulatedUtterance
        One recording each.
    path : pathlib.Path
        The ZIP file to write.
    audio : bool
        Speech instead of tiny recordings.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\r\n")
    writer.writerow(["Timestamp", "Device Serial Number", "Audio File", "Transcript"])
    tiny = (tiny_recording(home.seed, home.number, number) for number in range(len(said)))
    sounds = _spoken(home, said) if audio else tiny
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (utterance, sound) in enumerate(zip(said, sounds, strict=True)):
            name = f"{utterance.at:%Y-%m-%dT%H-%M-%S}_{number:05d}.wav"
            archive.writestr(zipfile.ZipInfo(f"Alexa/Audio/{name}", _ZIP_TIME), wav(sound))
            heard = "" if audio else utterance.heard
            writer.writerow([f"{utterance.at:%Y-%m-%dT%H:%M:%SZ}", utterance.device, name, heard])
        archive.writestr(zipfile.ZipInfo("Alexa/Transcripts.csv", _ZIP_TIME), table.getvalue())


def _spoken(home: Household, said: Sequence[SimulatedUtterance]) -> Iterator[np.ndarray]:
    from forensics.simulate.synthesis import speaker

    voice = speaker(home.language, seed=home.number)
    for utterance in said:
        yield voice(utterance.text)
