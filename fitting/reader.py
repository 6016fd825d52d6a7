"""Fit how much the answers of a language model are worth: likelihood ratios of its word on people and places.

Without answers a name has a role with probability p, by models that have not seen the home's author. The
answers multiply the odds of each role by exp(w (log q - u)), with q the probability of the answer and u its
usual logarithm. The weight w is the most probable one around 0, and never below: a model that says nothing
gets 0.
"""

from __future__ import annotations

import math
import os
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from scipy.optimize import minimize

from fitting.command import log, main
from fitting.material.second_reader import Read, read_homes
from fitting.material.written_homes import Home, home_of, scripts
from fitting.reading import fit as fit_reading
from fitting.record import ROOT, MissingDataError, Run, Source, Value, beside, file, shared, write
from forensics.knowledge.fitted import parse
from forensics.models.gguf import reader_sha256
from forensics.profile.people import find_people
from forensics.profile.places import named_places
from forensics.profile.weights import Fitted, shipped
from forensics.profile.witness import Answers, Ratios, Witness, answers, log_ratios

SPREAD = 0.5
"""Standard deviation of a weight around 0 before the homes are seen (assumption: a witness is not believed
beforehand)."""
MODEL = ROOT / "build" / "reader" / "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"
"""Where ``make reader-model`` puts the packaged model; ``$FORENSICS_READER`` names another."""
ANSWERS = ROOT / "build" / "reader" / "answers"
READ, WINDOWS = ("a01", "a03", "b01", "b02", "c01", "c03"), 2
"""Homes, and windows of each, that are read for the fit: two of each author; all of them would take hours."""
NOTE = (
    "Six homes, two windows of each. The profile's own models have seen them, which makes answers look worth "
    "less than they are. A weight that does not help on authors left out is set to 0."
)
NOTHING = Ratios(0.0, 0.0, {}, 0.0)


@dataclass(frozen=True)
class Case:
    """One person, or the places of one home: what is believed without the answers, and what is true.

    Parameters
    ----------
    before : sequence of mapping
        Of each alternative, its weight without the answers by role.
    said : sequence of Answers
        About each.
    true : frozenset of (int, str)
        Alternatives and roles that are right; empty if none is.
    nothing : float
        Weight of none of them.
    """

    before: Sequence[Mapping[str, float]]
    said: Sequence[Answers]
    true: frozenset[tuple[int, str]]
    nothing: float = 0.0

    def loss(self, ratios: Ratios) -> float:
        """Negative logarithm of the probability of what is true."""
        total, right = self.nothing, 0.0 if self.true else self.nothing
        for i, (weights, said) in enumerate(zip(self.before, self.said, strict=True)):
            told = log_ratios(said, ratios)
            for role, weight in weights.items():
                moved = weight * math.exp(told.get("contact" if role == "visitor" else role, 0.0))
                total += moved
                right += moved if (i, role) in self.true else 0.0
        return -math.log(max(right, 1e-12) / max(total, 1e-12))


def people_cases(home: Home, rows: Sequence[Mapping[str, Any]], base: Fitted) -> list[Case]:
    """Everybody of a home about whom there is an answer."""
    said = answers(rows, "person")
    found = []
    for person in find_people(replace(home.evidence, witness=Witness()), base):
        if (one := said.get(person.person_id(home.evidence.group))) is None:
            continue
        role = home.truth["bearer_of"](person)
        same = next((g for g in (("visitor", "contact"), ("public_figure", "nobody")) if role in g), (role,))
        found.append(Case([person.roles], [one], frozenset((0, r) for r in same)))
    return found


def place_case(home: Home, rows: Sequence[Mapping[str, Any]], base: Fitted) -> list[Case]:
    """The choice of the home among the places of a household, if there is an answer about one."""
    said = answers(rows, "place")
    found = [one for one in named_places(replace(home.evidence, witness=Witness())) if one.place is not None]
    if not any(one.place.geonameid in said for one in found):
        return []
    return [
        Case(
            [{"home": math.exp(min(one.score("home", base), 20.0))} for one in found],
            [said.get(one.place.geonameid, Answers({}, frozenset())) for one in found],
            frozenset((i, "home") for i, one in enumerate(found) if home.truth["is_home"](one.value)),
            1.0,
        )
    ]


