"""The guard: open requests in, a decision for each out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from forensics.corridor.progress import Progress, Silent
from forensics.delivery import rules as level0
from forensics.delivery.account_fits import Fit, fits, total
from forensics.delivery.contents import Contents, Group, read_contents, remove, scratch_folder
from forensics.delivery.decision import BLOCK, decide, posterior
from forensics.delivery.requests import CustomerAccount, Request
from forensics.delivery.rules import BrokenRule
from forensics.delivery.swaps import Swap, find_swaps, pair_probability
from forensics.delivery.voice import TOO_SHORT, voice_fit
from forensics.errors import ForensicsError


@dataclass(frozen=True)
class Part:
    """What was found of one data subject's part of a bundle.

    Parameters
    ----------
    bits : float or None
        The sum; None if nothing could be compared.
    """

    group: str
    role: str
    recordings: int
    fits: tuple[Fit, ...]
    bits: float | None
    p_mismatch: float
    alt_request: str | None


@dataclass(frozen=True)
class Guarded:
    """The decision on one request.

    Parameters
    ----------
    p_mismatch : float
        Probability that some part of the bundle is not the requester's, by the statistics alone.
    threshold : float
        From where on holding is cheaper.
    abstained : bool
        Nothing could be compared.
    alt_request : str or None
        The open request whose data it more probably is.
    problem : str
        Why the bundle could not be read, if so.
    """

    request_id: str
    action: str
    p_mismatch: float
    threshold: float
    prior: float
    abstained: bool
    rules: tuple[BrokenRule, ...]
    parts: tuple[Part, ...]
    alt_request: str | None
    problem: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types, as in the schema ``decisions.schema.json``."""
        return {
            "request_id": self.request_id,
            "action": self.action,
            "p_mismatch": round(self.p_mismatch, 6),
            "threshold": round(self.threshold, 6),
            "prior": self.prior,
            "abstained": self.abstained,
            "alt_request": self.alt_request,
            "rules": [
                {
                    "rule": r.rule,
                    "category": r.category,
                    "action": r.action,
                    "group": r.group,
                    "why": r.why,
                    "alt_request": r.alt_request,
                }
                for r in self.rules
            ],
            "parts": [
                {
                    "group": part.group,
                    "role": part.role,
                    "recordings": part.recordings,
                    "llr_bits": None if part.bits is None else round(part.bits, 2),
                    "p_mismatch": round(part.p_mismatch, 6),
                    "categories": [
                        {
                            "category": f.category,
                            "llr_bits": None if f.bits is None else round(f.bits, 2),
                            "why": f.why,
                        }
                        for f in part.fits
                    ],
                }
                for part in self.parts
            ],
            "problem": self.problem,
        }

    def rows(self) -> Iterator[dict[str, Any]]:
        """Rows of the table ``guard``."""
        fixed = {
            "request_id": self.request_id,
            "p_mismatch": self.p_mismatch,
            "action": self.action,
            "alt_request": self.alt_request,
        }
        for rule in self.rules:
            row = {"category": rule.category, "rule": rule.rule, "data_subject_group": rule.group or "bundle"}
            yield {**fixed, **row, "alt_request": rule.alt_request or self.alt_request}
        for part in self.parts:
            for fit in part.fits:
                row = {"category": fit.category, "rule": "", "data_subject_group": part.group}
                yield {**fixed, **row, "p_mismatch": part.p_mismatch, "llr_bits": fit.bits}
        if not self.rules and not self.parts:
            yield {**fixed, "category": "bundle", "rule": "", "data_subject_group": "bundle"}


@dataclass(frozen=True)
class Verdict:
    """All decisions, and the swaps among them.

    Parameters
    ----------
    decisions : tuple of Guarded
        In the order of the requests.
    """

    decisions: tuple[Guarded, ...]
    swaps: tuple[Swap, ...]

    @property
    def worst(self) -> str:
        """The strictest action."""
        actions = {d.action for d in self.decisions}
        return "block" if "block" in actions else "review" if "review" in actions else "release"


@dataclass
class ReadBundle:
    """A request and its bundle's contents, or why there are none."""

    request: Request
    contents: Contents
    problem: str = ""
    voice: dict[str, Fit] = field(default_factory=dict)


def guard(
    requests: Sequence[Request],
    *,
    within: Path | None = None,
    engine: str = "auto",
    rules_only: bool = False,
    progress: Progress | None = None,
) -> Verdict:
    """Decide on every open request; one bundle that cannot be read stops no other.

    Parameters
    ----------
    within : pathlib.Path, optional
        Where throwaway cases are made; the system's folder for temporary files by default.
    engine : str
        As :func:`forensics.delivery.contents.read_contents`.
    rules_only : bool
        Level 0 alone: seconds, no model.
    """
    found = []
    with scratch_folder(within) as scratch, (progress or Silent()).task("guard", len(requests)) as advance:
        for number, request in enumerate(requests):
            folder = scratch / f"{number:06d}"
            found.append(_read(request, folder, engine=engine, rules_only=rules_only))
            remove(folder)
            advance(1)
    return judge(found, rules_only=rules_only)


