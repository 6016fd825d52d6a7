"""Requests with known truth for the guard's benchmark: simulated households, their accounts and bundles.

The texts go through the language room and the profile as shipped, like a bundle on disk with the engine
``vendor``, without the files: 1,700 tiny recordings a household would only measure the disk.
"""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from forensics.case.digests import clean
from forensics.delivery.contents import Contents, Group
from forensics.delivery.requests import CustomerAccount
from forensics.language.languages import guess_language
from forensics.simulate import OBEYING, Household, draw_household, utter
from forensics.simulate.trial import understood

WORLDS = {
    "obeying": OBEYING,
    "visitors": dataclasses.replace(OBEYING, name="obeying", visitors=4.0, misheard=0.3),
}
"""Households as the measurement assumes them; and with four visitors' names and twice the mis-hearing."""


@dataclasses.dataclass(frozen=True)
class Known:
    """A household with what its bundle says.

    Parameters
    ----------
    home : Household
    group : Group
        Its recordings.
    """

    home: Household
    group: Group

    def account(self, *, serials: bool, profile: str = "full") -> CustomerAccount:
        """What the controller knows; ``partial`` leaves everybody but the account's owner out."""
        home = self.home
        others = (home.companion, *home.children) if profile == "full" else ()
        return CustomerAccount(
            devices=frozenset(_serials(home)) if serials else None,
            has_voice_device=True,
            app_sessions=False,
            language=home.language,
            country=home.country,
            city=home.home,
            place_id=home.place_id(home.home),
            household_names=(f"{home.first} {home.last}", *(n for n in others if n)),
            created=datetime(2016, 3, 1, tzinfo=UTC),
            time_zone="UTC",
        )

    def contents(self, *, serials: bool, papers: bool = False) -> Contents:
        """The bundle, its recordings with serials or without; `papers` adds files of the account."""
        group = self.group if serials else dataclasses.replace(self.group, devices={})
        return Contents((*([_papers(self)] if papers else []), group), self.hashes(), 1 + group.recordings)

    def hashes(self) -> dict[str, str]:
        """Stand for the recordings' hashes: no two households share one."""
        return {f"{self.group.id}-{n}": "recording" for n in range(3)}


def mixed(own: Known, stranger: Known, *, serials: bool) -> Contents:
    """The requester's own files beside a stranger's recordings: what was sent in 2018."""
    group = stranger.group if serials else dataclasses.replace(stranger.group, devices={})
    return Contents((_papers(own), group), stranger.hashes(), 51 + group.recordings)


def households(
    count: int, *, seed: int, world: str, cache: Path, recordings: int | None = None, first: int = 0
) -> Iterator[Known]:
    """Households with their claims; kept in `cache`, since a household costs seconds."""
    for number in range(first, first + count):
        home = dataclasses.replace(draw_household(number, WORLDS[world], seed=seed, language="de"))
        if recordings is not None:
            home = dataclasses.replace(home, recordings=recordings)
        kept = cache / f"{world}-{seed}-{number}-{home.recordings}.json"
        said = utter(home, WORLDS[world])
        if not kept.exists():
            cache.mkdir(parents=True, exist_ok=True)
            kept.write_text(json.dumps(clean(understood(home, said))))
        texts = [u.heard for u in said][:400]
        languages = Counter(language for text in texts if (language := guess_language(text)))
        yield Known(
            home,
            Group(
                f"devices-{world}-{seed}-{number}",
                "devices",
                devices=Counter(u.device.casefold() for u in said),
                recordings=len(said),
                times=tuple(u.at for u in said),
                languages={name: n / languages.total() for name, n in languages.items()},
                claims=tuple(json.loads(kept.read_text())),
            ),
        )


def _papers(own: Known) -> Group:
    """About fifty files of an account: orders, searches; nothing that speaks for a household."""
    return Group(f"account-{own.group.id}", "account")


def _serials(home: Household) -> Sequence[str]:
    start = f"{'G090LF' if home.number % 2 else 'G070VM'}{home.number:09d}"
    return [f"{start}{which}".casefold() for which in (0, 1)]
