"""What each utterance, claim and family of claims adds to the probability of being found.

Leave-one-out is 0 for whatever is said elsewhere too; Shapley values (Shapley 1953) share the success out
over all orders of hearing and sum to the whole; Owen values (Owen 1977) do so family by family, so that
many claims of one family do not count for more because they are many.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from forensics.case.ids import make_id
from forensics.reidentification.anonymity import Array
from forensics.reidentification.draws import stream
from forensics.reidentification.listening import Listening, family_of

PAIRS = 200
"""Permutations in pairs, one read backwards (antithetic; Mitchell et al. 2022, JMLR 23:43). The method asks
for 400 permutations or more (section 6)."""


def attribute(
    group: str, listening: Listening, ids: Sequence[str], orders: Sequence[Sequence[int]], seed: int
) -> list[dict[str, Any]]:
    """Rows of ``attribution`` of one data subject.

    Parameters
    ----------
    ids : sequence of str
        Utterance ids by number, in chronological order where there is one.
    orders : sequence of sequence of int
        Random orders of the utterances in antithetic pairs.
    """
    return [
        *_utterances(group, listening, ids, orders),
        *_claims(group, listening, seed),
    ]


def _utterances(
    group: str, listening: Listening, ids: Sequence[str], orders: Sequence[Sequence[int]]
) -> list[dict[str, Any]]:
    """Utterances that support something; all others add exactly nothing."""
    numbers = list(listening.by_utterance)
    whole = listening.value(listening.everything)
    nothing = listening.value((0,) * len(listening.claims))
    gains = np.zeros((len(orders), len(numbers)))
    place = {number: i for i, number in enumerate(numbers)}
    for row, order in enumerate(orders):
        counts, hint, value = [0] * len(listening.claims), 0, nothing
        for number in order:
            if number not in place:
                continue
            for column in listening.by_utterance[number]:
                counts[column] += 1
            state = tuple(counts)
            now = listening.value(state, hint)
            hint = listening.best(state, hint)
            gains[row, place[number]], value = now - value, now
    mean, error = _antithetic(gains)
    found = []
    for i, number in enumerate(numbers):
        columns = listening.by_utterance[number]
        without, alone = list(listening.everything), [0] * len(listening.claims)
        for column in columns:
            without[column] -= 1
            alone[column] = 1
        found.append(
            {
                "attribution_id": make_id("att", group, "utterance", ids[number]),
                "unit": "utterance",
                "item": ids[number],
                "family": None,
                "first_mention": number + 1,
                "n_utterances": 1,
                "alone": listening.value(tuple(alone)),
                "leave_one_out": whole - listening.value(tuple(without)),
                "shapley": float(mean[i]),
                "shapley_se": float(error[i]),
                "owen": None,
                "permutations": len(orders),
                "data_subject_group": group,
            }
        )
    return found


def _claims(group: str, listening: Listening, seed: int) -> list[dict[str, Any]]:
    claims, everything = listening.claims, listening.everything
    families = [family_of(c) for c in claims]
    names = sorted(set(families))
    rng = stream(seed, "permutations")
    plain, grouped = [], []
    for _ in range(PAIRS):
        order = rng.permutation(len(claims)).tolist()
        plain += [order, order[::-1]]
        by_family = [
            i
            for name in rng.permutation(len(names)).tolist()
            for i in rng.permutation([j for j, f in enumerate(families) if f == names[name]]).tolist()
        ]
        grouped += [by_family, by_family[::-1]]
    shapley, shapley_se = _antithetic(_marginals(listening, plain))
    within = _marginals(listening, grouped)
    owen, _ = _antithetic(within)

    def alone(columns: Sequence[int]) -> float:
        return listening.value(tuple(n if i in columns else 0 for i, n in enumerate(everything)))

    def row(unit: str, item: str, family: str, columns: Sequence[int], **values: Any) -> dict[str, Any]:
        rest = [i for i in range(len(claims)) if i not in columns]
        heard = {number for i in columns for number in listening.heard_in[i]}
        return {
            "attribution_id": make_id("att", group, unit, item),
            "unit": unit,
            "item": item,
            "family": family,
            "first_mention": min(heard) + 1,
            "n_utterances": len(heard),
            "alone": alone(columns),
            "leave_one_out": listening.value(everything) - alone(rest),
            "permutations": 2 * PAIRS,
            "data_subject_group": group,
            **values,
        }

    found = [
        row(
            "claim", claim.claim_id, families[i], [i],
            shapley=float(shapley[i]), shapley_se=float(shapley_se[i]), owen=float(owen[i]),
        )
        for i, claim in enumerate(claims)
    ]  # fmt: skip
    for name in names:
        columns = [i for i, family in enumerate(families) if family == name]
        mean, error = _antithetic(within[:, columns].sum(axis=1, keepdims=True))
        found.append(
            row("family", name, name, columns, shapley=float(mean[0]), shapley_se=float(error[0]), owen=None)
        )
    return found


def _marginals(listening: Listening, orders: Sequence[Sequence[int]]) -> Array:
    """What each claim adds when it comes after those before it, shape (orders, claims)."""
    found = np.zeros((len(orders), len(listening.claims)))
    nothing = listening.value((0,) * len(listening.claims))
    for row, order in enumerate(orders):
        counts, value, hint = [0] * len(listening.claims), nothing, 0
        for column in order:
            counts[column] = listening.everything[column]
            state = tuple(counts)
            now = listening.value(state, hint)
            hint = listening.best(state, hint)
            found[row, column], value = now - value, now
    return found


def _antithetic(samples: Array) -> tuple[Array, Array]:
    """Mean, and its standard error from the means of the antithetic pairs, which are independent."""
    pairs = samples.reshape(-1, 2, samples.shape[1]).mean(axis=1)
    return pairs.mean(axis=0), pairs.std(axis=0, ddof=1) / np.sqrt(len(pairs))
