"""A second chance for names: doubtful recordings are read again with the household's own names in mind.

Recognition is worst where re-identification is best. This stage stands after ``language``, because it needs
the names that the household is known to use; it is the one place where evidence flows back. What it finds
are alternatives with probabilities beside the first reading, never instead of it.

A name that the household is known to use is weighed as in speaker verification: the decoder's log
probability of the text with that name is compared with that of the first reading, and with those of control
names that nobody said in the same sentence.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from typing import Any

from forensics.audio.decode import decode_file
from forensics.case.ids import make_id
from forensics.case.options import Options
from forensics.corridor.workbench import Workbench
from forensics.errors import AudioError
from forensics.knowledge.fitted import fitted
from forensics.transcription.doubtful import LEAST_LIKE, Doubtful, doubtful_recordings, is_settled, words_of
from forensics.transcription.engine import Clip, Engine
from forensics.transcription.engines import engine_name, load_engine
from forensics.transcription.known_names import (
    KnownName,
    Span,
    folded,
    nearest,
    place_of,
)
from forensics.transcription.stage import identity as _transcription_identity

LEAST_SHOWN = 0.05
MOST_UNVOUCHED = 0.5
"""Probability that the decoder's own other hypotheses have together."""
CONTROLS = ("Ulrike Sommer", "Bernard Hughes", "Olga Petrenko")
"""Names that a true name must beat in its place: nobody's in the household, unlike each other in sound."""
FEATURES = ("against the first reading", "against the controls", "prompted", "likeness")
"""Their weights: ``make fits-second_hearing``."""

Row = dict[str, Any]


@dataclass(frozen=True)
class Candidate:
    """A name in place of some words.

    Parameters
    ----------
    name : KnownName
    span : Span
        Of the first reading.
    features : tuple of float
        As :data:`FEATURES`.
    """

    name: KnownName
    span: Span
    features: tuple[float, ...]

    @property
    def odds(self) -> float:
        """Log odds that the name was said."""
        weights, intercept = _weights()
        return intercept + sum(w * f for w, f in zip(weights, self.features, strict=True))


@cache
def _weights() -> tuple[tuple[float, ...], float]:
    fit = fitted(__name__)
    return fit.numbers("weights", FEATURES), fit.number("intercept")


def identity(options: Options) -> dict[str, Any]:
    """The same weights and libraries as the first hearing, and the fitted numbers."""
    return {**_transcription_identity(options), "second_hearing": fitted(__name__).digest}


def run(bench: Workbench) -> None:
    """Write ``second_hearing``: one row per doubtful stretch of a recording."""
    if engine_name(bench.options.engine, bench.options.model) != "faster-whisper":
        return
    sounds = _Sounds(bench)
    for item in bench.todo(doubtful_recordings(bench), key=_key, label="Hearing names again"):
        clip = sounds.clip(item.recording_id) if item.names else None
        found = []
        if clip is not None:
            engine = load_engine(bench.options.engine, bench.options.model, exact=bench.options.exact)
            found = candidates(engine, item, clip)
        bench.keep(_key(item), {"second_hearing": rows(item, found)})


def candidates(engine: Engine, item: Doubtful, clip: Clip) -> list[Candidate]:
    """The household's names that may have been said where the first reading has something else.

    Parameters
    ----------
    engine : FasterWhisper
    item : Doubtful
    clip : Clip
    """
    from forensics.transcription.faster_whisper import FasterWhisper
    from forensics.transcription.forced import LONGEST_S, SecondLook

    if not isinstance(engine, FasterWhisper) or clip.seconds > LONGEST_S or not item.names:
        return []
    spans = nearest(item.text, [name.value for name in item.names])
    order = sorted(range(len(spans)), key=lambda k: (-spans[k].likeness, item.names[k].value))
    look = SecondLook(engine, clip, item.language)
    prompted = look.hypotheses([item.names[k].value for k in order])
    first: float | None = None
    found = []
    for k in order:
        name, span = item.names[k], spans[k]
        told = [(place, at) for place, text in enumerate(prompted) if (at := place_of(text, name.value))]
        if not told or span.likeness < LEAST_LIKE or is_settled(item, span):
            continue
        first = look.log_probability(item.text) if first is None else first
        text, (start, end) = prompted[told[0][0]], told[0][1]
        around = [(item.text[: span.start], item.text[span.end :]), (text[:start], text[end:])]
        own, before, after = max((look.log_probability(f"{a}{name.value}{b}"), a, b) for a, b in around)
        words = len(name.value.split())
        others = [" ".join(other.split()[:words]) for other in CONTROLS]
        control = max(look.log_probability(f"{before}{other}{after}") for other in others)
        features = own - first, own - control, 1 / (1 + told[0][0]), span.likeness
        found.append(Candidate(name, span, features))
    return found


def alternatives(found: Sequence[Candidate]) -> list[tuple[Span, list[tuple[Candidate, float]]]]:
    """Candidates for the same words, with probabilities that leave the first reading its share.

    Notes
    -----
    Each candidate's odds are against "not this name". At most one name was said in one place, so that
    P(k) = e^{o_k} / (1 + sum of all e^{o}).
    """
    groups: list[list[Candidate]] = []
    for one in sorted(found, key=lambda c: (-c.odds, c.name.value)):
        for group in groups:
            if any(one.span.start < c.span.end and c.span.start < one.span.end for c in group):
                group.append(one)
                break
        else:
            groups.append([one])
    shared = []
    for group in groups:
        weights = [math.exp(min(c.odds, 30.0)) for c in group]
        total = 1.0 + sum(weights)
        shared.append((group[0].span, [(c, w / total) for c, w in zip(group, weights, strict=True)]))
    return shared


