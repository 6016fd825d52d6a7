"""The world ``written``: households that somebody wrote by hand, lived by other people.

The language stays human and the truth is known; the number is not limited, for each script gives as many
households as there are draws of people and towns. Beside the template worlds it tells how far what was
learned from templates holds where people talk as they do."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from forensics.errors import ForensicsError
from forensics.simulate.mishearing import confused_names
from forensics.simulate.scripts import Line, Script, read_scripts
from forensics.simulate.template_talk import garble
from forensics.simulate.tiny_sound import tiny_recording, wav
from forensics.simulate.transplant import Transplanted, transplant
from forensics.simulate.world import WRITTEN
from forensics.simulate.written_register import write_register

ERRORS = ("none", "names", "letters", "words")
P_NAME, P_LETTER, P_WORD = 0.3, 0.03, 0.1
"""Assumptions: a worse recogniser gets this share of names, letters and words wrong."""
TRIES, COPIES = 5, 1_000_000
"""How often other people are drawn for a household that has faults, and from where they are drawn then."""
_ZIP_TIME = (2018, 10, 16, 9, 30, 0)


@dataclass(frozen=True)
class Changes:
    """What else is done to the households.

    Parameters
    ----------
    fewer : int
        Utterances that are left, at random; 0 leaves all.
    merged : bool
        A second household's recordings lie in the bundle too.
    errors : {'none', 'names', 'letters', 'words'}
        ``names`` are misheard as our engine was measured to mishear them; ``letters`` are replaced, dropped
        or doubled; ``words`` are lost or take another's place.
    """

    fewer: int = 0
    merged: bool = False
    errors: str = "none"


@dataclass(frozen=True)
class WrittenHome:
    """One household of this world.

    Parameters
    ----------
    made : Transplanted
        The script with other people, and what was left out.
    refused : tuple of str
        Faults of the copies that were drawn before this one and not used.
    """

    number: int
    seed: int
    made: Transplanted
    refused: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The household's folder."""
        return f"household-{self.number:05d}"

    @property
    def script(self) -> Script:
        """What is said, and what is true of it."""
        return self.made.script


def written_homes(
    scripts: Sequence[Script], count: int, changes: Changes, *, seed: int = 0
) -> Iterator[WrittenHome]:
    """Households of the scripts in turn; each round has other people.

    Raises
    ------
    ForensicsError
        If the errors are unknown.
    """
    if changes.errors not in ERRORS:
        raise ForensicsError(f"Errors {changes.errors!r} are unknown.", f"Choose from {', '.join(ERRORS)}.")
    for number in range(count):
        yield written_home(scripts, number, changes, seed=seed)


