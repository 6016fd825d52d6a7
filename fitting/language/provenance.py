"""Writes beside a pipeline what it was trained from, by which recipe, and the hash of each of its files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from fitting.language.packages import geonames, territories
from fitting.record import MissingDataError, Run, Source, Value, file, package, rows, write_to
from forensics.knowledge.fitted import SUFFIX
from forensics.knowledge.lexicon import CLASSES_FILE, DATA

NETWORK = ("tok2vec", "mentions", "textcat")


def write_card(
    target: Path,
    language: str,
    corpora: Path,
    *,
    script: str,
    seed: int,
    recipe: Mapping[str, Any],
    every: int,
    note: str,
    more: Sequence[Source] = (),
) -> Path:
    """Write ``<language>.fit.json`` beside the folder of a pipeline.

    Parameters
    ----------
    target : pathlib.Path
        The folder of the pipeline.
    language : {'en', 'de'}
    corpora : pathlib.Path
    script, seed, note
        As for :func:`fitting.record.write_to`.
    recipe : mapping
        Settings of all stages.
    every : int
        As for :class:`fitting.record.Run`.
    more : sequence of Source
        Other data.
    """
    meta = json.loads((target / "meta.json").read_text("utf-8")).get("performance", {})
    scores = {name: meta[name] for name in ("ents_f", "cats_micro_f") if name in meta}
    return write_to(
        target.with_name(target.name + SUFFIX),
        script=script,
        data=[*sources(language, corpora), *more],
        seed=seed,
        values={
            "recipe": Value(dict(recipe), "settings of the network's stages and of the linear parts"),
            "files": Value(hashes(target), "SHA-256 of each file of the pipeline"),
        },
        quality={f"network_alone_on_dev_{name}": value for name, value in scores.items()},
        note=note,
        how=Run(every=every),
    )


def check(corpora: Path) -> None:
    """Stop at once if the corpora are not here.

    Raises
    ------
    MissingDataError
    """
    for name in ("en/train.jsonl", "en/dev.jsonl", "de/train.jsonl", "de/dev.jsonl"):
        if not (corpora / name).is_file():
            raise MissingDataError(
                f"{corpora / name} is missing: sentences that people say to voice assistants. Name their "
                "folder with --corpora, or lay it beside the repository as ../shared/corpora."
            )


def hashes(target: Path) -> dict[str, str]:
    """SHA-256 of each file of a pipeline by relative path; its card, which people write, is none of them."""
    return {
        path.relative_to(target).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(target.rglob("*"))
        if path.is_file() and path.suffix != ".md"
    }


def network_of(target: Path) -> Source:
    """The network of a pipeline, as data of a training that keeps it."""
    return rows(
        "network that was kept", sorted((k, v) for k, v in hashes(target).items() if k.endswith("/model"))
    )


def sources(language: str, corpora: Path) -> list[Source]:
    """What a pipeline of a language is trained from."""
    here = Path(str(files("fitting.language")))
    own = [
        here / f"heard_{language}_train.jsonl",
        here / f"templates_{language}.txt",
        here / f"fillers_{language}.txt",
    ]
    lists = [DATA / f"{name}.csv" for name in ("names_de", "relations", "devices", "rooms", "dialects")]
    parts = [f"{name}/{part}.jsonl" for name in dict.fromkeys(("en", language)) for part in ("train", "dev")]
    return [
        *(
            Source(f"corpora/{part}", hashlib.sha256((corpora / part).read_bytes()).hexdigest())
            for part in parts
        ),
        *(file(path) for path in (*own, *lists, CLASSES_FILE)),
        package("names", "names", ["dist.male.first", "dist.female.first", "dist.all.last"]),
        geonames(),
        territories(),
    ]
