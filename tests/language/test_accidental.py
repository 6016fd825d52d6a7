"""Talk that nobody meant for a device scores above commands; what nobody understood has no score."""

from __future__ import annotations

import pytest

from forensics.language.accidental import FEATURES, Sound, accidental_score, features
from forensics.language.reading import Reading

COMMANDS = (
    ("Alexa, set a timer for ten minutes.", "timer"),
    ("Alexa, ruf Hannah an.", "communication"),
    ("Turn off the light in the kitchen.", "smarthome"),
    ("Wie wird das Wetter morgen?", "weather"),
    ("Alexa, stop.", "volume"),
)
TALK = (
    "Please don't tell anyone about the job interview on Tuesday, Katrin.",
    "Hast du die Miete schon überwiesen? Not yet. I will do it on Monday.",
    "I told you he would be late again because the meeting always runs over.",
    "Und dann hat sie gesagt, dass er nicht mehr bei ihr wohnt.",
)


@pytest.mark.parametrize("text", TALK)
@pytest.mark.parametrize(("command", "domain"), COMMANDS)
def test_talk_scores_above_commands(text: str, command: str, domain: str) -> None:
    talk = accidental_score(Reading(text, [], "general", "talk", 0.6))
    meant = accidental_score(Reading(command, [], domain, domain, 0.95))
    assert talk is not None
    assert meant is not None
    assert meant < 0.5 < talk


def test_the_interview_of_the_demo_is_overheard() -> None:
    score = accidental_score(Reading(TALK[0], [], "calendar", "calendar_set", 0.6))
    assert score is not None
    assert score > 0.5


def test_nothing_understood_has_no_score() -> None:
    assert accidental_score(Reading(" ...", [])) is None


def test_a_wake_word_in_the_sound_speaks_for_a_command() -> None:
    reading = Reading("Call Hannah and tell her we are late.", [], "communication", "call", 0.6)
    without, heard = accidental_score(reading, Sound()), accidental_score(reading, Sound(wake_word=0.95))
    assert without is not None
    assert heard is not None
    assert heard < without


def test_each_feature_has_a_weight_and_stays_between_zero_and_two() -> None:
    for text in (*TALK, *(command for command, _ in COMMANDS)):
        values = features(Reading(text, []))
        assert values is not None
        assert len(values) == len(FEATURES)
        assert all(0 <= value <= 2 for value in values)
