"""The stage: what a local language model says of the candidates, window by window. Empty unless one is named.

A window is the unit of work: its rows are kept as soon as they are known, and a run after an interruption
goes on with the next one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from forensics.case.ids import make_id
from forensics.case.options import Options
from forensics.corridor.pipeline import OF_A_HOUSEHOLD
from forensics.knowledge.names import fold
from forensics.profile.claim import weighted
from forensics.profile.clusters import same_name
from forensics.profile.gathering import gather
from forensics.profile.people import Person, find_people
from forensics.profile.reader import prompts
from forensics.profile.reader.checks import Outcome, Statement, read_statements, said
from forensics.profile.reader.model import SETTINGS, LocalModel, identity_of
from forensics.profile.reader.windows import Candidate, Window, asked, windows
from forensics.profile.records import Evidence
from forensics.profile.rows_of_group import rows_of

if TYPE_CHECKING:
    from forensics.corridor.workbench import Workbench

_ATTRIBUTES = {
    "employer": "employer", "gets_up_at": "routine_wake", "home_place": "place", "work_place": "place",
}  # fmt: skip
"""What a statement is about that is not about a person."""
INSTRUCTIONS = {"questions": prompts.QUESTIONS, "statements": prompts.STATEMENTS}


@dataclass(frozen=True)
class Task:
    """One window to read.

    Parameters
    ----------
    evidence : Evidence
        Of the group whose window it is.
    window : Window
        Lines and candidates.
    form : {'questions', 'statements'}
        How the model is asked.
    people : tuple of Person
        Those whom a statement may name.
    """

    evidence: Evidence
    window: Window
    form: str
    people: tuple[Person, ...] = ()

    @property
    def key(self) -> Any:
        """All that the answers depend on, beside the model."""
        return [
            self.evidence.group,
            self.form,
            [[u.utterance_id, u.texts] for u in self.window.utterances],
            [[c.kind, c.said, c.person_id, c.place_id, c.utterance_ids] for c in self.window.candidates],
            [
                [h.utterance and h.utterance.utterance_id, h.value, h.places, h.clock_min]
                for u in self.window.utterances
                for h in self.evidence.by_utterance.get(u.utterance_id, ())
                if self.form == "statements"
            ],
        ]


def identity(options: Options) -> dict[str, Any]:
    """The model's hash, its settings and the words that it is asked with; nothing without a model."""
    if not options.reader:
        return {}
    return {**identity_of(options.reader, SETTINGS), "prompt": INSTRUCTIONS[options.reader_form]}


def run(bench: Workbench) -> None:
    """Write ``reader``: the answers about every window, checked."""
    options = bench.options
    if not options.reader:
        return
    tables = {name: bench.rows(name) for name in OF_A_HOUSEHOLD}
    roles = {row["data_subject_group"]: row["role"] for row in bench.rows("groups")}
    names = sorted({row["data_subject_group"] for rows in tables.values() for row in rows} | set(roles))
    tasks = [
        task
        for name in names
        for task in tasks_of(
            gather(name, roles.get(name, "unknown"), **rows_of(name, tables)), options.reader_form
        )
    ]
    model: LocalModel | None = None
    for task in bench.todo(tasks, key=lambda one: one.key, label="Reading with the language model"):
        if model is None:  # a run that finds every window done loads nothing
            model = LocalModel(options.reader, INSTRUCTIONS[options.reader_form], seed=options.seed)
        bench.keep(task.key, {"reader": read(model, task)})


def tasks_of(evidence: Evidence, form: str) -> Iterator[Task]:
    """The windows of one group.

    Parameters
    ----------
    evidence : Evidence
        Of the group.
    form : {'questions', 'statements'}
        How the model is asked.
    """
    if form == "questions":
        yield from (Task(evidence, window, form) for window in asked(evidence))
        return
    people = tuple(find_people(evidence))
    yield from (Task(evidence, window, form, people) for window in windows(evidence))


def read(model: LocalModel, task: Task) -> list[dict[str, Any]]:
    """The rows of one window.

    Parameters
    ----------
    model : LocalModel
        Loaded with the instructions of the task's form.
    task : Task
        What is read.
    """
    model.begin()
    text = prompts.lines(task.window.texts)
    if task.form == "questions":
        return [_answer(model, text, candidate, task) for candidate in task.window.candidates]
    answer = model.json(f"{text}\n\nJSON:", prompts.schema(len(task.window.utterances)))
    return [_stated(one, task) for one in read_statements(answer, task.window, task.evidence)]


def _answer(model: LocalModel, text: str, candidate: Candidate, task: Task) -> dict[str, Any]:
    person = candidate.kind == "person"
    question = (prompts.about_person if person else prompts.about_place)(candidate.said)
    meaning = prompts.ROLE_OF if person else prompts.USE_OF
    p = model.choice(f"{text}\n\n{question}", meaning)
    roles = {meaning[word]: weight for word, weight in p.items()}
    role = max(roles, key=lambda r: (roles[r], r))
    lines = [u for u in task.window.utterances if u.utterance_id in candidate.utterance_ids]
    known = any(said(word, u) for u in lines for word in candidate.said.split())
    return _row(
        task,
        attribute=candidate.kind,
        value=candidate.said,
        role=role,
        person_id=candidate.person_id,
        place_id=candidate.place_id,
        probability=round(roles[role], 6),
        roles=weighted(roles, most=len(roles)),
        utterance_ids=list(candidate.utterance_ids),
        outcome=str(Outcome.KEPT if known else Outcome.NOT_SAID),
    )


def _stated(one: Statement, task: Task) -> dict[str, Any]:
    attribute = _ATTRIBUTES.get(one.about, "person")
    return _row(
        task,
        attribute=attribute,
        value=one.value,
        role=one.role,
        person_id=_named(one, task) if attribute == "person" else None,
        place_id=one.place_id,
        clock_min=one.clock_min,
        utterance_ids=[u.utterance_id for u in one.cited],
        outcome=str(one.outcome),
    )


def _named(one: Statement, task: Task) -> str | None:
    """The person of the profile whom a statement names: one named in its cited lines, in a like form."""
    cited = {u.utterance_id for u in one.cited}
    for person in task.people:
        words = [word for form in person.cluster.forms for word in form.split()]
        if cited & person.utterance_ids and any(
            same_name(fold(word), fold(named)) for word in words for named in one.value.split()
        ):
            return person.person_id(task.evidence.group)
    return None


def _row(task: Task, **columns: Any) -> dict[str, Any]:
    group = task.evidence.group
    first = task.window.utterances[0].utterance_id
    made = (columns["attribute"], columns["role"] or "", columns["value"], *columns["utterance_ids"])
    row = {
        "statement_id": make_id("say", group, task.form, first, *made),
        "form": task.form,
        "probability": None,
        "roles": [],
        "person_id": None,
        "place_id": None,
        "clock_min": None,
        "data_subject_group": group,
        **columns,
    }
    return row
