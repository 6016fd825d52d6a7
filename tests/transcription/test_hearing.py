"""Reading a recording to the end, with an engine that answers as told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from forensics.audio.decode import RATE
from forensics.transcription import hearing
from forensics.transcription.engine import Clip, LanguageChoice, Reading, Word, compression_ratio
from forensics.transcription.heard import Heard
from forensics.transcription.hearing import hear

CHOICE = LanguageChoice(prior={"en": 1.0, "de": 1.0, "": 0.1})


def reading(text: str, start: float, end: float, language: str = "en", **facts: float) -> Reading:
    """Words spread evenly from start to end."""
    parts = text.split()
    step = (end - start) / max(len(parts), 1)
    words = tuple(
        Word(word, round(start + k * step, 2), round(start + (k + 1) * step, 2), 0.9)
        for k, word in enumerate(parts)
    )
    return replace(Reading(text, language, 0.99, words, -0.2, 0.05, compression_ratio(text)), **facts)


@dataclass
class Told:
    """Answers by the length of the clip, to a tenth of a second."""

    answers: Mapping[float, Reading]
    languages: Mapping[float, dict[str, float]] = field(default_factory=dict)
    asked: list[float] = field(default_factory=list)
    name: str = "told"
    version: str = "1"
    model: str = "none"
    model_sha256: str = ""

    def read(self, clips: Sequence[Clip], languages: LanguageChoice) -> list[Reading]:
        self.asked += [round(clip.seconds, 1) for clip in clips]
        return [self.answers[round(clip.seconds, 1)] for clip in clips]

    def hear_language(self, clips: Sequence[Clip]) -> list[dict[str, float]]:
        return [self.languages[round(clip.seconds, 1)] for clip in clips]


@pytest.fixture(autouse=True)
def everything_is_speech(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cut is as clear as its loudest sample."""
    monkeypatch.setattr(
        hearing,
        "listen",
        lambda samples: Clip(samples, ((0.2, len(samples) / RATE - 0.2),), float(np.abs(samples).max())),
    )


def clip(seconds: float, *speech: tuple[float, float], clear: float = 0.98) -> Clip:
    return Clip(np.full(int(seconds * RATE), clear, np.float32), speech, clear)


def heard(engine: Told, one: Clip) -> Heard:
    return hear(engine, [one], CHOICE)[0]


def test_one_reading_stays_as_it_is() -> None:
    first = reading("Turn off the light.", 0.5, 2.4)
    found = heard(Told({4.0: first}), clip(4, (0.5, 2.5)))
    assert (found.text, found.raw_text, found.flags, found.unread) == (first.text, first.text, (), ())
    assert found.reading == first


def test_a_second_language_is_read_in_its_own() -> None:
    answers = {
        8.0: reading("Turn off the light.", 0.3, 2.4),
        2.9: reading("Mach das Fenster zu.", 0.2, 2.7, "de"),
    }
    found = heard(Told(answers), clip(8, (0.3, 2.5), (5.0, 7.5)))
    assert found.text == "Turn off the light. Mach das Fenster zu."
    assert [part.reading.language for part in found.parts] == ["en", "de"]
    assert [w.word for w in found.words][-1] == "zu."
    assert found.words[4].start_s == 5.0
    assert found.flags == ()


def test_the_first_speaker_comes_first_where_a_word_was_drawn_over_him() -> None:
    words = (Word("Turn", 0.0, 5.4, 0.9), *reading("off the light.", 5.4, 7.4).words)
    first = replace(reading("Turn off the light.", 0, 1), words=words)
    answers = {8.0: first, 2.4: reading("Mach das Fenster zu.", 0.2, 2.2, "de")}
    found = heard(Told(answers), clip(8, (0.1, 2.2), (5.0, 7.5)))
    assert found.text == "Mach das Fenster zu. Turn off the light."
    assert found.words[4].start_s == 2.2


def test_a_third_utterance_between_two() -> None:
    first = reading("Guten Abend.", 0.3, 1.4, "de")
    last = reading("Gute Nacht.", 6.3, 7.4, "de")
    both = replace(first, text="Guten Abend. Gute Nacht.", words=(*first.words, *last.words))
    answers = {8.0: both, 2.4: reading("Good morning to you.", 0.2, 2.2)}
    found = heard(Told(answers), clip(8, (0.3, 1.5), (3.0, 5.0), (6.3, 7.5)))
    assert found.text == "Guten Abend. Good morning to you. Gute Nacht."


def test_what_stays_without_words_is_flagged() -> None:
    answers = {8.0: reading("Turn off the light.", 0.3, 2.4), 2.9: reading("", 0, 0)}
    found = heard(Told(answers), clip(8, (0.3, 2.5), (5.0, 7.5)))
    assert (found.text, found.flags) == ("Turn off the light.", ("speech_without_words",))
    assert found.unread == ((5.0, 7.5),)


