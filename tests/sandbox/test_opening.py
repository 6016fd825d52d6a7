"""Files that nobody vouches for are opened, and nothing else is."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from forensics.sandbox.opening import open_regular


def test_a_regular_file_is_opened(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"content")
    with open_regular(tmp_path / "a") as file:
        assert file.read() == b"content"
        assert not os.get_inheritable(file.fileno())


@pytest.mark.parametrize("target", ["a", "absent", "pipe", "."])
def test_no_link_is_followed(tmp_path: Path, target: str) -> None:
    (tmp_path / "a").write_bytes(b"content")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(target)
    with pytest.raises(OSError, match="symbolic links are not followed"):
        open_regular(tmp_path / "link")


def test_a_fifo_that_nobody_writes_to_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="not a regular file"):
        open_regular(tmp_path / "pipe")


def test_folders_devices_and_sockets_are_refused(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="not a regular file"):
        open_regular(tmp_path)
    with pytest.raises(OSError, match="not a regular file"):
        open_regular("/dev/null")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "s"))
        with pytest.raises(OSError, match="No such device"):
            open_regular(tmp_path / "s")


def test_a_name_starts_from_the_folder_that_is_held_open(tmp_path: Path) -> None:
    (tmp_path / "held").mkdir()
    (tmp_path / "held" / "a").write_bytes(b"content")
    held = os.open(tmp_path / "held", os.O_RDONLY)
    (tmp_path / "held").rename(tmp_path / "moved")
    with open_regular(b"a", folder=held) as file:
        assert file.read() == b"content"
    os.close(held)