def fit(
    read: Sequence[tuple[Home, Read]], base_of: Callable[[str], Fitted]
) -> tuple[dict[str, Ratios], dict[str, Any]]:
    """The worth of a model's answers, kind by kind; nothing where they do not help on authors left out.

    Parameters
    ----------
    read : sequence of (Home, Read)
        Homes with the answers about them.
    base_of : callable
        From an author to the profile's models that are taken for that author's homes.

    Returns
    -------
    ratios, quality
        ``quality`` has, in nats, how improbable the truth is without and with the answers: of each author
        with weights fitted on the others.
    """
    found, quality = {}, {}
    authors = sorted({home.author for home, _ in read})
    for attribute, cases_of in (("person", people_cases), ("place", place_case)):
        cases = {
            author: [
                case
                for home, one in read
                if home.author == author
                for case in cases_of(home, one.rows, base_of(author))
            ]
            for author in authors
        }
        rows = {author: [one.rows for home, one in read if home.author == author] for author in authors}

        without = sum(case.loss(NOTHING) for author in authors for case in cases[author])
        told = 0.0
        for left_out in authors:
            others = _of(attribute, [a for a in authors if a != left_out], cases, rows)
            told += sum(case.loss(others) for case in cases[left_out])
        best = _of(attribute, authors, cases, rows)
        helps = len(authors) > 1 and told < without
        found[attribute] = best if helps else replace(best, weight=0.0, stated=0.0)
        quality[attribute] = {
            "cases": sum(map(len, cases.values())),
            "nats_without": round(without, 3),
            "nats_with_author_left_out": round(told, 3),
            "weight_before_it_was_tried_on_others": best.weight,
        }
    return found, quality


def _of(
    attribute: str,
    authors: Sequence[str],
    cases: Mapping[str, Sequence[Case]],
    rows: Mapping[str, Sequence[Sequence[Mapping[str, Any]]]],
) -> Ratios:
    return ratios_of(
        attribute, [case for a in authors for case in cases[a]], [home for a in authors for home in rows[a]]
    )


def ratios_of(attribute: str, cases: Sequence[Case], rows: Sequence[Sequence[Mapping[str, Any]]]) -> Ratios:
    """The most probable weights for one kind of question.

    Parameters
    ----------
    attribute : {'person', 'place'}
    cases : sequence of Case
    rows : sequence of sequence of mapping
        Of the table ``reader``, home by home.
    """
    logs: dict[str, list[float]] = defaultdict(list)
    for home in rows:
        for one in answers(home, attribute).values():
            for role, value in one.asked.items():
                logs[role].append(value)
    usual = {role: round(sum(values) / len(values), 4) for role, values in logs.items()}
    cap = round(math.log(1 + sum(1 for case in cases if _says_something(case))), 4)

    def loss(weights: Sequence[float]) -> float:
        ratios = Ratios(float(weights[0]), float(weights[1]), usual, cap)
        prior = sum(float(w) ** 2 for w in weights) / (2 * SPREAD**2)
        return sum(case.loss(ratios) for case in cases) + prior

    best = minimize(loss, [0.1, 0.1], method="L-BFGS-B", bounds=[(0.0, 3.0), (0.0, 3.0)]).x
    return Ratios(round(float(best[0]), 4), round(float(best[1]), 4), usual, cap)


def _says_something(case: Case) -> bool:
    """Whether what is true is somebody, or a home, and not nobody."""
    return any(role not in ("nobody", "public_figure") for _, role in case.true)


def base_models(homes: Sequence[Home]) -> Callable[[str], Fitted]:
    """The profile's models without an author, fitted when they are first asked for."""
    known: dict[str, Fitted] = {}

    def of(author: str) -> Fitted:
        if author not in known:
            known[author] = fit_reading([(h.evidence, h.truth) for h in homes if h.author != author])
        return known[author]

    return of


def run(how: Run) -> None:
    """Ask the model about some shared homes, fit, and write; the ratios of other models stay as they are."""
    path = Path(os.environ.get("FORENSICS_READER", MODEL))
    if not path.is_file():
        raise MissingDataError(f"{path} is missing: a chat model in GGUF. `make reader-model` puts it there.")
    folder = shared("households/scripts", what="the households written by hand")
    homes = [home_of(script) for script in scripts(folder, READ)][:: how.every]
    known = read_homes(homes, path, "questions", ANSWERS, most=WINDOWS, tell=log.info)
    ratios, quality = fit([(home, known[home.name]) for home in homes], lambda author: shipped())
    sha256 = reader_sha256(path)
    written = write(
        "forensics/profile/witness.py",
        script=__file__,
        data=[*(file(folder / f"{home.name}.json") for home in homes), Source(path.name, sha256)],
        seed=None,
        values={
            "models": Value(
                known_ratios() | {sha256: {name: asdict(one) for name, one in ratios.items()}},
                "nats, by SHA-256 of the model, kind of question and answer",
            )
        },
        quality=quality,
        note=NOTE,
        how=how,
    )
    log.info("written: %s", written)


def known_ratios() -> dict[str, Any]:
    """The ratios of other models, as they are."""
    path = ROOT / beside("forensics/profile/witness.py")
    return dict(parse(path.read_bytes(), path.name).value("models")) if path.is_file() else {}


if __name__ == "__main__":
    sys.exit(main(run))
