"""The exceptions that users meet.

Every message names the file and the remedy. Each class passes all its constructor arguments to
``Exception.__init__``, so that instances survive pickling between worker processes.
"""

from __future__ import annotations

INTERRUPTED = "forensics: Interrupted.\n"
"""What is said where nothing was begun that could be gone on with."""


class ForensicsError(Exception):
    """Something that stops the work, with what to do about it.

    Parameters
    ----------
    message : str
        What is wrong, naming the file.
    remedy : str, optional
        What the user can do.
    """

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message, remedy)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class BundleError(ForensicsError):
    """A bundle that cannot be opened at all."""


class CaseError(ForensicsError):
    """A case folder that is missing, locked, of another version, or inconsistent."""


class CaseLockedError(CaseError):
    """Another process works on the case."""


class CustodyError(CaseError):
    """The chain of custody is broken, or evidence no longer matches its hash."""


class TableError(ForensicsError):
    """A table that breaks its schema; the message names table and column."""


class ModelError(ForensicsError):
    """Weights that are missing, or whose hash is not the expected one."""


class AudioError(ForensicsError):
    """Sound that cannot be decoded."""


class ConsentError(ForensicsError):
    """An act that needs a stated purpose, such as revealing names."""
