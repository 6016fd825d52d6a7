"""The kind of device from the code in an utterance id."""

from __future__ import annotations

import pytest

from forensics.knowledge.device_types import device_type


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("AB72C64C86AW2:1.0/2018/05/15/13/B0F00712518400WN/07:28::TNIH_2V.x", "Echo"),
        ("x/A3S5BH2HU6VAYF_1.0_2018_05_07_04_G090LF0000_20_41.wav", "Echo Dot"),
        ("ADVBD696BHNV5_1.0_2018.wav", "Fire TV"),
        ("A2TF17PFR55MTB#1526383648000#A2TF17PFR55MTB#4F00D", "Alexa app"),
        ("AZZZZZZZZZZZZ_1.0_2018.wav", None),  # a code that nobody documented
        ("XAB72C64C86AW2_1.wav", None),  # part of a longer word
        ("Audio/197689643.wav", None),
    ],
)
def test_device_type(text: str, expected: str | None) -> None:
    assert device_type(text) == expected
