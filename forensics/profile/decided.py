"""What a reviewer decided: two people are one, one is two, who somebody is, and whose voice it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from forensics.case.ids import make_id
from forensics.case.kinds import ROLES
from forensics.knowledge.names import SpokenName, fold
from forensics.profile.account import written_name
from forensics.profile.clusters import Cluster

if TYPE_CHECKING:
    from forensics.case.review import Decision
    from forensics.case.rows import Row


def called(cluster: Cluster) -> SpokenName:
    """The name of a person in lists: as the reviewer keeps it, as the account writes it, as heard."""
    if cluster.called is not None:
        return cluster.called
    written = [h for o in cluster.occurrences if o.utterance is None for h in o.heard]
    return written_name(written, cluster.name) if written else cluster.name


def person_id(group: str, name: SpokenName) -> str:
    """A person's id, by group and name."""
    return make_id("per", group, fold(name.full))


def arranged(clusters: Sequence[Cluster], group: str, decisions: Sequence[Decision]) -> list[Cluster]:
    """The people as a reviewer sorted them.

    Parameters
    ----------
    clusters : sequence of Cluster
        As found.
    group : str
        The data subject whose people they are: decisions on others change nothing here.
    decisions : sequence of Decision
        On ``persons``, in the order in which they were made.
    """
    people = {person_id(group, called(c)): c for c in reversed(clusters) if c.name.full}
    for one in _standing(decisions):
        kept = people.get(one.row_id)
        if kept is None:
            continue
        if one.verdict == "merge" and one.value in people:
            other = people.pop(one.value)
            people[one.row_id] = Cluster([*kept.occurrences, *other.occurrences], called(kept))
        elif one.verdict == "split":
            _split(people, group, one.row_id, fold(one.value or ""))
    return sorted(people.values(), key=lambda c: (-len(c.occurrences), called(c).full))


def decided_roles(decisions: Sequence[Decision]) -> dict[str, str]:
    """The role of each person of whom a reviewer said it; one who was rejected is nobody."""
    found: dict[str, str] = {}
    for one in decisions:
        if one.verdict == "correct" and one.column == "roles" and one.value in ROLES:
            found[one.row_id] = one.value
        elif one.verdict == "reject":
            found[one.row_id] = "nobody"
        elif one.verdict == "accept" and found.get(one.row_id) == "nobody":
            del found[one.row_id]
    return found


def strangers(decisions: Sequence[Decision]) -> dict[str, str]:
    """Utterances that a reviewer marked as a visitor's or a television's, by the last mark on each."""
    marks = {d.row_id: d.value or "" for d in decisions if d.verdict == "mark"}
    return {utterance: whose for utterance, whose in marks.items() if whose != "household"}


def without(utterances: Mapping[str, str], tables: Mapping[str, list[Row]]) -> dict[str, list[Row]]:
    """The rows of other utterances: what a stranger says is no evidence about the household."""
    return {
        table: [row for row in rows if row.get("utterance_id") not in utterances]
        for table, rows in tables.items()
    }


def _standing(decisions: Sequence[Decision]) -> list[Decision]:
    """Mergers and splits, without the mergers that were taken back."""
    kept: list[Decision] = []
    for one in decisions:
        if one.verdict == "split":
            taken_back = [
                d for d in kept if (d.verdict, d.row_id, d.value) == ("merge", one.row_id, one.value)
            ]
            if taken_back:
                kept.remove(taken_back[-1])
                continue
        if one.verdict in ("merge", "split"):
            kept.append(one)
    return kept


def _split(people: dict[str, Cluster], group: str, row_id: str, form: str) -> None:
    """Give the occurrences of one form of a name to a person of that name."""
    whole = people[row_id]
    other = [o for o in whole.occurrences if fold(" ".join(o.span.words)) == form]
    rest = [o for o in whole.occurrences if fold(" ".join(o.span.words)) != form]
    if not other or not rest:
        return
    people[row_id] = Cluster(rest, called(whole))
    split = Cluster(other)
    name = person_id(group, split.name)
    if name == row_id:  # the form that left is the one that the person was listed under
        people[row_id] = split
        split, name = Cluster(rest), person_id(group, Cluster(rest).name)
    if name in people and name != row_id:
        known = people[name]
        split = Cluster([*known.occurrences, *split.occurrences], called(known))
    people[name] = split
