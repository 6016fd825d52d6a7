"""How findings of all recognisers become one list without overlaps."""

from __future__ import annotations

from forensics.language.reading import Mention
from forensics.language.rules import join


def test_join_prefers_numbers_then_the_model_and_keeps_hints() -> None:
    model = Mention(0, 10, "MEDIA", 0.6, "model", "")
    phone = Mention(12, 22, "PHONE", 0.9, "rule:phone", "")
    time = Mention(14, 18, "TIME", 0.99, "model", "")
    listed = Mention(4, 8, "DEVICE", 0.85, "list:devices", "")
    hint = Mention(2, 6, "OTHER", 0.5, "list:sensitive", "possible", "child")
    joined = join([time, hint, listed, model, phone])
    assert [(m.label, m.special_category) for m in joined] == [("MEDIA", "child"), ("PHONE", None)]
