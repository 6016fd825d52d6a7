"""What to withhold: small plans by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from forensics.case.options import Options
from forensics.case.schemas import TABLES
from forensics.errors import ForensicsError
from forensics.redaction.plan import CAREFUL, check, make_plan
from forensics.redaction.spans import Releasable, Secret, is_secret, joined, masked, secrets_of
from forensics.redaction.stage import plan_rows, releasable, released_group
from forensics.reidentification.learned import Learned
from forensics.reidentification.population import Population
from forensics.reidentification.rates import Rate
from forensics.reidentification.risk import Extent
from tests.rows import utterance_row

PEOPLE = Population("DE", 83_000_000, 41_000_000, "test")
OPTIONS = Options(draws=400)


def claim(name: str, rate: float, attribute: str = "surname") -> Learned:
    spread = (rate / 2, rate * 2)
    return Learned(
        name, attribute, "subject", name, 0.95, 1.0, {}, frozenset({"audio"}), "names",
        Rate(rate, 20, "person", "assumption", "test", spread), person_id=name,
    )  # fmt: skip


CLAIMS = [claim("rare", 1e-5), claim("common", 0.01, "first_name"), claim("town", 2e-3, "home_place")]


def sounds(n: int = 10) -> list[Releasable]:
    return [Releasable(f"r{i}", f"rec-{i}", f"{i:064x}", 4.0) for i in range(n)]


def secrets() -> dict[str, Secret]:
    return {
        "rare": Secret("rare", frozenset({"rare"}), {"r0": ((1.0, 1.5),), "r1": None}),
        "common": Secret("common", frozenset({"common"}), {"r2": ((0.0, 1.0),)}),
        "town": Secret("town", frozenset({"town"}), {f"r{i}": ((2.0, 2.4),) for i in range(3, 9)}),
    }


def test_silence_where_words_have_times_and_withhold_where_not():
    plan = make_plan(CLAIMS, secrets(), sounds(), PEOPLE, OPTIONS, k=1_000_000)
    assert "rare" in plan.hidden
    assert "r1" in plan.withheld
    assert plan.silenced["r0"] == [(1.0, 1.5)]
    assert plan.check.k_lo_machine >= 1_000_000


def test_more_people_take_more_away_and_the_plan_keeps_its_promise():
    lost = []
    for k in (20, 1000, 100_000):
        plan = make_plan(CLAIMS, secrets(), sounds(), PEOPLE, OPTIONS, k=k)
        left = [c for c in CLAIMS if c.claim_id not in plan.hidden]
        n = len(sounds()) - len(plan.withheld)
        again = check(left, Extent(n, n), PEOPLE, replace(OPTIONS, seed=3))
        assert again.k_lo_machine >= 0.5 * k  # other draws of the same worlds
        assert plan.check.k_lo_machine >= k
        lost.append(plan.seconds)
    assert lost == sorted(lost)


def test_a_listener_is_promised_k_by_fewer_utterances():
    free = make_plan(CLAIMS, secrets(), sounds(), PEOPLE, OPTIONS, k=20)
    bound = make_plan(CLAIMS, secrets(), sounds(), PEOPLE, OPTIONS, k=20, listener=True)
    assert bound.check.k_lo >= 20
    assert len(bound.withheld) >= len(free.withheld)


def test_nothing_is_withheld_when_what_was_said_fits_many():
    few = [claim("common", 0.05, "first_name")]
    plan = make_plan(few, secrets(), sounds(), PEOPLE, OPTIONS, k=2)
    assert not plan.hidden
    assert not plan.withheld
    assert plan.seconds == 0


def test_a_register_that_names_somebody_forces_a_cut():
    def top(left: frozenset[str]) -> float:
        return 0.9 if "common" in left else 0.001

    plan = make_plan(CLAIMS, secrets(), sounds(), PEOPLE, OPTIONS, k=20, register_top=top)
    assert "common" in plan.hidden
    assert plan.check.register_top == 0.001


def test_more_than_everybody_is_refused():
    with pytest.raises(ForensicsError, match="more than there are households"):
        make_plan(CLAIMS, secrets(), sounds(), PEOPLE, OPTIONS, k=50_000_000)


def test_somebody_who_knows_the_voices_is_not_promised_anything():
    assert {a.name for a in CAREFUL} == {"stranger", "register"}


def test_words_to_hide_are_found_by_sound_and_in_other_utterances_too():
    row: dict[str, Any] = {
        "claim_id": "c", "value": "Stefan Brinkmann",
        "alternatives": [{"value": "Brinkman", "probability": 0.2}],
        "mention_ids": ["m1"], "utterance_ids": ["a", "b"],
    }  # fmt: skip
    mention = {"mention_id": "m1", "surface": "Stephan Brinkmann"}
    timed = (("ruf", 0.0, 0.3), ("Stefan", 0.4, 0.9), ("Brinkmanns", 0.9, 1.5), ("an", 1.5, 1.7))
    heard = [
        Releasable("a", "rec-a", "0", 2.0, timed, ("ruf Stefan Brinkmanns an",)),
        Releasable(
            "b", "rec-b", "1", 2.0, (), ("etwas anderes",)
        ),  # supports the claim, and nobody knows where
        Releasable("c", "rec-c", "2", 2.0, (("brinkman", 0.5, 1.0),), ("brinkman",)),  # not among the support
        Releasable("d", "rec-d", "3", 2.0, (("licht", 0.5, 1.0),), ("licht",)),
    ]
    spans = secrets_of([row], [mention], heard)["c"].spans
    assert spans["a"] == (
        (pytest.approx(0.25), pytest.approx(1.05)),
        (pytest.approx(0.75), pytest.approx(1.65)),
    )
    assert spans["b"] is None
    assert spans["c"] is not None
    assert "d" not in spans


def test_masking():
    tokens = frozenset({"brinkmann", "stefan"})
    assert masked("ruf Stefan Brinkmann an", tokens) == "ruf … … an"
    assert is_secret("Brinkmanns", tokens)
    assert is_secret("Brinckmann", tokens)
    assert not is_secret("Brink", tokens)
    assert joined([(1.0, 2.0), (0.5, 1.2), (3.0, 4.0)]) == [(0.5, 2.0), (3.0, 4.0)]


def test_texts_of_an_utterance_are_the_vendors_first_then_ours():
    own = {
        "utterances": [
            utterance_row("u1"), utterance_row("u2", text="ruf oma an"),
            utterance_row("u3", text="wie spät ist es", sound=False),
        ],
        "recordings": [{"recording_id": "rec-u1", "sha256": "a"}, {"recording_id": "rec-u2", "sha256": "b"}],
        "audio": [
            {"recording_id": "rec-u1", "duration_s": 3.0}, {"recording_id": "rec-u2", "duration_s": None},
        ],
        "transcripts": [
            {"recording_id": "rec-u1", "engine": "vendor", "text": "", "raw_text": None, "words": []},
            {"recording_id": "rec-u2", "engine": "x", "text": "", "raw_text": "Ruf Oma an.", "words": []},
        ],
    }  # fmt: skip
    first, second, third = releasable(own)
    assert (first.texts, first.seconds, first.sha256) == ((), 3.0, "a")
    assert (second.texts, second.seconds) == (("ruf oma an", "Ruf Oma an."), 0.0)
    assert (third.texts, third.recording_id, third.sha256) == (("wie spät ist es",), None, None)


def test_text_without_sound_loses_its_words_or_is_withheld():
    row: dict[str, Any] = {
        "claim_id": "c", "value": "Brinkmann", "alternatives": [], "mention_ids": [],
        "utterance_ids": ["a", "b"],
    }  # fmt: skip
    said = [
        Releasable("a", texts=("ruf Brinkmann an",)),
        Releasable("b", texts=("ruf ihn an",)),  # supports the claim, and no word says how
        Releasable("c", texts=("licht an",)),
    ]
    secret = secrets_of([row], [], said)["c"]
    assert secret.spans == {"a": (), "b": None}
    only = claim("c", 1e-5)
    plan = make_plan([only], {"c": secret}, said, PEOPLE, OPTIONS, k=1_000_000)
    assert (plan.withheld, plan.replaced, plan.silenced) == (("b",), ("a",), {})
    assert plan.seconds == 0.0
    own = {
        "utterances": [utterance_row(u.utterance_id, text=u.texts[0], sound=False) for u in said],
        "recordings": [], "audio": [], "transcripts": [],
    }  # fmt: skip
    rows = plan_rows("g", plan, own, 1_000_000)
    assert [(r["utterance_id"], r["action"], r["recording_id"]) for r in rows] == [
        ("a", "replace", None), ("b", "withhold", None),
    ]  # fmt: skip
    TABLES["redaction"].check(TABLES["redaction"].from_rows(rows))


def test_the_data_subject_with_most_utterances_is_released():
    rows = [utterance_row(f"u{i}", sound=False, data_subject_group="b" if i else "a") for i in range(3)]
    assert released_group(rows) == "b"
    assert released_group([]) is None
