"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from classifier.errors import OutputError

__all__ = ["new_file", "refuse_existing", "refuse_input", "sync_folder", "write_bytes"]


def refuse_existing(path: Path, *, overwrite: bool) -> None:
    """Raise OutputError if no file can, or may, be written there."""
    try:
        exists, usual = os.path.lexists(path), path.is_file()
        folder = path.resolve().parent.is_dir()
    except (OSError, ValueError) as error:
        raise OutputError(
            "{path}: is no name for a file ({reason}). Give another.", path=path, reason=error
        ) from None
    if exists and not usual:
        raise OutputError(
            "{path}: is no ordinary file and is not replaced. Give another name.", path=path
        )
    if exists and not overwrite:
        raise OutputError("{path}: exists. Give --force to replace it, or another name.", path=path)
    if not folder:
        raise OutputError(
            "{path}: its folder does not exist. Make it, or give another name.", path=path
        )


def refuse_input(path: Path, inputs: Iterable[str | Path | None]) -> None:
    """Raise OutputError if an output is one of the inputs: no ``--force`` can mean that."""
    target = os.path.realpath(path)
    for given in inputs:
        if given and os.path.realpath(given) == target:  # resolve() is slow for many inputs
            raise OutputError(
                "{path}: is an input of this command, or written by it already. Give another "
                "output.",
                path=path,
            )


@contextmanager
def new_file(path: Path, *, overwrite: bool = False) -> Iterator[IO[bytes]]:
    """A binary stream whose content takes the place of ``path`` when the block ends well.

    Until then it is a temporary file in the same folder, which an error removes.

    Raises
    ------
    OutputError
        The file exists and ``overwrite`` is false, or it cannot be written.
    """
    refuse_existing(path, overwrite=overwrite)
    path = path.resolve()
    temporary = path.with_name(f".{path.name}.{os.urandom(4).hex()}.tmp")  # of this run alone
    try:
        with temporary.open("xb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        if path.exists():
            shutil.copymode(path, temporary)  # who may read and write it stays
        temporary.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise OutputError(
            "{path}: cannot be written ({reason}).", path=path, reason=error.strerror
        ) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def write_bytes(path: Path, content: bytes, *, overwrite: bool = False) -> None:
    """Write a whole file at once; see :func:`new_file`."""
    with new_file(path, overwrite=overwrite) as stream:
        stream.write(content)


def sync_folder(folder: Path) -> None:
    """Make names given to files in a folder outlast a power cut, where the system can do that."""
    with suppress(OSError):  # Windows opens no folders
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
