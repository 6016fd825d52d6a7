"""Spans of people and places in talk: twenty-four households written by three authors.

``python benchmarks/bench_spans.py``. The vendor's texts of each household are read as one data subject's, as
in a case, with weights for names in talk that were fitted on the other two authors (``--shipped``: with
those of the package, which were fitted on all three). A mention of somebody or some place that the script's
``truth`` or ``people`` name is found if a mention of its label overlaps it, and *clean* if that mention
holds no other word but names, titles and genitives. A PERSON or PLACE mention without any such word is
*listed* where word lists know all of it (most are strangers, or towns asked about) and *wrong* otherwise.
Words of the names that are commoner as other words ("Will", "Rose") are left out of account. Prints a table
by author and one JSON object as its last line.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from forensics.knowledge.gazetteer import place_keys
from forensics.knowledge.lexicon import word_classes
from forensics.knowledge.place_search import candidates
from forensics.knowledge.words import split
from forensics.language.stage import Source, read_household
from forensics.language.talk import Weights

ROOT = Path(__file__).resolve().parents[1]
_NAMING = ("first_name", "surname", "child", "contact")
_PLACING = ("home_place", "work_place", "other_place")
_TITLES = frozenset((
    "herr", "herrn", "frau", "frauen", "doktor", "doctor", "dr", "professor", "prof", "mr", "mrs", "ms",
    "miss", "mister", "missus", "sir", "onkel", "tante", "oma", "opa", "uncle", "aunt", "auntie", "aunty",
    "grandma", "grandpa", "granny", "mama", "papa", "mom", "mum", "dad", "fräulein", "familie", "pastor",
    "pfarrer", "father", "sister", "brother", "nurse", "schwester", "captain", "coach", "reverend", "der",
    "die", "das", "den", "dem", "the", "'s", "von", "van", "de",
))  # fmt: skip
_COMMON = 5
"""Uses in the training sentences, other than in a PERSON, from which on a word does not tell who is meant."""


def households(folder: Path) -> list[dict[str, Any]]:
    """The scripts, in order."""
    return [json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))]


def read(home: dict[str, Any], weights: Weights | None) -> tuple[list[str], list[dict[str, Any]]]:
    """The vendor's texts of a household and what the language room mentions in each."""
    texts = [r["vendor_text"] for r in home["recordings"] if r["vendor_text"]]
    sources = [
        Source("vendor", text, "home", utterance_id=f"utt-{n}", engine="vendor")
        for n, text in enumerate(texts)
    ]
    return texts, read_household(sources, "home", weights)["mentions"]


def names_of(home: dict[str, Any]) -> tuple[frozenset[str], frozenset[str]]:
    """Words of the names of a household's people; words of the names in its traps."""
    people = [p[part] for p in home["people"] for part in ("first_name", "surname") if p[part]]
    people += [t["value"] for t in home["truth"] if t["attribute"] in _NAMING]
    traps = [t["value"] for t in home["traps"] if t["attribute"] in (*_NAMING, "relation")]
    own = frozenset(w for value in people for w in _name_words(value))
    return own, frozenset(w for value in traps for w in _name_words(value)) - own


def places_of(home: dict[str, Any]) -> tuple[frozenset[str], frozenset[str]]:
    """Forms of the names of a household's places; of those in its traps."""
    own = {f for t in home["truth"] if t["attribute"] in _PLACING for f in _place_forms(t["value"])}
    traps = {f for t in home["traps"] if t["attribute"] in _PLACING for f in _place_forms(t["value"])}
    return frozenset(own), frozenset(traps) - frozenset(own)


def gold_spans(text: str, forms: Iterable[str]) -> list[tuple[int, int]]:
    """Where the forms stand in a text; neighbouring ones are one name."""
    found = split(text)
    wanted = defaultdict(set)
    for form in forms:
        wanted[len(form.split(" "))].add(form)
    hits = [False] * len(found.words)
    for length, group in wanted.items():
        for at in range(len(found.words) - length + 1):
            words = found.words[at : at + length]
            if " ".join(words) in group or (length == 1 and _bare(words[0]) in group):
                hits[at : at + length] = [True] * length
    spans, at = [], 0
    while at < len(hits):
        if hits[at]:
            end = at
            while end + 1 < len(hits) and hits[end + 1]:
                end += 1
            spans.append((found.spans[at][0], found.spans[end][1]))
            at = end
        at += 1
    return spans


def measure(home: dict[str, Any], texts: Sequence[str], mentions: Sequence[dict[str, Any]]) -> Iterator[Any]:
    """``(label, outcome, text, surface)`` of each gold span and each mention."""
    by_text = defaultdict(list)
    for row in mentions:
        by_text[int(row["utterance_id"].split("-")[1])].append(row)
    own = {"PERSON": names_of(home), "PLACE": places_of(home)}
    for number, text in enumerate(texts):
        for label, (forms, others) in own.items():
            gold = gold_spans(text, forms)
            rows = [m for m in by_text[number] if m["label"] == label]
            for start, end in gold:
                over = [m for m in rows if m["start"] < end and start < m["end"]]
                clean = any(_clean(m, text, gold) for m in over)
                yield label, "clean" if clean else "found" if over else "missed", text, text[start:end]
            known = gold + gold_spans(text, others)
            for m in rows:
                if m["entity"] == "here":
                    continue
                if any(m["start"] < end and start < m["end"] for start, end in gold):
                    yield label, "right" if _clean(m, text, gold) else "unclean", text, m["surface"]
                elif any(m["start"] < end and start < m["end"] for start, end in known):
                    yield label, "trap", text, m["surface"]
                else:
                    yield label, "listed" if _listed(m["surface"], label) else "wrong", text, m["surface"]


