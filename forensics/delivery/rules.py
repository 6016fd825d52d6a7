"""Level 0: rules that need no model. Each says what it found in numbers, never in content."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from forensics.delivery.contents import Contents, Group
from forensics.delivery.requests import CustomerAccount

SLACK = timedelta(days=1)
"""Assumption: clocks and time zones may be off by this much before a date counts."""
MAJORITY = 0.5
"""Assumption: from this share of a bundle on, foreign devices block it; below, somebody looks."""


@dataclass(frozen=True)
class BrokenRule:
    """A rule that a bundle breaks.

    Parameters
    ----------
    group : str
        The data subject whose part of the bundle breaks it; empty for the bundle as a whole.
    why : str
        In words and counts.
    alt_request : str or None
        Whose bundle it may be.
    """

    rule: str
    category: str
    action: str
    group: str
    why: str
    alt_request: str | None = None


def check(account: CustomerAccount, contents: Contents) -> list[BrokenRule]:
    """The rules that concern one request."""
    if not contents.readable:
        return [BrokenRule("nothing_readable", "bundle", "review", "", "no member could be read")]
    broken = [
        *_no_voice_device(account, contents),
        *_devices(account, contents),
        *_count(account, contents),
        *_two_customers(account, contents),
    ]
    for group in contents.groups:
        broken += [*_customer(account, group), *_period(account, group)]
    return broken


def check_across(
    accounts: Mapping[str, CustomerAccount], contents: Mapping[str, Contents]
) -> dict[str, list[BrokenRule]]:
    """The rules that concern several open requests at once.

    Parameters
    ----------
    accounts, contents : mapping
        By request id.
    """
    broken: dict[str, list[BrokenRule]] = {name: [] for name in accounts}
    held: dict[str, list[str]] = {}
    for name, mine in contents.items():
        for sha256 in mine.hashes:
            held.setdefault(sha256, []).append(name)
    for name, others in _in_touch(accounts, contents, held).items():
        for other in sorted(others - {name}):
            if _same_person(accounts[name], accounts[other]):
                continue
            broken[name] += _seen_elsewhere(contents[name], contents[other], held, other)
            broken[name] += _registered_elsewhere(accounts[name], contents[name], accounts[other], other)
    return broken


def _in_touch(
    accounts: Mapping[str, CustomerAccount],
    contents: Mapping[str, Contents],
    held: Mapping[str, Sequence[str]],
) -> dict[str, set[str]]:
    """Requests that share a file, or a device: of many thousands of pairs the few worth a look."""
    found: dict[str, set[str]] = {name: set() for name in contents}
    for sha256, names in held.items():
        # what many bundles hold is the controller's own boilerplate
        if len(names) == 2 or any(contents[name].hashes[sha256] == "recording" for name in names):
            for name in names:
                found[name].update(names)
    owners: dict[str, set[str]] = {}
    for name, account in accounts.items():
        for serial in account.devices or ():
            owners.setdefault(serial, set()).add(name)
    for name, mine in contents.items():
        for group in mine.groups:
            for serial in group.devices:
                found[name] |= owners.get(serial, set())
    return found


def compares(account: CustomerAccount, contents: Contents) -> bool:
    """Whether any rule held something against the bundle that tells this customer from the next.

    Dates do not: most bundles lie in everybody's period.
    """
    groups = contents.groups
    return bool(
        account.recordings is not None
        or (account.has_voice_device is False and not account.app_sessions)
        or (account.devices and any(group.devices for group in groups))
        or (account.customer_ids and any(group.customer_ids for group in groups))
    )


def _no_voice_device(account: CustomerAccount, contents: Contents) -> list[BrokenRule]:
    """No device that hears, no app session, and utterances all the same: what happened in 2018."""
    none_listed = account.has_voice_device is None and account.devices == frozenset()
    never = account.has_voice_device is False or none_listed
    if not never or account.app_sessions or not contents.spoken:
        return []
    why = f"no voice device and no app session, and {contents.spoken} utterances"
    return [BrokenRule("no_voice_device", "devices", "block", "", why)]


def _devices(account: CustomerAccount, contents: Contents) -> list[BrokenRule]:
    """Utterances to devices that the account never had: most of the bundle, or a part of it."""
    if not account.devices:
        return []
    known = account.devices
    foreign = {g.id: {s: n for s, n in g.devices.items() if s not in known} for g in contents.groups}
    serials = {serial for found in foreign.values() for serial in found}
    if not serials:
        return []
    total = sum(n for group in contents.groups for n in group.devices.values())
    counts = {name: sum(found.values()) for name, found in foreign.items()}
    count = sum(counts.values())
    action = "block" if count > MAJORITY * total else "review"
    if account.app_sessions and len(serials) == 1:
        action = "review"  # a phone's app has a serial too, and registers seldom list it
    why = f"{count} of {total} utterances are from {len(serials)} device(s) that the account does not list"
    largest = max(sorted(counts), key=lambda name: counts[name])
    return [BrokenRule("device_not_registered", "devices", action, largest, why)]


def _customer(account: CustomerAccount, group: Group) -> list[BrokenRule]:
    if account.customer_ids is None or not group.customer_ids:
        return []
    known = account.customer_ids
    kinds = {"@" in i for i in known}
    comparable = {i for i in group.customer_ids if ("@" in i) in kinds}
    if not comparable or comparable & known:
        return []
    where = "its recordings" if group.role == "devices" else "its files"
    why = f"{where} state another customer's id"
    return [BrokenRule("other_customer", "identity", "block", group.id, why)]


def _two_customers(account: CustomerAccount, contents: Contents) -> list[BrokenRule]:
    """Two customer numbers in one bundle, where nobody said which one is right."""
    if account.customer_ids is not None:
        return []
    stated = [{i for i in group.customer_ids if "@" not in i} for group in contents.groups]
    stated = [ids for ids in stated if ids]
    if len(stated) < 2 or set.intersection(*stated):
        return []
    why = f"parts of the bundle state the ids of {len(stated)} customers"
    return [BrokenRule("two_customers", "identity", "block", "", why)]


def _period(account: CustomerAccount, group: Group) -> list[BrokenRule]:
    broken = []
    if account.created is not None:
        early = sum(account.created - at > SLACK for at in group.times)
        if early:
            why = f"{early} of {len(group.times)} dated utterances are older than the account"
            broken.append(BrokenRule("before_account", "period", "block", group.id, why))
    outside = sum(
        (account.period_from is not None and account.period_from - at > SLACK)
        or (account.period_to is not None and at - account.period_to > SLACK)
        for at in group.times
    )
    if outside:
        why = f"{outside} of {len(group.times)} dated utterances lie outside the period of the request"
        broken.append(BrokenRule("outside_period", "period", "review", group.id, why))
    return broken


def _count(account: CustomerAccount, contents: Contents) -> list[BrokenRule]:
    if account.recordings is None or account.recordings == contents.recordings:
        return []
    action = "block" if account.recordings == 0 else "review"
    why = f"the account has {account.recordings} recordings, the bundle holds {contents.recordings}"
    return [BrokenRule("count_differs", "count", action, "", why)]


def _seen_elsewhere(
    mine: Contents, theirs: Contents, held: Mapping[str, Sequence[str]], other: str
) -> list[BrokenRule]:
    """The same recording, or the same file of an account, in two people's bundles."""
    common = mine.hashes.keys() & theirs.hashes.keys()
    sounds = sum(mine.hashes[h] == "recording" for h in common)
    files = sum(mine.hashes[h] == "account_data" and len(held[h]) == 2 for h in common)
    if not sounds and not files:
        return []
    action = "block" if sounds else "review"
    why = f"{sounds} recording(s) and {files} account file(s) are also in another open request's bundle"
    return [BrokenRule("seen_elsewhere", "files", action, "", why, other)]


def _registered_elsewhere(
    account: CustomerAccount, mine: Contents, other: CustomerAccount, name: str
) -> list[BrokenRule]:
    """Recordings of a device that another requester has, and this one has not."""
    if not other.devices:
        return []
    theirs = other.devices - (account.devices or frozenset())
    broken = []
    for group in mine.groups:
        count = sum(n for serial, n in group.devices.items() if serial in theirs)
        if count:
            why = f"{count} utterances are from a device of another open request's account"
            broken.append(BrokenRule("registered_elsewhere", "devices", "block", group.id, why, name))
    return broken


def _same_person(one: CustomerAccount, other: CustomerAccount) -> bool:
    """Two requests of one person, or of one household, may hold the same files."""
    devices = (one.devices or frozenset()) & (other.devices or frozenset())
    ids = (one.customer_ids or frozenset()) & (other.customer_ids or frozenset())
    return bool(devices or ids)
