"""What every format of table offers: rows in chunks, and a copy with further columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from classifier.formats.job import PLAIN, Job, Options

__all__ = ["Chunk", "Rows", "Source", "Writer"]


class Chunk(Protocol):
    """Some rows of a table; ``cells`` holds the columns asked for, named by number.

    ``notes`` says in Indonesian why a row is no proposal (``baris jumlah``), null where it
    may be one; it is None if all may be.
    """

    @property
    def cells(self) -> pa.Table:
        """One column of text each, named by its number in the header."""

    @property
    def notes(self) -> pa.Array | None:
        """Why a row is no proposal, null for proposals; None where all rows are."""

    @property
    def numbers(self) -> Sequence[int]:
        """Number of each row in the file, from 1, as a spreadsheet shows it."""


class Writer(Protocol):
    """Receives each chunk of a source with its tags; ``needs`` are columns it must hold."""

    @property
    def needs(self) -> Sequence[int]:
        """Numbers of the columns that chunks must hold."""

    @property
    def counts(self) -> Counter[str]:
        """Foreign cells so far that could be ``formulas``, and ``bad`` rows passed through."""

    @property
    def job(self) -> Job | None:
        """The files written, if the run can be continued from them."""

    def write(self, chunk: Any, tags: pa.Table) -> None:
        """Write a chunk of the source with a row of tags for each of its rows."""


class Rows(Protocol):
    """A table that can be read in chunks; messages call it by its ``path``."""

    path: Path
    header: list[str]

    def chunks(self, columns: Sequence[int]) -> Iterator[Chunk]:
        """All rows below the header, some at a time."""


class Source(Rows, Protocol):
    """A table that can be read in chunks and written back with further columns.

    ``ending`` is that of the format it comes back in, whatever its file is called. Sources
    that come back in other formats than CSV name those in ``writes``.
    """

    ending: str

    def writer(
        self, path: Path, added: Sequence[str], *, overwrite: bool, options: Options = PLAIN
    ) -> AbstractContextManager[Writer]:
        """Write a copy with columns ``added``, in place of any so named."""