def judge(found: Sequence[ReadBundle], *, rules_only: bool = False) -> Verdict:
    """Decide from what was read."""
    accounts = {read.request.request_id: read.request.account for read in found}
    across = level0.check_across(accounts, {read.request.request_id: read.contents for read in found})
    weighed = {
        read.request.request_id: []
        if rules_only
        else [_weigh(read, g, accounts) for g in read.contents.groups]
        for read in found
    }
    # a bundle that nothing can be compared with is no partner of a swap
    bits = {name: fit for name, parts in weighed.items() if (fit := _bits(parts)) is not None}
    priors = {read.request.request_id: read.request.swap_prior for read in found}
    swaps = find_swaps(bits, priors)
    swapped = {name: swap for swap in swaps for name in swap.requests}
    decisions = []
    for read in found:
        name = read.request.request_id
        broken = [*level0.check(read.request.account, read.contents), *across[name], *_unheard(read)]
        decisions.append(_decide(read, broken, weighed[name], swapped.get(name), bits, rules_only))
    return Verdict(tuple(decisions), tuple(swaps))


def _unheard(read: ReadBundle) -> list[BrokenRule]:
    """A comparison of voices that was asked for and could not be made: its owner would think it was."""
    why = sorted({fit.why for fit in read.voice.values() if fit.bits is None and fit.why != TOO_SHORT})
    return [BrokenRule("voice_not_compared", "voice", "review", "", text) for text in why]


def _read(request: Request, folder: Path, *, engine: str, rules_only: bool) -> ReadBundle:
    try:
        contents = read_contents(
            request.bundles, request.account, folder, engine=engine, rules_only=rules_only
        )
        voice = {}
        if request.voice_reference is not None and not rules_only:
            voice = {
                group.id: voice_fit(folder, group.id, request.voice_reference) for group in contents.voiced
            }
    except ForensicsError as error:
        return ReadBundle(request, Contents(), error.message)
    except OSError as error:
        return ReadBundle(request, Contents(), error.strerror or type(error).__name__)
    except Exception as error:  # its text may quote the bundle: the type must do
        return ReadBundle(request, Contents(), f"an unexpected {type(error).__name__}")
    return ReadBundle(request, contents, voice=voice)


def _decide(
    read: ReadBundle,
    broken: list[BrokenRule],
    weighed: Sequence[Weighed],
    swap: Swap | None,
    bits: Mapping[str, Mapping[str, float]],
    rules_only: bool,
) -> Guarded:
    request = read.request
    parts = [_part(request, each) for each in weighed]
    compared = [part for part in parts if part.bits is not None]
    voiced = [part for part, each in zip(parts, weighed, strict=True) if each.group.spoken]
    # an empty part of a bundle needs no comparing; one that holds utterances does
    comparable = bool(compared) and all(part.bits is not None for part in voiced)
    if rules_only:
        comparable = level0.compares(request.account, read.contents)
    p, alternative = max(
        ((q.p_mismatch, q.alt_request) for q in compared),
        key=lambda x: x[0],
        default=(request.swap_prior, None),
    )
    own = bool(compared) and p < BLOCK
    for rule in broken:
        if not (own and rule.rule == "seen_elsewhere"):  # then it is the other who holds too much
            alternative = rule.alt_request or alternative
    if swap is not None:
        other = swap.requests[(swap.requests.index(request.request_id) + 1) % len(swap.requests)]
        pair = (
            pair_probability(request.request_id, other, bits, request.swap_prior)
            if len(swap.requests) == 2
            else 0.0
        )
        p, alternative = max(p, swap.p, pair), other
    action = decide(
        p,
        request.costs,
        blocked=any(rule.action == "block" for rule in broken),
        doubtful=bool(broken),
        comparable=comparable,
    )
    return Guarded(
        request.request_id,
        action,
        p,
        request.costs.threshold,
        request.swap_prior,
        not comparable,
        tuple(broken),
        tuple(parts),
        alternative if action != "release" else None,
        read.problem,
    )


@dataclass(frozen=True)
class Weighed:
    """One data subject's part of a bundle against every open account.

    Parameters
    ----------
    own : tuple of Fit
        Against the requester's account, the voice included.
    bits : mapping
        From request to the sum over categories; None if nothing could be compared.
    """

    group: Group
    own: tuple[Fit, ...]
    bits: Mapping[str, float | None]


def _weigh(read: ReadBundle, group: Group, accounts: Mapping[str, CustomerAccount]) -> Weighed:
    name = read.request.request_id
    own = (*fits(group, read.request.account), *([read.voice[group.id]] if group.id in read.voice else []))
    others = {other: total(fits(group, account)) for other, account in accounts.items() if other != name}
    return Weighed(group, own, {**others, name: total(own)})


def _part(request: Request, weighed: Weighed) -> Part:
    mine = weighed.bits[request.request_id]
    others = {n: b for n, b in weighed.bits.items() if b is not None and n != request.request_id}
    p, alternative = posterior(mine or 0.0, others, request.swap_prior)
    group = weighed.group
    return Part(group.id, group.role, group.recordings, weighed.own, mine, p, alternative)


def _bits(parts: Sequence[Weighed]) -> dict[str, float] | None:
    """How the largest part with utterances, or else the largest, fits every account; None if no account."""
    candidates = [part for part in parts if part.group.spoken] or parts
    largest = max(candidates, key=lambda part: (part.group.spoken, part.group.id), default=None)
    if largest is None or all(bits is None for bits in largest.bits.values()):
        return None
    return {name: bits or 0.0 for name, bits in largest.bits.items()}
