"""Opening a file that nobody vouches for."""

from __future__ import annotations

import errno
import io
import os
import stat
from pathlib import Path


def open_regular(path: str | bytes | Path, *, folder: int | None = None) -> io.FileIO:
    """Open a regular file for reading, unbuffered; no link is followed and no fifo waited for.

    Parameters
    ----------
    path : path
        Its last part must not be a symbolic link.
    folder : int, optional
        Descriptor of the folder that a relative `path` starts from.

    Raises
    ------
    OSError
        If it cannot be opened, is a symbolic link, or is no regular file.
    """
    try:
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        descriptor = os.open(path, flags, dir_fd=folder)
    except OSError as error:
        if error.errno == errno.ELOOP:
            error.strerror = "symbolic links are not followed"
        raise
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "not a regular file")
    return io.FileIO(descriptor)
