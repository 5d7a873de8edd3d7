"""A large file as it grows: beside ``hasil.csv`` it is ``.hasil.csv.part`` until it is whole."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import IO

from classifier.atomic import sync_folder

__all__ = ["PartFile", "beside"]

_WINDOWS = os.name == "nt"
"""Windows removes and renames no file that is open, and has other locks."""


def beside(path: Path, ending: str) -> Path:
    """A hidden file that belongs to another.

    Examples
    --------
    >>> beside(Path("data/hasil.csv"), "part").name
    '.hasil.csv.part'
    """
    return path.with_name(f".{path.name}.{ending}")


class PartFile:
    """A file that is not whole yet, locked against other runs where the system can do that.

    Attributes
    ----------
    leftover
        Bytes that an interrupted run left behind.

    Raises
    ------
    BlockingIOError
        Another run is writing it.
    OSError
        It cannot be made.
    """

    def __init__(self, path: Path) -> None:
        self.path, self._part = path, beside(path, "part")
        self._stream = _locked(self._part)
        self.leftover = self._part.stat().st_size
        self._whole = False

    def start(self, size: int) -> None:
        """Go on behind the first ``size`` bytes of what is there."""
        self._stream.truncate(size)
        self._stream.seek(size)

    def write(self, content: bytes | memoryview) -> None:
        """Append to the file."""
        self._stream.write(content)

    def sync(self) -> int:
        """Make all that was written safe on disk; give the size."""
        self._stream.flush()
        os.fsync(self._stream.fileno())
        return self._stream.tell()

    def finish(self) -> None:
        """Give the whole file its name; it stays locked until it is closed."""
        self.sync()
        if _WINDOWS:
            self._stream.close()
        self._part.replace(self.path)
        self._whole = True
        sync_folder(self.path.parent)

    def close(self, *, keep: bool) -> None:
        """End, if need be without the whole file; then what there is of it is kept or removed."""
        remove = not (keep or self._whole)
        with suppress(OSError):  # what is not written yet may find the disk full once more
            if remove and not _WINDOWS:  # while nobody else can have begun another
                self._part.unlink(missing_ok=True)
            self._stream.close()
        if remove and _WINDOWS:
            with suppress(OSError):
                self._part.unlink(missing_ok=True)


def _locked(path: Path) -> IO[bytes]:
    """The file, made if need be, and no other file that a link of that name points to."""
    while True:
        if path.is_symlink():
            path.unlink()
        path.touch()
        stream = path.open("r+b")
        try:
            _lock(stream)
            if path.exists() and os.path.samestat(path.stat(), os.fstat(stream.fileno())):
                return stream
        except OSError:
            stream.close()
            raise
        stream.close()  # the other run has just finished, and its file has its name now


def _lock(stream: IO[bytes]) -> None:
    try:
        import fcntl
    except ImportError:
        return
    fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
