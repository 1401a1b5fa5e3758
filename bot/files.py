"""Files: our own are written whole or not at all and are nobody else's to read; others' are read within bounds."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_hex

SCRATCH = ".part"
PRIVATE = 0o600
_LEFT_OVER = timedelta(minutes=1)
_OURS = ("rangefinder.db*", "heartbeat.json", "console-history", "*.cache.json", "cache/*", "replies/*")


def put_in_place(path: Path, content: bytes, mode: int = PRIVATE) -> None:
    """Write a file that is whole and durable, or leave the one before as it was. Raises OSError.

    Others may read it only where `mode` says so, as far as the process's own mask lets them.

    It is written beside its place, made durable and renamed, and the rename is made durable too: a crash or a full disk
    leaves the old file or the new one, never half of one.
    """
    scratch = path.with_name(f"{path.name}.{token_hex(4)}{SCRATCH}")
    try:
        number = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with open(number, "wb") as file:  # noqa: PTH123  a descriptor
            file.write(content)
            file.flush()
            os.fsync(number)
        scratch.replace(path)
        _sync(path.parent)
    except OSError:
        with suppress(OSError):
            scratch.unlink(missing_ok=True)
        raise


def _sync(folder: Path) -> None:
    """Make what was renamed in a folder durable, where the system can: Windows opens no folders."""
    if os.name == "nt":
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def read_whole(path: Path, limit: int) -> bytes:
    """What a file holds. Raises OSError for more than `limit` bytes and for what is no file: a pipe never ends."""
    number = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0))
    with open(number, "rb") as file:  # noqa: PTH123  a descriptor
        found = os.fstat(number)
        if not stat.S_ISREG(found.st_mode):
            raise OSError(errno.EINVAL, "Not a regular file")
        if found.st_size > limit:
            raise OSError(errno.EFBIG, "File too large")
        return file.read(found.st_size)  # not `limit`: Python would set that much memory aside


def remove_leftovers(folder: Path, now: datetime) -> None:
    """Remove what interrupted writes left in a folder; what another process may be writing just now stays."""
    for scratch in folder.glob(f"*{SCRATCH}"):
        try:
            written = datetime.fromtimestamp(scratch.stat().st_mtime, now.tzinfo)
            if abs(now - written) > _LEFT_OVER:
                scratch.unlink()
        except OSError:
            continue  # another process was faster, or the folder is read-only


def keep_private(folder: Path) -> None:
    """Take the files of a data folder away from other users' eyes: what an earlier version wrote, or a copy of it."""
    for pattern in _OURS:
        for path in folder.glob(pattern):
            with suppress(OSError):
                if path.is_file() and not path.is_symlink() and path.stat().st_mode & 0o077:
                    path.chmod(PRIVATE)


def write_fault(folder: Path) -> str | None:
    """Why nothing can be written to a folder, in words; None where a probe could be written, and is gone again."""
    probe = folder / f"probe.{token_hex(4)}{SCRATCH}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        put_in_place(probe, b"x" * 4_096)
        probe.unlink()
    except OSError as error:
        return in_words(error)
    return None


def in_words(error: OSError) -> str:
    """What stands in the way of a write, for people."""
    reasons = {
        errno.ENOSPC: "the disk is full",
        errno.EDQUOT: "the disk quota is used up",
        errno.EROFS: "the disk is read-only",
        errno.EACCES: "it belongs to somebody else",
        errno.EPERM: "it belongs to somebody else",
        errno.EFBIG: "the file may not grow",
        errno.ENOTDIR: "a file stands where a folder should",
        errno.EEXIST: "a file stands where a folder should",
        errno.EIO: "the disk is failing",
    }
    return reasons.get(error.errno or 0, type(error).__name__)
