"""A bundle without a case: look at its members safely, write nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from forensics.errors import BundleError
from forensics.intake.containers.folder import open_folder
from forensics.intake.containers.opening import open_archive
from forensics.intake.limits import Limits
from forensics.intake.problems import MemberRefusedError, Problem
from forensics.intake.store import TemporaryStore, Writer
from forensics.intake.walk import Walk


@dataclass(frozen=True)
class BundleMember:
    """One member of a bundle.

    Parameters
    ----------
    name : str
        For display; never a path.
    size : int or None
    sha256 : str or None
        None if the member was refused.
    kind : str
        By first bytes.
    problems : tuple of Problem
    """

    name: str
    size: int | None
    sha256: str | None
    kind: str
    problems: tuple[Problem, ...]
    _content: Writer | None

    def open(self) -> BinaryIO:
        """The content; valid until the iteration goes on.

        Raises
        ------
        BundleError
            If the member was refused.
        """
        if self._content is None:
            reason = self.problems[-1].message if self.problems else ""
            raise BundleError(f"{self.name} was refused. {reason}", "See its problems.")
        return self._content.open()


class Bundle:
    """A zip file, tar file or folder, opened for looking.

    Parameters
    ----------
    path : path
    limits : Limits, optional
    passwords : sequence of bytes

    Examples
    --------
    >>> with open_bundle("export.zip") as bundle:  # doctest: +SKIP
    ...     for member in bundle:
    ...         print(member.name, member.size, member.sha256)
    """

    def __init__(
        self,
        path: str | Path,
        limits: Limits | None = None,
        passwords: Sequence[bytes] = (),
    ) -> None:
        self.path = Path(path)
        self.limits = limits or Limits()
        self.problems: list[Problem] = []
        self._passwords = passwords
        self._stack = ExitStack()

    def __enter__(self) -> Bundle:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def __iter__(self) -> Iterator[BundleMember]:
        remedy = "Name a zip or tar file or a folder."
        try:
            if self.path.is_dir():
                container = open_folder(self.path)
            else:
                file = self._stack.enter_context(self.path.open("rb"))
                container = open_archive(file, self.path.name, self.limits, passwords=self._passwords)
        except OSError as error:
            raise BundleError(f"{self.path}: {error.strerror}.", remedy) from error
        except MemberRefusedError as error:
            raise BundleError(f"{self.path}: {error.problem.message}", error.problem.remedy) from error
        walk = Walk(self.limits, TemporaryStore(), passwords=self._passwords)
        self.problems = walk.problems
        for member, content in walk.members(container):
            problems = tuple(member.problems)
            yield BundleMember(member.path, member.size, member.sha256, member.kind, problems, content)


def open_bundle(path: str | Path, *, limits: Limits | None = None, passwords: Sequence[bytes] = ()) -> Bundle:
    """Open a bundle for looking at its members: nothing is extracted, followed or believed.

    Parameters
    ----------
    path : path
        Zip, 7z or tar file, or folder.
    limits : Limits, optional
    passwords : sequence of bytes
        For encrypted members.

    Returns
    -------
    Bundle
        A context manager to iterate over.
    """
    return Bundle(path, limits, passwords)