def rows(item: Doubtful, found: Sequence[Candidate]) -> list[Row]:
    """Rows of ``second_hearing`` for one recording: the household's names, and what else the decoder had.

    Parameters
    ----------
    item : Doubtful
    found : sequence of Candidate
    """
    made = []
    for span, weighed in alternatives(found):
        p_first = 1.0 - sum(p for _, p in weighed)
        options = [
            Option(c.name.value, p, ", ".join(sorted(c.name.sources)), c.name.label, c.name.places)
            for c, p in weighed
        ]
        made.append(_row(item, span, p_first, options))
    for start, end, label in item.spans:
        if not any(row["start"] < end and start < row["end"] for row in made):
            others = _in_other_readings(item, start, end)
            # nothing but the beam speaks for these: a name that nobody vouches for never outweighs the first
            most = max(1.0, sum(others.values()) / MOST_UNVOUCHED)
            others = {value: p / most for value, p in others.items()}
            options = [
                Option(value, p, "n-best", label, _read(value, label, item)) for value, p in others.items()
            ]
            made.append(_row(item, Span(start, end, 1.0), 1.0 - sum(others.values()), options))
    return [row for row in made if row["alternatives"]]


@dataclass(frozen=True)
class Option:
    """What may stand in the place of a stretch.

    Parameters
    ----------
    value : str
    p : float
        Probability that it was said.
    source : str
        What suggested it.
    label : {'PERSON', 'PLACE'}
    places : tuple of (int, float)
        What a place's name means, if it was said.
    """

    value: str
    p: float
    source: str
    label: str
    places: tuple[tuple[int, float], ...] = ()


def _read(value: str, label: str, item: Doubtful) -> tuple[tuple[int, float], ...]:
    """The places that a name of the decoder's other hypotheses may mean: this text was not read before."""
    if label != "PLACE":
        return ()
    from forensics.knowledge.place_search import candidates as towns

    return tuple((c.place.geonameid, c.probability) for c in towns(value, language=item.language))


def _row(item: Doubtful, span: Span, p_first: float, options: Sequence[Option]) -> Row:
    shown = [option for option in options if option.p >= LEAST_SHOWN]
    meant: dict[int, float] = defaultdict(float)
    for option in shown:
        for place, p in option.places:
            meant[place] += option.p * p
    start_s, end_s = _when(item, span)
    return {
        "hearing_id": make_id("shg", item.recording_id, item.text, span.start, span.end),
        "utterance_id": item.utterance_id,
        "recording_id": item.recording_id,
        "data_subject_group": item.group,
        "start": span.start,
        "end": span.end,
        "start_s": start_s,
        "end_s": end_s,
        "label": options[0].label if options else "PERSON",
        "first": item.text[span.start : span.end],
        "p_first": round(max(p_first, 0.0), 4),
        "alternatives": [{"value": o.value, "probability": round(o.p, 4)} for o in shown],
        "places": [{"place_id": place, "probability": round(p, 4)} for place, p in _ranked(meant)],
        "suggested_by": [{"name": o.value, "value": o.source} for o in shown],
    }


def _ranked(weights: Mapping[int, float]) -> list[tuple[int, float]]:
    return sorted(weights.items(), key=lambda item: (-item[1], item[0]))


def _in_other_readings(item: Doubtful, start: int, end: int) -> dict[str, float]:
    """What stands in place of a stretch in the decoder's other hypotheses, with their share of the beam."""
    words = list(re.finditer(r"\S+", item.text))
    inside = [k for k, word in enumerate(words) if word.start() < end and start < word.end()]
    if not inside:
        return {}
    first = [folded(word.group()) for word in words]
    found: dict[str, float] = defaultdict(float)
    for text, share in item.others:
        said = text.split()
        blocks = SequenceMatcher(None, first, [folded(word) for word in said], autojunk=False).get_opcodes()
        taken: list[int] = []
        for tag, a, b, c, d in blocks:
            if tag == "equal":
                taken += [c + k - a for k in inside if a <= k < b]
            elif a <= inside[-1] and inside[0] < max(b, a + 1):
                taken += range(c, d)
        value = " ".join(said[n] for n in taken).strip(".,;:!?")
        if value and folded(value) != folded(item.text[start:end]):
            found[value] += share
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def _when(item: Doubtful, span: Span) -> tuple[float | None, float | None]:
    """Seconds of the words of a span."""
    inside = [
        times[1:3]
        for times, (start, end, _) in zip(item.words, words_of(item), strict=True)
        if start < span.end and span.start < end
    ]
    return (inside[0][0], inside[-1][1]) if inside else (None, None)


# -- which recordings ----------------------------------------------------------------------------------------


def _key(item: Doubtful) -> list[Any]:
    names = [(n.value, n.label, n.sources, n.places) for n in item.names]
    facts = (item.utterance_id, item.recording_id, item.group, item.text, item.language, item.words,
             item.spans, item.others, item.settled)  # fmt: skip
    return [*facts, names]


class _Sounds:
    """The sound of a recording with its speech activity."""

    def __init__(self, bench: Workbench) -> None:
        self._case = bench.case
        self._hashes = {r["recording_id"]: r["sha256"] for r in bench.rows("recordings")}
        self._audio = {r["recording_id"]: r for r in bench.rows("audio")}

    def clip(self, recording: str) -> Clip | None:
        """None where it can no longer be decoded."""
        try:
            path = self._case.evidence_path(self._hashes[recording])
            samples = decode_file(path, name=recording).samples
        except AudioError:
            return None
        row = self._audio[recording]
        spans = [] if row["speech"] is None else list(row["speech"])
        speech = tuple((float(s["start_s"]), float(s["end_s"])) for s in spans)
        return Clip(samples, speech, float(row["speech_probability"] or 0.0))
