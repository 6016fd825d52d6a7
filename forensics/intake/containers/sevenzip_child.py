"""The child process that reads a 7z file: ``python -m forensics.intake.containers.sevenzip_child FD``."""

from __future__ import annotations

import json
import os
import resource
import struct
import sys
from pathlib import Path
from typing import Any, NoReturn

_CPU_SECONDS = 3600
_PAGE = 4096
_ASK = "Ask for the file again."


def main() -> NoReturn:
    """Read the order from standard input, write frames to standard output."""
    order = json.load(sys.stdin.buffer)
    import py7zr
    import py7zr.io

    started = int(Path("/proc/self/statm").read_text().split()[0]) * _PAGE
    resource.setrlimit(resource.RLIMIT_AS, (started + order["memory"],) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS,) * 2)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        _read(order, py7zr)
    except MemoryError:
        _say(b"P", ["damaged", "The 7z archive needs more memory than allowed.", "Unpack it elsewhere."])
    except Exception as error:  # the archive may provoke anything
        _say(b"P", _explain(error, bool(order["passwords"])))
    _send(b"E")
    sys.stdout.buffer.flush()
    os._exit(0)


def _read(order: dict[str, Any], py7zr: Any) -> None:
    descriptor = os.fdopen(os.dup(int(sys.argv[1])), "rb")
    descriptor.seek(0)
    passwords = order["passwords"]
    archive = py7zr.SevenZipFile(descriptor, password=passwords[0] if passwords else None)
    if len(archive.files) > order["members"]:
        text = f"The archive lists {len(archive.files)} members, more than {order['members']}."
        _say(b"P", ["too-many-members", text, "Raise --max-members if that is expected."])
        return
    if archive.needs_password() and not passwords:
        for item in archive.files:
            refusal = [
                "encrypted",
                "The member is encrypted: no password was given.",
                "Give --password-file.",
            ]
            _say(b"N", {"name": item.filename, "size": None, "packed": None, "refused": refusal})
        return
    items = {}
    for item in archive.files:
        if item.is_directory:
            continue
        if item.is_symlink or item.is_junction or item.is_socket:
            refusal = ["link", "A link or special file; neither followed nor made.", "None needed."]
            _say(b"N", {"name": item.filename, "size": None, "packed": None, "refused": refusal})
            archive.worker.register_filelike(item.id, None)
            continue
        items[str(item.id)] = item
        memory = py7zr.io.MemIO(str(item.id), _factory(py7zr, items))
        archive.worker.register_filelike(item.id, memory)
    archive.worker.extract(archive.fp, None, parallel=False)
    for item in list(items.values()):  # those without content are never opened
        _announce(item)
        _send(b"D")


def _factory(py7zr: Any, items: dict[str, Any]) -> Any:
    class Sink(py7zr.io.Py7zIO):  # type: ignore[misc]
        """Sends what is written as chunks; nothing is kept."""

        def __init__(self) -> None:
            self.count = 0

        def write(self, s: bytes | bytearray) -> int:
            for start in range(0, len(s), 1 << 20):
                _send(b"C", bytes(s[start : start + (1 << 20)]))
            self.count += len(s)
            return len(s)

        def read(self, size: int | None = None) -> bytes:
            return b""

        def seek(self, offset: int, whence: int = 0) -> int:
            return 0

        def flush(self) -> None:
            return None

        def size(self) -> int:
            return self.count

        def close(self) -> None:
            _send(b"D")

    class Factory(py7zr.io.WriterFactory):  # type: ignore[misc]
        """One sink per member, announced when its content begins."""

        def create(self, filename: str) -> Any:
            _announce(items.pop(filename))
            return Sink()

    return Factory()


def _announce(item: Any) -> None:
    _say(b"N", {"name": item.filename, "size": item.uncompressed, "packed": item.compressed})


def _explain(error: Exception, unlocked: bool) -> list[str]:
    kind = type(error).__name__
    if kind == "PasswordRequired" or "assword" in str(error):
        return ["encrypted", "The archive is encrypted.", "Give the password with --password-file."]
    hint = " A wrong password looks the same." if unlocked else ""
    return ["damaged", f"Cannot be read as 7z: {kind}: {str(error)[:200]}.{hint}", _ASK]


def _say(kind: bytes, value: object) -> None:
    _send(kind, json.dumps(value).encode())


def _send(kind: bytes, content: bytes = b"") -> None:
    sys.stdout.buffer.write(struct.pack("<cI", kind, len(content)) + content)


if __name__ == "__main__":
    main()