def _clean(mention: dict[str, Any], text: str, gold: Sequence[tuple[int, int]]) -> bool:
    """Whether a mention's words are all inside names, but for titles and genitives."""
    words = split(mention["surface"])
    return all(
        word in _TITLES
        or word in _ARTICLES
        or any(a <= mention["start"] + start and mention["start"] + end <= b for a, b in gold)
        for word, (start, end) in zip(words.words, words.spans, strict=True)
    )


_ARTICLES = frozenset(("in", "im", "am", "an", "bei", "nach", "aus", "von", "und", "and", "near", "the"))


def _listed(surface: str, label: str) -> bool:
    classes = word_classes().of(split(surface).words)
    marks = "FS" if label == "PERSON" else "P"
    if label == "PLACE" and any(c.how in ("name", "spot") for c in candidates(surface)):
        return True
    return bool(classes) and all(any(m in known for m in marks) for known in classes)


def _name_words(value: str) -> Iterator[str]:
    value = re.sub(r"\(.*?\)", "", value.split(":")[0])
    for part in re.findall(r"[^\W\d_][\w'’-]*", value):
        if part[0].isupper():
            for word in split(part).words:
                if word not in _TITLES and len(word) > 2 and word not in _common_words():
                    yield word


def _place_forms(value: str) -> Iterator[str]:
    value = re.sub(r"\(.*?\)", "", value.split(":")[-1])
    for piece in re.split(r"[,/;]| und | and ", value):
        words = split(piece).words
        for form in (" ".join(words), words[0] if words else ""):
            if len(form) > 3 and form not in _common_words() and form not in _TITLES and place_keys(form):
                yield form


def _bare(word: str) -> str:
    return word[:-1] if word.endswith("s") and len(word) > 4 else word


@cache
def _common_words() -> frozenset[str]:
    """Words of the training sentences that are mostly no people and no places."""
    from benchmarks.command_variants import load

    counts: Counter[str] = Counter()
    for language in ("en", "de"):
        for sentence in load(ROOT.parent / "shared/corpora", language, "train"):
            found = split(sentence["text"])
            inside = [
                (e["start"], e["end"])
                for e in sentence["entities"]
                if e["label"] in ("PERSON", "PLACE", "MEDIA")
            ]
            for word, (start, end) in zip(found.words, found.spans, strict=True):
                if not any(a <= start and end <= b for a, b in inside):
                    counts[word] += 1
    return frozenset(word for word, count in counts.items() if count >= _COMMON)


def figures(rows: Iterable[tuple[str, str, str, str]]) -> dict[str, dict[str, float]]:
    """Recall, clean recall and precision by label, with their counts."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for label, outcome, *_ in rows:
        counts[label][outcome] += 1
    found = {}
    for label, c in sorted(counts.items()):
        gold = c["clean"] + c["found"] + c["missed"]
        said = c["right"] + c["unclean"] + c["wrong"]
        found[label] = {
            "recall": round((c["clean"] + c["found"]) / max(gold, 1), 3),
            "clean": round(c["clean"] / max(gold, 1), 3),
            "precision": round(c["right"] / max(said, 1), 3),
            **{name: c[name] for name in ("right", "unclean", "wrong", "trap", "listed")},
            "gold": gold,
        }
    return found


def _left_out(folder: Path, authors: str) -> dict[str, Weights]:
    """By author the weights fitted on the other two."""
    from fitting.talk_names import homes, weights_without

    every = homes(folder)
    return {author: weights_without(author, every) for author in authors}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--households", type=Path, default=ROOT.parent / "shared/households/scripts")
    parser.add_argument("--show", help="print spans with this outcome, e.g. missed, wrong, unclean")
    parser.add_argument("--only", default="ABC", help="authors")
    parser.add_argument(
        "--shipped", action="store_true", help="with the package's weights, fitted on all authors"
    )
    arguments = parser.parse_args()
    by_author: dict[str, list[Any]] = defaultdict(list)
    spent, count = 0.0, 0
    left_out = {} if arguments.shipped else _left_out(arguments.households, arguments.only)
    for home in households(arguments.households):
        if home["author"] in arguments.only:
            begin = time.process_time()
            texts, mentions = read(home, left_out.get(home["author"]))
            spent, count = spent + time.process_time() - begin, count + len(texts)
            rows = list(measure(home, texts, mentions))
            by_author[home["author"]] += rows
            if arguments.show:
                for label, outcome, text, surface in rows:
                    if outcome == arguments.show:
                        print(f"{home['household']} {label:<7}{surface:<30}| {text}")
    result: dict[str, Any] = {author: figures(rows) for author, rows in sorted(by_author.items())}
    result["all"] = figures(row for rows in by_author.values() for row in rows)
    for author, labels in result.items():
        for label, row in labels.items():
            print(f"{author:<4}{label:<7}", " ".join(f"{k} {v:<6}" for k, v in row.items()))
    print(json.dumps({"authors": result, "cpu_ms_per_utterance": round(1000 * spent / max(count, 1), 2)}))


if __name__ == "__main__":
    main()
