"""Chooses what to withhold: a mixed-integer programme, verified by the full sampler, with cuts.

Minimise the seconds lost, subject to hiding enough bits (method section 6). For claim c hidden (y_c = 1),
every utterance r in which it can be heard or read is withheld (z_r = 1) or cut at its words (w_rc = 1): its
sound silenced there, or its text without sound released with the words replaced::

    min Σ cost_r z_r + Σ cost_rc w_rc   s.t.   Σ b_c y_c ≥ I - log2(N / k),   z_r + w_rc ≥ y_c

That bits add up is an approximation. So the plan is checked with the sampled worlds that measure the risk:
for every adversary who does not know the household and has what our transcripts have, the 5 % bound of K on
*all* claims left must be at least k, and a given register's best candidate at most 1/k. Where that
fails, a cut forbids the plan and everything that hides less, and more bits are demanded. What a listener may
hear that we missed is measured and said; it binds the plan only if asked for, because no word of what we
missed can be silenced: only releasing fewer utterances helps.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from forensics.case.options import Options
from forensics.errors import ForensicsError
from forensics.redaction.spans import Releasable, Secret, joined
from forensics.reidentification.adversaries import ADVERSARIES
from forensics.reidentification.anonymity import bits
from forensics.reidentification.learned import Learned
from forensics.reidentification.population import Population
from forensics.reidentification.risk import Extent, worlds_of

ROUNDS = 60
"""Plans that are tried before a target is given up."""
CAREFUL = tuple(a for a in ADVERSARIES if a.name != "acquaintance")
"""K cannot protect from somebody who knows the voices."""
WHOLE_S = 1.0
"""Assumption: losing an utterance whole costs this much besides its seconds, so that cutting is preferred."""
WORD_S = 0.4
"""Assumption: a word of a text without sound is worth as much as one that is heard, at 150 words a minute."""
NO_LONGER_THAN_S = 60.0
GAP = 0.01
"""The solver stops after so long, or within this share of the least cost."""


@dataclass(frozen=True)
class Check:
    """What an attacker is left with.

    Parameters
    ----------
    k_lo : float
        The least 5 % bound of K over adversaries and attackers.
    k_lo_machine : float
        The same with our transcripts only.
    p_hi : float
        The largest 95 % bound of P(identified).
    register_top : float or None
        Posterior of a given register's best candidate.
    """

    k_lo: float
    k_lo_machine: float
    p_hi: float
    register_top: float | None = None


@dataclass(frozen=True)
class Plan:
    """What to withhold.

    Parameters
    ----------
    hidden : tuple of str
        Claims.
    withheld : tuple of str
        Utterances.
    silenced : dict
        From utterance to spans, seconds.
    replaced : tuple of str
        Utterances without sound whose words are replaced.
    reasons : dict
        From utterance to the claims it is cut for; empty for those withheld for what may have been missed.
    seconds : float
        Of sound lost in all.
    """

    hidden: tuple[str, ...]
    withheld: tuple[str, ...]
    silenced: Mapping[str, list[tuple[float, float]]]
    replaced: tuple[str, ...]
    reasons: Mapping[str, tuple[str, ...]]
    seconds: float
    check: Check
    rounds: int


def make_plan(
    learned: Sequence[Learned],
    secrets: Mapping[str, Secret],
    utterances: Sequence[Releasable],
    people: Population,
    options: Options,
    *,
    k: int,
    listener: bool = False,
    register_top: Callable[[frozenset[str]], float] | None = None,
) -> Plan:
    """The least to withhold so that what is left fits at least `k` people.

    Parameters
    ----------
    learned : sequence of Learned
        The claims that utterances support.
    secrets : mapping
        What has to go for each claim.
    options : Options
        ``seed`` and ``draws`` count.
    listener : bool
        K has to hold against somebody who hears what we missed, too.
    register_top : callable, optional
        From the claims left to the posterior of the register's best candidate.

    Raises
    ------
    ForensicsError
        If `k` exceeds the population, or no plan short of withholding everything will do.
    """
    if k > min(people.persons, people.households):
        raise ForensicsError(
            f"k = {k:,} is more than there are households ({people.households:,}).", "Choose a smaller --k."
        )
    matched = frozenset().union(*(a.attributes for a in CAREFUL))
    claims = [c for c in learned if c.attribute in matched and c.claim_id in secrets and c.rate.p < 1.0]
    told = [_cautious_bits(c, options) for c in claims]
    needed = max(0.0, sum(told) - float(np.log2(people.persons / k)))
    cuts: list[frozenset[int]] = []
    most = len(utterances)
    for number in range(1, ROUNDS + 1):
        plan = _solve(claims, told, secrets, utterances, needed, cuts, most)
        left = frozenset(c.claim_id for c in claims) - set(plan.hidden)
        released = _extent(utterances, plan.withheld)
        found = check([c for c in claims if c.claim_id in left], released, people, options)
        if register_top is not None:
            found = replace(found, register_top=register_top(left))
        if found.k_lo_machine < k or (found.register_top or 0.0) > 1.0 / k:
            open_claims = frozenset(i for i, c in enumerate(claims) if c.claim_id in left)
            if not open_claims:
                break
            cuts.append(open_claims)
            hidden = sum(b for b, c in zip(told, claims, strict=True) if c.claim_id not in left)
            short = float(np.log2(k / max(found.k_lo_machine, 1.0)))
            needed = min(max(needed, hidden + 0.5 * short), sum(told))
            continue
        if found.k_lo >= k or not listener:
            return replace(plan, check=found, rounds=number)
        if not released.utterances:
            break
        # Against a listener: hide one claim more, or release fewer utterances, whichever costs less.
        fewer = _most_released([c for c in claims if c.claim_id in left], released, people, options, k)
        more = frozenset(i for i, c in enumerate(claims) if c.claim_id in left)
        by_number = _solve(claims, told, secrets, utterances, needed, cuts, fewer)
        by_claim = _solve(claims, told, secrets, utterances, needed, [*cuts, more], most) if more else None
        if by_claim is not None and by_claim.seconds <= by_number.seconds:
            cuts.append(more)
        else:
            most = fewer
    raise ForensicsError(
        f"Not even an empty bundle fits {k:,} people by the cautious bound.", "Choose a smaller --k."
    )


def check(left: Sequence[Learned], released: Extent, people: Population, options: Options) -> Check:
    """The sampled worlds of every careful adversary on the claims that are left.

    Parameters
    ----------
    released : Extent
        What can be gone through.
    """
    k: dict[str, list[float]] = {"machine": [], "listener": []}
    success = []
    for adversary in CAREFUL:
        for attacker in k:
            worlds = worlds_of(adversary, attacker, left, released, people, options)
            everything = worlds.attack(range(len(worlds.columns)))
            k[attacker].append(float(np.quantile(everything.k, 0.05)))
            success.append(float(np.quantile(worlds.attack().success, 0.95)))
    machine = min(k["machine"])
    return Check(min(machine, *k["listener"]), machine, max(success))


def _most_released(
    left: Sequence[Learned], released: Extent, people: Population, options: Options, k: int
) -> int:
    """The most utterances in which a listener may have heard what we missed, and K stays at least k."""
    low, high = 0, released.utterances - 1
    while low < high:
        middle = (low + high + 1) // 2
        fewer = Extent(middle, min(middle, released.recordings))
        low, high = (middle, high) if check(left, fewer, people, options).k_lo >= k else (low, middle - 1)
    return low


def _extent(utterances: Sequence[Releasable], withheld: Collection[str]) -> Extent:
    left = [u for u in utterances if u.utterance_id not in set(withheld)]
    return Extent(len(left), sum(u.recording_id is not None for u in left))


def _worth(one: Releasable) -> float:
    """What losing an utterance costs, seconds of sound or the like."""
    if one.recording_id is not None:
        return one.seconds + WHOLE_S
    return WORD_S * max((len(text.split()) for text in one.texts), default=0) + WHOLE_S


def _cautious_bits(claim: Learned, options: Options) -> float:
    """Bits of a claim at its rarest: by the 5 % quantile of its base rate."""
    drawn = claim.rate.draw(np.random.default_rng([options.seed, 17]), 400)
    return float(bits(np.quantile(drawn, 0.05)))


def _solve(
    claims: Sequence[Learned],
    told: Sequence[float],
    secrets: Mapping[str, Secret],
    utterances: Sequence[Releasable],
    needed: float,
    cuts: Sequence[frozenset[int]],
    most: int,
) -> Plan:
    from scipy import sparse
    from scipy.optimize import Bounds, LinearConstraint, milp

    numbers = {u.utterance_id: i for i, u in enumerate(utterances)}
    n_claims, n_said = len(claims), len(utterances)
    pairs = [
        (c, numbers[r], spans)
        for c, claim in enumerate(claims)
        for r, spans in sorted(secrets[claim.claim_id].spans.items())
        if r in numbers
    ]
    timed = [(c, r, spans) for c, r, spans in pairs if spans is not None]
    place = {(c, r): n_claims + n_said + i for i, (c, r, _) in enumerate(timed)}
    size = n_claims + n_said + len(timed)
    cost = np.zeros(size)
    cost[:n_claims] = 1e-6  # of equal plans, the one that hides less
    cost[n_claims : n_claims + n_said] = [_worth(u) for u in utterances]
    cost[n_claims + n_said :] = [sum(b - a for a, b in spans) or WORD_S for _, _, spans in timed]
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    low: list[float] = []

    def constrain(terms: Mapping[int, float], at_least: float) -> None:
        for column, value in terms.items():
            rows.append(len(low))
            columns.append(column)
            values.append(value)
        low.append(at_least)

    constrain({i: told[i] for i in range(n_claims)}, min(needed, sum(told)) - 1e-9)
    for cut in cuts:
        constrain(dict.fromkeys(cut, 1.0), 1.0)
    for c, r, _ in pairs:
        terms = {n_claims + r: 1.0, c: -1.0}
        if (c, r) in place:
            terms[place[c, r]] = 1.0
        constrain(terms, 0.0)
    if most < n_said:
        constrain({n_claims + r: 1.0 for r in range(n_said)}, float(n_said - most))
    matrix = sparse.csr_matrix((values, (rows, columns)), shape=(len(low), size))
    solved = milp(
        cost,
        constraints=LinearConstraint(matrix, low, np.inf),
        bounds=Bounds(0, 1),
        integrality=np.r_[np.ones(n_claims + n_said), np.zeros(len(timed))],
        options={"time_limit": NO_LONGER_THAN_S, "mip_rel_gap": GAP},
    )
    if solved.x is None:
        raise ForensicsError("The least to withhold could not be computed.", "Try a smaller --k.")
    chosen = solved.x > 0.5
    hidden = [i for i in range(n_claims) if chosen[i]]
    withheld = {r for r in range(n_said) if chosen[n_claims + r]}
    ids = [u.utterance_id for u in utterances]
    reasons: dict[str, list[str]] = {ids[r]: [] for r in sorted(withheld)}
    silenced: dict[str, list[tuple[float, float]]] = {}
    replaced: set[str] = set()
    for c, r, spans in pairs:
        if c in hidden:
            reasons.setdefault(ids[r], []).append(claims[c].claim_id)
            if r not in withheld and spans is not None:
                if utterances[r].recording_id is None:
                    replaced.add(ids[r])
                else:
                    silenced.setdefault(ids[r], []).extend(spans)
    whole = {r: joined(spans) for r, spans in silenced.items()}
    lost = sum(utterances[r].seconds for r in withheld) + sum(b - a for s in whole.values() for a, b in s)
    return Plan(
        hidden=tuple(claims[i].claim_id for i in hidden),
        withheld=tuple(ids[r] for r in sorted(withheld)),
        silenced=whole,
        replaced=tuple(sorted(replaced)),
        reasons={r: tuple(sorted(set(ids))) for r, ids in reasons.items()},
        seconds=lost,
        check=Check(1.0, 1.0, 1.0),
        rounds=0,
    )