def test_a_loop_in_a_stretch_is_not_taken() -> None:
    answers = {8.0: reading("Turn off the light.", 0.3, 2.4), 2.9: reading("you know " * 30, 0.2, 2.7)}
    found = heard(Told(answers), clip(8, (0.3, 2.5), (5.0, 7.5)))
    assert (found.text, found.unread) == ("Turn off the light.", ((5.0, 7.5),))
    assert found.raw_text.startswith("Turn off the light. you know you know")


def test_a_noise_beside_an_utterance_is_not_asked_for_words() -> None:
    one = clip(8, (0.3, 2.5), (5.0, 7.5))
    one.samples[4 * RATE :] = 0.7
    engine = Told({8.0: reading("Turn off the light.", 0.3, 2.4)})
    found = heard(engine, one)
    assert (found.text, found.flags, engine.asked) == ("Turn off the light.", (), [8.0])


def test_words_whose_times_were_wrong_are_not_said_twice() -> None:
    answers = {8.0: reading("Turn off the light. Thanks", 0.3, 2.4), 2.9: reading("Thanks.", 0.2, 2.7)}
    found = heard(Told(answers), clip(8, (0.3, 2.5), (5.0, 7.5)))
    assert (found.text, found.unread) == ("Turn off the light. Thanks", ())


def test_a_wake_word_and_a_command_after_a_pause() -> None:
    answers = {8.0: reading("Alexa.", 0.3, 1.0), 2.9: reading("Turn off the light.", 0.2, 2.7)}
    found = heard(Told(answers), clip(8, (0.3, 1.0), (5.0, 7.5)))
    assert (found.text, found.flags) == ("Alexa. Turn off the light.", ())


def test_two_wake_words_are_no_text() -> None:
    answers = {8.0: reading("Alexa.", 0.3, 1.0), 1.4: reading("Computer.", 0.2, 1.2)}
    found = heard(Told(answers), clip(8, (0.3, 1.0), (5.0, 6.0)))
    assert (found.text, found.flags) == ("", ("wake_word_only", "empty"))


def test_a_stretch_written_in_another_language_is_read_again_in_its_own() -> None:
    first = replace(reading("Good night. The lab is on", 0.3, 7.4), language_probability=0.7)
    words = (*reading("Good night.", 0.3, 1.5).words, *reading("The lab is on", 5.1, 7.4).words)
    answers = {
        8.0: replace(first, words=words),
        2.9: reading("Der Lappen liegt auf dem Schrank.", 0.2, 2.7, "de"),
    }
    languages = {1.7: {"en": 0.9, "de": 0.1}, 2.9: {"en": 0.1, "de": 0.9}}
    found = heard(Told(answers, languages), clip(8, (0.3, 1.6), (5.0, 7.5)))
    assert found.text == "Good night. Der Lappen liegt auf dem Schrank."
    assert found.raw_text == "Good night. The lab is on Der Lappen liegt auf dem Schrank."
    kept = heard(Told(answers, languages | {2.9: {"en": 0.4, "de": 0.6}}), clip(8, (0.3, 1.6), (5.0, 7.5)))
    assert kept.text == "Good night. The lab is on"


def test_a_long_recording_is_read_from_pause_to_pause() -> None:
    answers = {
        10.4: reading("Good night everybody and sleep well all of you now please.", 0.2, 10.2),
        12.4: reading("Und jetzt machen wir alle das Licht aus und gehen endlich schlafen.", 0.2, 12.2, "de"),
    }
    found = heard(Told(answers), clip(40, (1.0, 11.0), (25.0, 37.0)))
    assert [part.reading.language for part in found.parts] == ["en", "de"]
    assert found.text.startswith("Good night everybody")
    assert found.text.endswith("endlich schlafen.")
    assert found.words[-1].end_s == pytest.approx(37.0)


def test_alternatives_are_whole_texts() -> None:
    first = replace(reading("Turn off the light.", 0.3, 2.4), alternatives=(("Turn of the light.", 0.2),))
    answers = {8.0: first, 2.9: reading("Mach das Fenster zu.", 0.2, 2.7, "de")}
    found = heard(Told(answers), clip(8, (0.3, 2.5), (5.0, 7.5)))
    assert found.reading.alternatives == (("Turn of the light. Mach das Fenster zu.", 0.2),)


def test_neighbours_do_not_matter() -> None:
    answers = {
        8.0: reading("Turn off the light.", 0.3, 2.4),
        2.9: reading("Mach das Fenster zu.", 0.2, 2.7, "de"),
        5.0: reading("Yes.", 0.5, 1.0),
    }
    one, other = clip(8, (0.3, 2.5), (5.0, 7.5)), clip(5, (0.5, 1.0))
    together = hear(Told(answers), [one, other], CHOICE)
    assert together == [*hear(Told(answers), [one], CHOICE), *hear(Told(answers), [other], CHOICE)]
