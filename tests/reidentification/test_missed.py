"""What a listener hears and we do not: how often, how much it helps him, and that he cannot see the truth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from test_worlds import PEOPLE, fixed, learned

from forensics.reidentification import missed as module
from forensics.reidentification.missed import Missed, Unheard
from forensics.reidentification.risk import Extent
from forensics.reidentification.worlds import Worlds

DRAWS = 20_000


@pytest.fixture
def stated(monkeypatch):
    """Every assumption fixed: said .5 (contacts and family .8 on average), recall .5, roles .9."""

    def assumed(key):
        if key in ("missed_contact", "missed_family"):
            return fixed(0.8)
        return fixed(0.9 if key.startswith("role_") else 0.5)

    monkeypatch.setattr(module, "assumption", assumed)


def things(*claims, utterances=1000, unread=0.0):
    found = Missed.given(claims, utterances, PEOPLE, unread)
    return {f"{t.kind} {n}": t for n, t in enumerate(replace(found, clarity=1.0).things(0, DRAWS))}


def test_what_was_not_found_may_have_been_said(stated):
    """Bayes: said and missed .5 * .5, not said .5: one third."""
    found = things(learned("a", 1e-3))
    place = next(t for t in found.values() if t.kind == "home_place")
    assert place.present.mean() == pytest.approx(1 / 3, abs=0.02)


def test_more_contacts_than_were_found(stated):
    """Poisson of mean .8 * .5: at least one 1 - e^-.4, at least two 1 - 1.4 e^-.4."""
    one, two = (t for t in things(learned("c", 1e-3, attribute="contact", role="contact")).values()
                if t.kind == "contact")  # fmt: skip
    assert one.present.mean() == pytest.approx(1 - np.exp(-0.4), abs=0.02)
    assert two.present.mean() == pytest.approx(1 - 1.4 * np.exp(-0.4), abs=0.01)
    assert not (two.present & ~one.present).any()


def test_a_small_bundle_shows_less(stated):
    """20 utterances show 1 - 1/e of it: π = .316, one in 5.3 instead of one in three."""
    place = next(t for t in things(utterances=20).values() if t.kind == "home_place")
    said = 0.5 * (1 - np.exp(-1))
    assert place.present.mean() == pytest.approx(said * 0.5 / (1 - said * 0.5), abs=0.02)


def test_speech_without_words_is_heard_by_a_listener(stated):
    """Half of the speech unread: recall .25, so .5 * .75 was said and missed, of .875: three in seven."""
    place = next(t for t in things(learned("a", 1e-3), unread=0.5).values() if t.kind == "home_place")
    assert place.present.mean() == pytest.approx(3 / 7, abs=0.02)


def test_how_much_of_the_speech_has_no_words():
    said = [{"recording_id": "a"}, {"recording_id": "b"}, {"recording_id": None}, {"recording_id": None}]
    audio = [{"speech_s": 6.0}, {"speech_s": 2.0}, {"speech_s": None}]
    transcripts = [
        {"unread": [{"start_s": 1.0, "end_s": 4.0}, {"start_s": 5.0, "end_s": 6.0}]},
        {"unread": None},
    ]
    extent = Extent.of(said, audio, transcripts)
    assert (extent.utterances, extent.recordings, extent.unread, extent.missing) == (4, 2, 0.5, 0.25)
    assert Extent.of(said).missing == 0.0


def test_what_was_found_is_not_imputed_again():
    found = Missed.given([learned("Anna", 1e-3), learned("Weber", 1e-4, attribute="surname")], 50, PEOPLE)
    assert found.kinds == ("home_place", "contact", "family")
    assert Missed.given([], 0, PEOPLE).kinds == ()


def unheard(rate, truth, *, present=True, kind="contact"):
    full = np.ones(2000)
    return Unheard(kind, np.full(2000, present), full * rate, full * truth)


class Given(Missed):
    """Missed things as a test states them."""

    def things(self, seed, draws):
        return list(self.stated)

    def __init__(self, *stated):
        super().__init__((), 100, 1.0, PEOPLE)
        object.__setattr__(self, "stated", stated)


def listener(*claims, given=None):
    return Worlds(list(claims), PEOPLE, "listener", 0, 2000, missed=given, structural=False)


def test_the_listener_uses_what_he_heard_besides_where_it_serves_him():
    """n q falls from 100 to .1: .01 becomes about .95 times the doubt of .9; a doubtful thing is left."""
    alone = listener(learned("a", 1e-4)).attack().success.mean()
    more = listener(learned("a", 1e-4), given=Given(unheard(1e-3, 0.9))).attack()
    doubtful = listener(learned("a", 1e-4), given=Given(unheard(0.5, 0.01))).attack()
    assert alone == pytest.approx(0.01, rel=0.02)
    assert more.success.mean() == pytest.approx(0.9 * (1 - np.exp(-0.1)) / 0.1, rel=0.02)
    assert doubtful.success.mean() == pytest.approx(alone, rel=0.02)
    assert np.median(more.k) < 3


def test_what_was_not_said_helps_nobody():
    attack = listener(learned("a", 1e-4), given=Given(unheard(1e-6, 1.0, present=False))).attack()
    assert attack.success.mean() == pytest.approx(0.01, rel=0.02)


def test_the_listener_does_not_know_what_is_true():
    """Two claims, each true in half the worlds: who could see that would win in three of four."""
    attack = listener(
        learned("a", 1e-9, p_role=0.5), learned("b", 1e-9, p_role=0.5, attribute="surname")
    ).attack()
    assert attack.success.mean() == pytest.approx(0.5, abs=0.03)


def test_a_misheard_double_is_no_second_contact():
    """If the doubtful spelling was not said, the listener heard the sure one, and nothing else."""
    sure = learned("Sabine Oltmanns", 1e-5, attribute="contact", role="contact")
    double = learned("Sabine Oltmann", 1e-5, attribute="contact", role="contact", p_value=0.5)
    other = learned("Peter Falk", 1e-5, attribute="contact", role="contact", p_value=0.5)
    echoed = listener(sure, double, given=Given())
    column = [c.value for c in echoed.columns].index("Sabine Oltmann")
    assert np.mean(echoed.rates[:, column] == 1.0) == pytest.approx(0.5, abs=0.05)
    apart = listener(sure, other, given=Given())
    column = [c.value for c in apart.columns].index("Peter Falk")
    assert np.mean(apart.rates[:, column] == 1.0) == 0.0
