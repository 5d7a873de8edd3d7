"""Bytes in and out: plain or gzipped files, and files in place of pipes."""

from __future__ import annotations

import gzip
import shutil
import sys
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, cast

from classifier.errors import InputError, OutputError, UsulanError

__all__ = ["BLOCK", "PIPE", "is_gzip", "piped", "read_blocks", "spooled"]

BLOCK = 8_000_000
"""Bytes read at a time."""

PIPE = "-"
"""Name that stands for standard input or output."""

_GZIP = b"\x1f\x8b"


def is_gzip(path: Path) -> bool:
    """Whether a file's content is packed by gzip, whatever its name."""
    with path.open("rb") as stream:
        return stream.read(2) == _GZIP


def read_blocks(path: Path, size: int = BLOCK) -> Iterator[bytes]:
    """A file's content in blocks of at most ``size`` bytes; that of a gzip file is unpacked.

    Raises
    ------
    InputError
        The file cannot be read, or not be unpacked to its end.
    """
    try:
        with cast(IO[bytes], gzip.open(path) if is_gzip(path) else path.open("rb")) as stream:
            while block := stream.read(size):
                yield block
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise InputError(
            "{path}: is damaged or cut off: gzip cannot unpack it to its end. Copy it again from "
            "its source.",
            path=path,
        ) from None
    except OSError as error:
        raise InputError(
            "{path}: cannot be read ({reason}).", path=path, reason=error.strerror
        ) from None


@contextmanager
def spooled(paths: Sequence[str]) -> Iterator[list[Path]]:
    """Files in the place of all inputs: standard input is copied once, to be read twice.

    Yields
    ------
    list of Path
        A file for each path.
    """
    if PIPE not in paths:
        yield [Path(path) for path in paths]
        return
    with TemporaryDirectory(prefix="usulan-") as name:
        given = Path(name, "stdin")
        _copy_stdin(given)
        yield [given if path == PIPE else Path(path) for path in paths]


@contextmanager
def piped(path: str, output: str | None, given: Path) -> Iterator[tuple[Path, Path | None]]:
    """Files in place of ``-``: standard input is copied already, standard output written at last.

    So a table that is refused writes nothing, whatever is at the other end of the pipe.
    ``given`` is the file in the place of ``path``, see :func:`spooled`.

    Yields
    ------
    tuple of Path and Path or None
        Input, and output or a folder for it; None where the default name is wanted.
    """
    if PIPE not in (path, output):
        yield given, Path(output) if output else None
        return
    with TemporaryDirectory(prefix="usulan-") as name:
        folder = Path(name)
        out = Path(output) if output and output != PIPE else folder
        try:
            yield given, out
        except UsulanError as error:
            shown = "stdin" if path == PIPE else str(given)
            raise type(error)(str(error).replace(str(given), shown)) from None
        for written in folder.iterdir():
            _copy_to_stdout(written)


def _copy_stdin(path: Path) -> None:
    try:
        with path.open("xb") as stream:
            shutil.copyfileobj(sys.stdin.buffer, stream)
    except OSError as error:
        raise OutputError(
            "{folder}: standard input cannot be copied there ({reason}). Free some space, or set "
            "TMPDIR to another folder.",
            folder=path.parent,
            reason=error.strerror,
        ) from None


def _copy_to_stdout(path: Path) -> None:
    try:
        for block in read_blocks(path):
            sys.stdout.buffer.write(block)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(
            "standard output cannot be written ({reason}).", reason=error.strerror
        ) from None
