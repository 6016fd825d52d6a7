"""Sentences as our recogniser heard them: synthesised, transcribed, and their labels aligned.

``python -m fitting.language.heard en --corpora ../shared/corpora`` writes
``heard_en_train.jsonl``, which training reads; with ``--split dev`` the same for the benchmark only.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import tempfile
from difflib import SequenceMatcher
from importlib.resources import files
from pathlib import Path
from typing import Any

from forensics.knowledge.words import split

Sentence = dict[str, Any]

_LABELS = frozenset(("PERSON", "PLACE", "DEVICE", "MEDIA", "RELATION"))
_ALIKE = 0.45
"""Below this similarity a transcript is of something else, and no label can be aligned."""


def heard_sentences(language: str, split_name: str = "train") -> list[Sentence]:
    """The sentences of one language that were said and heard, with their labels; none if there is no file."""
    path = files("fitting.language") / f"heard_{language}_{split_name}.jsonl"
    if not path.is_file():
        return []
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def align(sentence: Sentence, heard: str) -> Sentence | None:
    """`sentence` with the text that was heard, its mentions moved to the words heard in their place.

    None if the two are too different. A mention none of whose words was heard is dropped.
    """
    said = sentence["text"].lower()
    matcher = SequenceMatcher(None, said, heard.lower(), autojunk=False)
    if matcher.ratio() < _ALIKE:
        return None
    place = _places(matcher, len(heard))
    entities = []
    for entity in sentence["entities"]:
        start, end = place[entity["start"]], place[entity["end"]]
        inside = [(a, b) for a, b in split(heard).spans if min(b, end) - max(a, start) >= max(1, (b - a) / 2)]
        if inside:
            entities.append({**entity, "start": inside[0][0], "end": inside[-1][1]})
    return {
        **sentence,
        "id": f"{sentence['id']}-heard",
        "text": heard,
        "entities": entities,
        "said": sentence["text"],
        "said_entities": sentence["entities"],
    }


def _places(matcher: SequenceMatcher[str], length: int) -> list[int]:
    """For each border between characters said, the border between characters heard."""
    borders: list[int] = []
    for _, one, two, first, last in matcher.get_opcodes():
        for border in range(one, two):
            borders.append(first + round((border - one) / max(two - one, 1) * (last - first)))
    borders.append(length)
    return borders


def _chosen(corpora: Path, language: str, split_name: str, count: int) -> list[Sentence]:
    lines = (corpora / language / f"{split_name}.jsonl").read_text("utf-8").splitlines()
    sentences = [json.loads(line) for line in lines]
    fit = [
        s
        for s in sentences
        if 3 <= len(s["text"].split()) <= 14
        and any(e["label"] in _LABELS for e in s["entities"])
        and s["source"] != "home_assistant"
    ]
    random.Random(23).shuffle(fit)
    return fit[:count]


def _say(text: str, language: str, number: int, path: Path) -> None:
    if language == "en" and number % 3:
        voice = ("slt", "rms")[number % 2]
        subprocess.run(["flite", "-voice", voice, "-t", text, "-o", str(path)], check=True, timeout=60)
        return
    import soundfile

    from forensics.simulate.synthesis import RATE, speaker

    soundfile.write(path, speaker(language, seed=number)(text), RATE)


def main() -> None:
    """Say, transcribe, align, write."""
    from forensics.transcription.files import transcribe_files

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("language", choices=("en", "de"))
    parser.add_argument("--corpora", type=Path, default=Path("../shared/corpora"))
    parser.add_argument("--split", choices=("train", "dev"), default="train")
    parser.add_argument("--count", type=int, default=400)
    arguments = parser.parse_args()
    chosen = _chosen(arguments.corpora, arguments.language, arguments.split, arguments.count)
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{number}.wav" for number in range(len(chosen))]
        for number, (sentence, path) in enumerate(zip(chosen, paths, strict=True)):
            _say(sentence["text"], arguments.language, number, path)
        transcribe_files(paths, Path(folder) / "heard.jsonl", language=arguments.language)
        lines = (Path(folder) / "heard.jsonl").read_text("utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines]
    aligned = [align(s, text) for s, text in zip(chosen, texts, strict=True) if text]
    target = Path(str(files("fitting.language"))) / (f"heard_{arguments.language}_{arguments.split}.jsonl")
    target.write_text(
        "".join(json.dumps(s, ensure_ascii=False) + "\n" for s in aligned if s is not None), "utf-8"
    )


if __name__ == "__main__":
    main()