def written_home(scripts: Sequence[Script], number: int, changes: Changes, *, seed: int = 0) -> WrittenHome:
    """One of the households; the same for the same scripts, number, changes and seed."""
    made, refused = _sound(scripts[number % len(scripts)], number // len(scripts), seed)
    rng = np.random.default_rng([seed, number, 6])
    script = cut(made.script, changes.fewer, rng) if changes.fewer else made.script
    return WrittenHome(number, seed, replace(made, script=misheard(script, changes.errors, rng)), refused)


def _sound(script: Script, copy: int, seed: int) -> tuple[Transplanted, tuple[str, ...]]:
    """A copy of a household without faults, and the faults of those that were drawn before it.

    Raises
    ------
    ForensicsError
        If a script has no copy without faults.
    """
    refused: list[str] = []
    for again in range(TRIES):
        made = transplant(script, copy + again * COPIES, seed=seed)
        if not made.faults:
            return made, tuple(refused)
        refused.append(made.faults[0])
    raise ForensicsError(
        f"{script.name} cannot be lived by others ({', '.join(sorted(set(refused)))}).",
        "Name its people, places and employers as they are said, or leave the script out.",
    )


def cut(script: Script, most: int, rng: np.random.Generator) -> Script:
    """The household with so many utterances at most; claims that nothing supports any more go."""
    if len(script.lines) <= most:
        return script
    kept = sorted(rng.permutation(len(script.lines))[:most].tolist())
    place = {old: new for new, old in enumerate(kept)}
    truth = [
        {**claim, "evidence": [place[n] for n in claim["evidence"] if n in place]} for claim in script.truth
    ]
    lines = [script.lines[n] for n in kept]
    return replace(script, lines=lines, truth=[claim for claim in truth if claim["evidence"]])


def misheard(script: Script, errors: str, rng: np.random.Generator) -> Script:
    """The household as a worse recogniser understands it.

    Parameters
    ----------
    errors : {'none', 'names', 'letters', 'words'}
        See :class:`Changes`.
    """
    if errors == "none":
        return script
    names = {str(p[n]) for p in script.people for n in ("first_name", "surname") if p.get(n)}
    change = {"names": _names, "letters": _letters, "words": _words}[errors]
    lines = [
        replace(line, heard=None if line.heard is None else change(line.heard, names, script.language, rng))
        for line in script.lines
    ]
    return replace(script, lines=lines)


def _names(text: str, names: set[str], language: str, rng: np.random.Generator) -> str:
    known = {name.casefold(): name for name in names}

    def heard(word: str) -> str:
        name = known.get(word.casefold())
        if name is None or rng.random() >= P_NAME:
            return word
        pairs = confused_names(language).get(name, ())
        return pairs[int(rng.integers(len(pairs)))].lower() if pairs else garble(word, rng)

    return " ".join(heard(word) for word in text.split())


def _letters(text: str, names: set[str], language: str, rng: np.random.Generator) -> str:
    return " ".join(
        garble(word, rng) if len(word) > 2 and rng.random() < 1 - (1 - P_LETTER) ** len(word) else word
        for word in text.split()
    )


def _words(text: str, names: set[str], language: str, rng: np.random.Generator) -> str:
    words = text.split()
    found = []
    for word in words:
        chance = rng.random()
        if chance >= P_WORD:
            found.append(word)
        elif chance < P_WORD / 2:
            found.append(words[int(rng.integers(len(words)))])
    return " ".join(found) or text


def write_households(
    count: int,
    folder: Path,
    scripts: Path,
    changes: Changes,
    *,
    register: int = 0,
    seed: int = 0,
    advance: Callable[[int], None] = lambda done: None,
) -> Path:
    """Bundles, their truth and, if asked for, a register, as the template worlds have them.

    Returns
    -------
    pathlib.Path
        ``truth.jsonl``. Beside it ``left_out.json`` has how many utterances and households had to be left
        out, and why.
    """
    read = list(read_scripts(scripts))
    homes = list(written_homes(read, count, changes, seed=seed))
    folder.mkdir(parents=True, exist_ok=True)
    listed: dict[int, str] = {}
    if register:
        listed = write_register(
            [home.script for home in homes], folder / "register.parquet", register, seed=seed
        )
    truth = folder / "truth.jsonl"
    with truth.open("w", encoding="utf-8") as file:
        for home in homes:
            path = folder / home.name / "bundle.zip"
            second = homes[(home.number + 1) % len(homes)] if changes.merged and len(homes) > 1 else None
            names = write_bundle(home, path, second=second)
            row = truth_row(home, names, str(path.relative_to(folder)), listed.get(home.number), second)
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            advance(1)
    lost: Counter[str] = Counter()
    for home in homes:
        lost.update(home.made.dropped)
    said = sum(len(read[number % len(read)].lines) for number in range(count))
    rate = round(lost.total() / max(said, 1), 4)
    refused = Counter(fault for home in homes for fault in home.refused)
    figures = {
        "utterances": said,
        "left_out": dict(sorted(lost.items())),
        "rate": rate,
        "households": {
            "made": count + refused.total(),
            "refused": dict(sorted(refused.items())),
            "rate": round(refused.total() / max(count + refused.total(), 1), 4),
        },
    }
    (folder / "left_out.json").write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    return truth


def write_bundle(home: WrittenHome, path: Path, *, second: WrittenHome | None = None) -> list[str]:
    """One bundle: recordings, and a table of what the vendor understood; the names of the recordings.

    Parameters
    ----------
    second : WrittenHome, optional
        Another household's recordings, in a folder of their own.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        names = _write_folder(archive, "Alexa", home)
        if second is not None:
            _write_folder(archive, "Alexa-2", second)
    return names


def _write_folder(archive: zipfile.ZipFile, folder: str, home: WrittenHome) -> list[str]:
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\r\n")
    writer.writerow(["Timestamp", "Device Name", "Audio File", "Transcript"])
    names = []
    for number, line in enumerate(home.script.lines):
        name = _name(number, line)
        sound = wav(tiny_recording(home.seed, home.number, number))
        archive.writestr(zipfile.ZipInfo(f"{folder}/Audio/{name}", _ZIP_TIME), sound)
        writer.writerow([f"{line.at:%Y-%m-%dT%H:%M:%SZ}", line.device, name, line.heard or ""])
        names.append(name)
    archive.writestr(zipfile.ZipInfo(f"{folder}/Transcripts.csv", _ZIP_TIME), table.getvalue())
    return names


def _name(number: int, line: Line) -> str:
    return f"{line.at:%Y-%m-%dT%H-%M-%S}_{number:05d}.wav"


def truth_row(
    home: WrittenHome,
    names: Sequence[str],
    bundle: str,
    profile_id: str | None,
    second: WrittenHome | None = None,
) -> Mapping[str, Any]:
    """A line of ``truth.jsonl``.

    Parameters
    ----------
    names : sequence of str
        The recordings, in the order of the lines.
    profile_id : str or None
        The subject's profile in the register, if it holds one.
    """
    script = home.script
    claims = [
        {
            "attribute": claim["attribute"],
            "subject_role": claim["subject_role"],
            "value": claim["value"],
            "sure": claim.get("sure"),
            "recordings": [names[n] for n in claim["evidence"]],
        }
        for claim in script.truth
    ]
    return {
        "household": home.name,
        "bundle": bundle,
        "profile_id": profile_id,
        "claims": claims,
        "surname_spoken": script.says_surname,
        "traps": list(script.traps),
        "script": script.name,
        "left_out": dict(home.made.dropped),
        "left_out_rate": round(home.made.rate, 4),
        "refused": list(home.refused),
        "second": None if second is None else second.name,
        "world": WRITTEN,
        "seed": home.seed,
    }
