"""Homes written by hand and lived by other people, each read with weights fitted without its author."""

from __future__ import annotations

import argparse
import hashlib
import json
import pickle
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from forensics.profile.records import Evidence
from forensics.profile.says import Readers
from forensics.profile.weights import Fitted
from forensics.simulate.scripts import Script, read_scripts
from forensics.simulate.written import Changes, WrittenHome, cut, written_home
from forensics.simulate.written_trial import evidence_of

SIZES = (0, 60, 30)
"""Utterances that are left of a home, copy by copy; 0 leaves all."""


@dataclass(frozen=True)
class Work:
    """What the processes share.

    Parameters
    ----------
    scripts : pathlib.Path
        Folder of homes as written.
    fits : dict
        From author to the weights fitted on all others.
    cache : pathlib.Path or None
        Keeps what the language room read.
    sizes : tuple of int
        Utterances that are left of a home, copy by copy; 0 leaves all.
    readers : dict
        From author to what reads what is said of names and places, fitted on other authors.
    """

    scripts: Path
    fits: dict[str, Fitted]
    seed: int
    cache: Path | None = None
    sizes: tuple[int, ...] = SIZES
    readers: dict[str, Readers] = field(default_factory=dict)


def fits_without_each_author(cache_folder: Path | None) -> dict[str, Fitted]:
    """The profile's weights for each author, fitted on the homes of the others as they were written."""
    from fitting.material.written_homes import HOMES, HOUSEHOLDS, home_of
    from fitting.material.written_homes import scripts as written
    from fitting.reading import fit, readers_of

    reported = written(HOUSEHOLDS / "scripts")
    homes = [home_of(s, cache_folder, readers_of(s)) for s in [*reported, *written(HOMES)]]
    return {
        author: fit([(home.evidence, home.truth) for home in homes if home.author != author])
        for author in sorted({script["author"] for script in reported})
    }


def readers_without_each_author() -> dict[str, Readers]:
    """For each author what reads names and places without having seen them."""
    from fitting.material.written_homes import HOUSEHOLDS
    from fitting.material.written_homes import scripts as written
    from fitting.reading import readers_of

    return {script["author"]: readers_of(script) for script in written(HOUSEHOLDS / "scripts")}


@cache
def originals(folder: Path) -> tuple[Script, ...]:
    """The homes as written."""
    return tuple(read_scripts(folder))


def home(number: int, work: Work) -> WrittenHome:
    """One home with other people, of one of three sizes."""
    scripts = originals(work.scripts)
    made = written_home(scripts, number, Changes(), seed=work.seed)
    most = size_of(number, work)
    if not most:
        return made
    rng = np.random.default_rng([work.seed, number, 9])
    return replace(made, made=replace(made.made, script=cut(made.script, most, rng)))


def size_of(number: int, work: Work) -> int:
    """Utterances that are left of a home at most; 0 for all."""
    return work.sizes[(number // len(originals(work.scripts))) % len(work.sizes)]


def read(script: Script, number: int, work: Work) -> Evidence:
    """What the language room reads in it, with readers that have not seen its author."""
    return replace(_read(script, number, work), readers=work.readers.get(script.author))


def _read(script: Script, number: int, work: Work) -> Evidence:
    """What the language room reads in it, from the cache where it is there."""
    if work.cache is None:
        return evidence_of(script)
    said = repr([(line.at, line.device, line.heard) for line in script.lines])
    path = work.cache / f"{number:05d}-{hashlib.sha256(said.encode()).hexdigest()[:12]}.pickle"
    if path.exists():
        found: Evidence = pickle.loads(path.read_bytes())
        return found
    evidence = evidence_of(script)
    work.cache.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pickle.dumps(evidence))
    return evidence


def left_out(homes: list[dict[str, Any]]) -> dict[str, Any]:
    """How much could not be replaced: utterances and homes, with their rates.

    Parameters
    ----------
    homes : list of dict
        ``dropped``, ``said`` and ``refused`` of each.
    """
    lines = Counter[str]()
    refused = Counter[str]()
    for one in homes:
        lines.update(one["dropped"])
        refused.update(one["refused"])
    said = sum(one["said"] for one in homes)
    made = len(homes) + refused.total()
    return {
        "utterances": dict(sorted(lines.items())),
        "utterance_rate": round(lines.total() / max(said, 1), 4),
        "homes": dict(sorted(refused.items())),
        "home_rate": round(refused.total() / max(made, 1), 4),
    }


_WORK: list[Work] = []


def prepare_linkage(arguments: argparse.Namespace, register: Path, claims: Path) -> None:
    """A register that holds half of the subjects, and the claims of every home, for ``bench_linkage``.

    Parameters
    ----------
    arguments : argparse.Namespace
        ``scripts``, ``written``, ``profiles``, ``seed`` and ``processes`` count.
    register, claims : pathlib.Path
        To be written.
    """
    from forensics.simulate.written_register import write_register

    fits = fits_without_each_author(None)
    work = Work(
        arguments.scripts,
        fits,
        arguments.seed,
        claims.with_suffix(".read"),
        sizes=(0,),
        readers=readers_without_each_author(),
    )
    with ProcessPoolExecutor(arguments.processes, initializer=_WORK.append, initargs=(work,)) as pool:
        found = list(pool.map(_claims, range(arguments.written), chunksize=4))
    scripts = [script for script, _ in found]
    listed = write_register(scripts, register, arguments.profiles, seed=arguments.seed)
    cases = [
        {"household": number, "script": script.name, "profile_id": listed.get(number), "claims": rows,
         "surname_spoken": script.says_surname, "last": str(script.profile.get("surname") or "")}
        for number, (script, rows) in enumerate(found)
    ]  # fmt: skip
    claims.write_text(json.dumps(cases, default=str), "utf-8")


def _claims(number: int) -> tuple[Script, list[dict[str, Any]]]:
    """A home with other people, and the claims about it."""
    from forensics.profile.stage import profile

    (work,) = _WORK
    script = home(number, work).script
    return script, profile(read(script, number, work), work.fits.get(script.author))["claims"]
