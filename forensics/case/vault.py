"""A case encrypted at rest: one file in the age format (age-encryption.org/v1), by the library pyrage.

The key is a file of the analyst's, kept elsewhere: it is never written beside the data.
Encryption streams, so that no plaintext copy of the case comes to lie on the disk.
"""

from __future__ import annotations

import os
import shutil
import tarfile
import tempfile
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from forensics.case.case import Case
from forensics.case.verification import verify_case
from forensics.errors import CustodyError, ForensicsError

_SKIPPED = (".lock",)


class VaultError(ForensicsError):
    """A case that cannot be sealed or unsealed."""


def new_key(path: Path) -> str:
    """Write a new X25519 identity, for its owner only.

    Returns
    -------
    str
        The recipient to seal for; it is no secret.

    Raises
    ------
    VaultError
        If the file exists, or its folder does not.
    """
    import pyrage

    identity = pyrage.x25519.Identity.generate()
    recipient = str(identity.to_public())
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise VaultError(f"{path} exists.", "A key is never overwritten: name a new file.") from error
    except FileNotFoundError as error:
        raise VaultError(f"{path.parent} does not exist.", "Make the folder of the key first.") from error
    with os.fdopen(descriptor, "w") as file:
        file.write(f"# public key: {recipient}\n{identity}\n")
        file.flush()
        os.fsync(file.fileno())  # the case may be deleted right afterwards
    _sync_folder(path.parent)
    return recipient


def seal(case: Case, target: Path, recipients: Sequence[str]) -> None:
    """Encrypt a case into one file, readable with the key of any recipient.

    Parameters
    ----------
    case : Case
        Verified first.
    target : pathlib.Path
        A new file, outside the case.
    recipients : sequence of str
        ``age1…``

    Raises
    ------
    VaultError
        If the target exists, lies inside the case or in no folder, or a recipient is none.
    CustodyError
        If the case does not verify.
    """
    import pyrage

    if target.exists() or target.resolve().is_relative_to(case.folder.resolve()):
        raise VaultError(f"{target} exists or lies inside the case.", "Name a new file elsewhere.")
    if not target.parent.is_dir():
        raise VaultError(f"{target.parent} is no folder.", "Make it first, or name a file elsewhere.")
    try:
        keys = [pyrage.x25519.Recipient.from_str(text) for text in recipients]
    except pyrage.RecipientError as error:
        raise VaultError("A recipient is no age public key.", "It begins with 'age1'.") from error
    if not keys:
        raise VaultError(
            "Nobody could open it: no recipient.", "Give --recipient, or make a key with --new-key."
        )
    if problems := verify_case(case).problems:
        raise CustodyError(f"The case does not verify: {problems[0]}", "Run 'forensics verify' on it.")
    with case.lock():
        case.custody.append("case sealed", recipients=list(recipients), target=str(target))
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=".sealing-")
        try:
            with os.fdopen(descriptor, "wb") as sink:
                _through_pipe(
                    lambda pipe: _write_tar(case.folder, pipe),
                    lambda pipe: pyrage.encrypt_io(pipe, sink, keys),
                )
                sink.flush()
                os.fsync(sink.fileno())
            Path(name).replace(target)
            _sync_folder(target.parent)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            with suppress(OSError):  # a full disk
                case.custody.append("sealing failed", target=str(target))
            raise


def unseal(source: Path, folder: Path, key_file: Path) -> Case:
    """Decrypt a sealed case into a new folder, and verify it.

    Parameters
    ----------
    source, folder, key_file : pathlib.Path
        The sealed file, where the case goes (a new folder), and the identity that opens it.

    Raises
    ------
    VaultError
        If the key does not open it, or the folder exists.
    CustodyError
        If what comes out does not verify.
    """
    if folder.exists():
        raise VaultError(f"{folder} exists.", "Name a new folder with --case.")
    identities = _identities(key_file)
    folder.mkdir(mode=0o700, parents=True)
    try:
        with source.open("rb") as file:
            _through_pipe(
                lambda pipe: _decrypt(file, pipe, identities),
                lambda pipe: _read_tar(pipe, folder),
            )
    except (_NotDecryptedError, tarfile.TarError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise VaultError(
            f"{source} cannot be opened with this key, or is damaged.", "Take the key it was sealed for."
        ) from error
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    for path in folder.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o400 if path.parent.name == "evidence" else 0o600)
    case = Case.open(folder)
    if problems := verify_case(case).problems:
        raise CustodyError(f"The unsealed case does not verify: {problems[0]}", "Keep the sealed file.")
    case.custody.append("case unsealed", source=str(source))
    return case


def check_apart(key_file: Path, *data: Path) -> None:
    """Refuse a key that would lie beside what it opens.

    Raises
    ------
    VaultError
        If the key is in the folder of a sealed file, or inside a case.
    """
    key = key_file.resolve()
    for path in data:
        place = path.resolve()
        if key.parent == place.parent or key.is_relative_to(place):
            raise VaultError(f"{key_file} would lie beside the data.", "Keep the key on another medium.")


def _sync_folder(folder: Path) -> None:
    """Have the folder's entries on the disk: a file whose name is lost is lost."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class _NotDecryptedError(Exception):
    """The wrong key, or a file that was cut or changed."""


def _decrypt(file: IO[bytes], pipe: IO[bytes], identities: list[Any]) -> None:
    import pyrage

    try:
        pyrage.decrypt_io(file, pipe, identities)
    except BrokenPipeError:
        raise
    except (pyrage.DecryptError, OSError) as error:  # a changed or cut file is an OSError of the library
        raise _NotDecryptedError from error


def _identities(key_file: Path) -> list[Any]:
    import pyrage

    try:
        lines = key_file.read_text("utf-8").split()
        found = [
            pyrage.x25519.Identity.from_str(line) for line in lines if line.startswith("AGE-SECRET-KEY-")
        ]
    except (OSError, ValueError, pyrage.IdentityError) as error:
        raise VaultError(f"{key_file} is no age key.", "Give the file that --new-key wrote.") from error
    if not found:
        raise VaultError(f"{key_file} holds no age key.", "Give the file that --new-key wrote.")
    return found


def _write_tar(folder: Path, pipe: IO[bytes]) -> None:
    with tarfile.open(fileobj=pipe, mode="w|", format=tarfile.PAX_FORMAT) as archive:
        for path in sorted(folder.rglob("*")):
            if path.name not in _SKIPPED:
                archive.add(path, str(path.relative_to(folder)), recursive=False)


def _read_tar(pipe: IO[bytes], folder: Path) -> None:
    with tarfile.open(fileobj=pipe, mode="r|") as archive:
        archive.extractall(folder, filter="data")
    while pipe.read(1 << 16):  # the padding, so that the writer is not cut off
        pass


def _through_pipe(write: Callable[[IO[bytes]], Any], read: Callable[[IO[bytes]], Any]) -> None:
    """Run a writer in a thread and a reader here, a pipe between them; the writer's error comes first."""
    reading, writing = os.pipe()
    errors: list[BaseException] = []

    def run() -> None:
        try:
            with os.fdopen(writing, "wb") as pipe:
                write(pipe)
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        with os.fdopen(reading, "rb") as pipe:
            read(pipe)
    except BaseException as error:
        thread.join()
        first = next((e for e in errors if not isinstance(e, BrokenPipeError)), error)
        raise first from error
    thread.join()
    if errors:
        raise errors[0]
