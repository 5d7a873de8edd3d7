"""Files that appear whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from classifier.errors import OutputError

__all__ = ["new_file", "refuse_existing", "write_bytes"]


def refuse_existing(path: Path, *, overwrite: bool) -> None:
    """Raise OutputError if the file exists and must not be replaced."""
    if path.exists() and not overwrite:
        raise OutputError(f"{path}: exists. Give --force to replace it, or another name.")


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
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("xb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror}).") from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def write_bytes(path: Path, content: bytes, *, overwrite: bool = False) -> None:
    """Write a whole file at once; see :func:`new_file`."""
    with new_file(path, overwrite=overwrite) as stream:
        stream.write(content)
