"""What a language model's answers are worth: one that tells something gets weight, one that guesses none."""

from __future__ import annotations

import math

import pytest

from fitting.reader import NOTHING, Case, ratios_of
from forensics.profile.witness import PERSON_ROLES, Answers

ROLES = ("child", "nobody")


def rows(answers: list[str]) -> list[list[dict[str, object]]]:
    """Answers of one home: the stated role with .7, the rest with .05 each."""
    return [
        [
            {"form": "questions", "attribute": "person", "outcome": "kept", "person_id": f"p{n}",
             "place_id": None, "role": said,
             "roles": [{"value": r, "probability": 0.7 if r == said else 0.05} for r in PERSON_ROLES]}
            for n, said in enumerate(answers)
        ]
    ]  # fmt: skip


def case(truth: str, said: str) -> Case:
    logs = {role: math.log(0.7 if role == said else 0.05) for role in PERSON_ROLES}
    return Case([dict.fromkeys(ROLES, 0.5)], [Answers(logs, frozenset())], frozenset({(0, truth)}))


@pytest.mark.parametrize(("lies_every", "telling"), [(10, True), (2, False)], ids=["tells", "guesses"])
def test_a_weight_is_what_the_answers_have_earned(lies_every: int, telling: bool) -> None:
    truth = [ROLES[n // 2 % 2] for n in range(40)]
    said = [ROLES[1 - ROLES.index(t)] if n % lies_every == 0 else t for n, t in enumerate(truth)]
    cases = [case(t, s) for t, s in zip(truth, said, strict=True)]
    found = ratios_of("person", cases, rows(said))
    assert (found.weight > 0.2) == telling
    assert found.weight < 1.0  # nine of ten: less sure than the model states
    with_it, without = (sum(c.loss(r) for c in cases) for r in (found, NOTHING))
    assert (with_it < without - 5) == telling
    assert without == pytest.approx(40 * math.log(2))
    assert found.cap == pytest.approx(math.log(1 + truth.count("child")), abs=1e-3)
