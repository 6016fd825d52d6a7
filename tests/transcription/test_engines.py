"""The same demands on every engine."""

from __future__ import annotations

from pathlib import Path

import pytest
from threadpoolctl import threadpool_limits

from forensics.audio.decode import decode
from forensics.transcription.engine import Clip, Engine, LanguageChoice, household_prior
from forensics.transcription.engines import load_engine
from forensics.transcription.evidence import agreement

pytestmark = pytest.mark.speech

CLIPS = {
    "speakers_ms/myVoiceIsMyPassportVerifyMe01.flac": ("en", "my voice is my passport verify me"),
    "german_emodb/15a07Nc.flac": ("de", "in sieben stunden wird es soweit sein"),
    "speakers_asterisk_8k/allison_all-circuits-busy-now.flac": ("en", "all circuits are busy now"),
    "german_thorsten/sample03-gt.flac": (
        "de",
        "europa und asien zusammengenommen wird auch als eurasien bezeichnet",
    ),
}
EVEN = LanguageChoice(prior={"en": 20, "de": 20, "": 1})


FAST, EXACT, REFERENCE = "faster-whisper", "faster-whisper exact", "openai-whisper"


def engine(named: str) -> Engine:
    name, _, exact = named.partition(" ")
    return load_engine(name, "base", exact=bool(exact))


@pytest.fixture(scope="module")
def clips(shared_dir: Path) -> list[Clip]:
    return [Clip(decode((shared_dir / "audio" / name).read_bytes()).samples) for name in CLIPS]


# openai-whisper takes seconds per clip: two are enough to see that it is the same engine from outside
@pytest.mark.parametrize(("named", "count"), [(FAST, 4), (EXACT, 4), (REFERENCE, 2)])
def test_hears_both_languages(named: str, count: int, clips: list[Clip]) -> None:
    readings = engine(named).read(clips[-count:], EVEN)
    for reading, clip, (language, said) in zip(
        readings, clips[-count:], list(CLIPS.values())[-count:], strict=True
    ):
        assert reading.language == language
        assert agreement(reading.text, said) > 0.9  # processors differ in the last bit
        assert " ".join(w.word for w in reading.words) == reading.text
        assert all(0 <= w.start_s <= w.end_s <= clip.seconds for w in reading.words)
        assert all(0 <= w.probability <= 1 for w in reading.words)
        assert reading.avg_logprob <= 0 <= reading.no_speech_prob <= 1


@pytest.mark.parametrize("named", [FAST, EXACT])
def test_a_reading_does_not_depend_on_its_neighbours(named: str, clips: list[Clip]) -> None:
    together = engine(named).read(clips[:2], EVEN)
    assert engine(named).read(clips[1:2], EVEN) == together[1:]


def test_a_reading_does_not_depend_on_the_number_of_threads(clips: list[Clip]) -> None:
    readings = []
    for threads in (1, 2):
        with threadpool_limits(limits=threads, user_api="blas"):
            readings.append(engine(FAST).read(clips[1:3], EVEN))
    assert readings[0] == readings[1]


@pytest.mark.parametrize("named", [FAST, EXACT])
def test_language_can_be_forced(named: str, clips: list[Clip]) -> None:
    (reading,) = engine(named).read(clips[1:2], LanguageChoice(forced="de"))
    assert (reading.language, reading.language_probability) == ("de", 1.0)


def test_weights_are_named(clips: list[Clip]) -> None:
    hearing = engine(FAST)
    assert (hearing.name, hearing.model, len(hearing.model_sha256)) == ("faster-whisper", "base", 64)


def test_prior_of_a_household_decides_what_is_heard_half() -> None:
    sample = [{"de": 0.9, "en": 0.1}] * 8 + [{"nl": 0.6, "de": 0.4}]
    prior = household_prior(sample)
    assert LanguageChoice(prior=prior).decide({"nl": 0.6, "de": 0.4, "en": 0.0})[0] == "de"
    assert LanguageChoice(prior=prior).decide({"nl": 0.001, "de": 0.0, "en": 0.999})[0] == "en"
    assert LanguageChoice(prior=prior).decide({"fr": 0.9999, "de": 0.0001})[0] == "fr"


@pytest.mark.parametrize(
    ("heard", "named"),
    [
        ({"tr": 0.95, "de": 0.01}, "tr"),
        ({"pl": 0.8, "de": 0.02, "en": 0.1}, "pl"),
        ({"nl": 0.9, "de": 0.03}, "nl"),
        ({"nl": 0.5, "de": 0.3}, "de"),
        ({"en": 0.6, "de": 0.26, "nl": 0.1}, "de"),
    ],
)
def test_a_language_new_to_the_household_is_named_where_it_is_plain(
    heard: dict[str, float], named: str
) -> None:
    prior = household_prior([{"de": 0.98, "en": 0.01, "nl": 0.01}] * 24)
    assert LanguageChoice(prior=prior).decide(heard)[0] == named


FOREIGN = {
    "commands_home_fr/s2p_fr_allume_les_lumieres_en_bleu.flac": "fr",
    "odd_formats/french.aiff": "fr",
    "read_leopard/leopard_pt.flac": "pt",
    "odd_formats/chinese.flac": "zh",
    "wakeword_other/es_wakeword-es-02dfb4ac.flac": "es",
    "german_emodb/03a01Fa.flac": "de",
    "german_thorsten/sample02-gt.flac": "de",
}


def test_real_speech_of_other_languages_is_not_taken_for_the_household_s(shared_dir: Path) -> None:
    clips = [Clip(decode((shared_dir / "audio" / name).read_bytes()).samples) for name in FOREIGN]
    heard = engine(FAST).hear_language(clips)
    choice = LanguageChoice(prior=household_prior([{"de": 0.98, "en": 0.02}] * 24))
    assert [choice.decide(h)[0] for h in heard] == list(FOREIGN.values())
