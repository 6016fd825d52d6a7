"""What becomes of a reading, by the evidence for and against it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.transcription.confidence import calibrated_words, utterance_confidence
from forensics.transcription.engine import Clip, Reading, Word, compression_ratio
from forensics.transcription.evidence import agreement, is_doubtful, is_wake_word, judge, says_twice

SPOKEN = Clip(np.zeros(48_000, np.float32), ((0.5, 2.5),), 0.98)
FAINT = Clip(np.zeros(48_000, np.float32), ((0.5, 0.7),), 0.4)


def reading(text: str, **facts: float | str | None) -> Reading:
    words = tuple(Word(w, 0.5, 1.0, 0.9) for w in text.split())
    plain = Reading(text, "en", 0.99, words, -0.2, 0.05, compression_ratio(text))
    return replace(plain, **facts)


def test_plain_speech_stays() -> None:
    judgement = judge(reading("Turn off the light."), SPOKEN)
    assert (judgement.text, judgement.flags) == ("Turn off the light.", ())


def test_badly_understood_speech_is_not_silenced() -> None:
    assert judge(reading("Spieltepa-Butz.", avg_logprob=-1.4, second="Spiel Tapas"), SPOKEN).text


@pytest.mark.parametrize(
    "invented",
    [
        reading("Thank you.", avg_logprob=-1.2, no_speech_prob=0.8, second="you"),
        reading("I'll see you guys next time.", avg_logprob=-0.4, second="Let's go."),
        reading("you", avg_logprob=-0.9, second="you"),
    ],
)
def test_words_for_faint_sounds_need_evidence(invented: Reading) -> None:
    judgement = judge(invented, FAINT)
    assert judgement.text == ""
    assert judgement.flags == ("hallucination", "empty")


def test_music_is_not_thanked_for() -> None:
    thanks = reading("Thank you.", avg_logprob=-0.96, no_speech_prob=0.74, second="Thank you.")
    assert judge(thanks, replace(SPOKEN, speech_probability=0.7)).flags == ("hallucination", "empty")
    assert judge(thanks, SPOKEN).text == "Thank you."
    assert judge(replace(thanks, no_speech_prob=0.2), replace(SPOKEN, speech_probability=0.7)).text


def test_a_quiet_speaker_is_heard() -> None:
    quiet = reading("Light off.", avg_logprob=-0.4, second="Light off!")
    assert judge(quiet, FAINT).text == "Light off."


def test_loops_are_invented_and_flagged() -> None:
    judgement = judge(reading("I don't know what to do, " * 20, avg_logprob=-0.1), SPOKEN)
    assert judgement.text == ""
    assert judgement.flags == ("hallucination", "repeated", "empty")


def test_somebody_may_say_stop_four_times() -> None:
    stop = reading("Stop, stop, stop, stop.", second="Stop stop stop stop")
    judgement = judge(stop, SPOKEN)
    assert (judgement.text, judgement.flags) == (stop.text, ("repeated",))


@pytest.mark.parametrize(
    "text", ["Alexa", "Alexa.", "alexa, Alexa!", "Okay, Google.", "Hey Siri", "Computer?"]
)
def test_a_wake_word_alone_is_no_text(text: str) -> None:
    judgement = judge(reading(text), SPOKEN)
    assert (judgement.text, judgement.flags) == ("", ("wake_word_only", "empty"))


SHORT = replace(SPOKEN, speech=((0.5, 1.3),), wake_word_score=0.97)


@pytest.mark.parametrize("text", ["I'll ask a", "Alex saw.", "A lecture", "Alexis"])
def test_a_wake_word_heard_as_something_else(text: str) -> None:
    judgement = judge(reading(text), SHORT)
    assert (judgement.text, judgement.flags) == ("", ("wake_word_only", "empty"))
    assert judge(reading(text), replace(SHORT, wake_word_score=0.3)).text == text
    assert judge(reading(text), replace(SHORT, speech=((0.5, 2.2),))).text == text


def test_wake_words_without_a_detector_must_be_nearly_right_and_unsure() -> None:
    raspy = reading("Hey, raspy.", avg_logprob=-0.6)
    silent = replace(SHORT, wake_word_score=0.0)
    assert judge(raspy, silent).flags == ("wake_word_only", "empty")
    assert judge(replace(raspy, avg_logprob=-0.1), silent).text == "Hey, raspy."
    assert judge(reading("Jobs.", avg_logprob=-0.9, second="Javis"), silent).text == ""


@pytest.mark.parametrize(
    "text", ["Stop.", "Yes", "Lauter.", "Leiser", "Ja.", "Relax", "Licht aus.", "Hey", "Seven", "Pause"]
)
def test_short_commands_are_text_even_where_the_detector_errs(text: str) -> None:
    assert judge(reading(text), SHORT).text == text
    assert judge(reading(text, avg_logprob=-0.9), replace(SHORT, wake_word_score=0.0)).text == text


@pytest.mark.parametrize("text", ["Alexa, stop.", "", "Alex", "Play computer music", "Hey"])
def test_more_than_a_wake_word_is_text(text: str) -> None:
    assert not is_wake_word(text)


@pytest.mark.parametrize(
    ("text", "twice"),
    [("Lobsters and lobsters Lobsters and lobsters", True), ("tablecloth, tablecloth.", True),
     ("what the what", False), ("", False), ("one", False)],
)  # fmt: skip
def test_saying_the_same_again(text: str, twice: bool) -> None:
    assert says_twice(text) == twice
    assert is_doubtful(reading(text), SPOKEN) == twice


@pytest.mark.parametrize(
    "facts", [{"avg_logprob": -0.9}, {"language_probability": 0.4}, {"compression_ratio": 2.1}]
)
def test_doubt(facts: dict[str, float]) -> None:
    assert is_doubtful(reading("Turn off the light.", **facts), SPOKEN)
    assert is_doubtful(reading("Turn off the light."), FAINT)


@given(st.text(max_size=30), st.text(max_size=30))
def test_agreement_is_symmetric_and_a_share(one: str, other: str) -> None:
    assert agreement(one, other) == agreement(other, one)
    assert 0 <= agreement(one, other) <= 1


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8), st.floats(-5, 0))
def test_confidences_are_probabilities_and_grow_with_evidence(scores: list[float], logprob: float) -> None:
    words = tuple(Word(f"w{i}", 0, 1, p) for i, p in enumerate(scores))
    heard = replace(reading("x"), words=words, avg_logprob=logprob)
    assert all(0 <= w.probability <= 1 for w in calibrated_words(heard))
    assert 0 <= utterance_confidence(heard) <= 1
    assert utterance_confidence(replace(heard, avg_logprob=logprob - 1)) <= utterance_confidence(heard)


@given(st.text(max_size=200), st.floats(-5, 0), st.floats(0, 1), st.floats(0, 1))
def test_every_reading_is_judged(text: str, logprob: float, silence: float, activity: float) -> None:
    clip = replace(SPOKEN, speech_probability=activity)
    judgement = judge(reading(text, avg_logprob=logprob, no_speech_prob=silence), clip)
    assert judgement.text in ("", text)
    assert ("empty" in judgement.flags) == (judgement.text == "")
