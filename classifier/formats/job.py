"""A long run that can be stopped and continued: its output, and a journal of how far it got.

The journal, ``.hasil.csv.journal`` beside the output, says what is tagged how, and how much of
the output is safe on disk. Only a run that is the same in all of that goes on from there.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from classifier.atomic import refuse_existing
from classifier.errors import OutputError
from classifier.formats.partfile import PartFile, beside

__all__ = [
    "CONTINUED",
    "DIFFERENT",
    "FRESH",
    "PLAIN",
    "REPLACED",
    "Job",
    "Options",
    "list_of_errors",
    "open_job",
]

FRESH, CONTINUED, REPLACED, DIFFERENT = "fresh", "continued", "replaced", "different"
"""How a run begins: with nothing; where another stopped; in its place, because nobody asked
to continue, or because the two are not the same."""


@dataclass(frozen=True)
class Options:
    """How to write an output.

    Attributes
    ----------
    resume
        Whether to continue an interrupted run, and to leave what is done if interrupted.
    same
        All that the output depends on, as JSON has it.
    listed
        Whether there is a list of bad rows beside the output.
    safe
        Whether foreign cells that could be formulas get an apostrophe.
    """

    resume: bool = False
    same: Mapping[str, Any] = field(default_factory=dict)
    listed: bool = False
    safe: bool = False


PLAIN = Options()


class Job:
    """Files being written.

    Attributes
    ----------
    begun
        How the run began: FRESH, CONTINUED, REPLACED or DIFFERENT.
    saved
        What the interrupted run saved last, if it is CONTINUED; else empty.
    """

    def __init__(self, path: Path, options: Options) -> None:
        self._paths = [path, list_of_errors(path)] if options.listed else [path]
        self._journal = beside(path, "journal")
        self._files: list[PartFile] = []
        self._options = options
        self.begun = FRESH
        self.saved: Mapping[str, Any] = {}

    @property
    def output(self) -> PartFile:
        """The output."""
        return self._files[0]

    @property
    def errors(self) -> PartFile | None:
        """The list of bad rows, if there is one."""
        return self._files[1] if self._options.listed else None

    def begin(self) -> None:
        """Open the files, at their begin or where an interrupted run saved last."""
        for path in self._paths:
            self._files.append(PartFile(path))
        if not self._options.listed:  # nor is the list of an interrupted run wanted any more
            beside(list_of_errors(self._paths[0]), "part").unlink(missing_ok=True)
        sizes = [0] * len(self._files)
        if self.output.leftover:
            last = self._last() if self._options.resume else None
            self.begun = CONTINUED if last else DIFFERENT if self._options.resume else REPLACED
            if last:
                sizes, self.saved = last["sizes"], last["state"]
        if not self.saved:
            self._journal.unlink(missing_ok=True)  # it may be a link to somebody's file
            self._journal.write_text(json.dumps(self._options.same), encoding="utf-8")
        for file, size in zip(self._files, sizes, strict=True):
            file.start(size)

    def save(self, state: Mapping[str, Any]) -> None:
        """Make safe what was written so far, and what to know to go on."""
        entry = {"sizes": [file.sync() for file in self._files], "state": state}
        with self._journal.open("a", encoding="utf-8") as stream:
            stream.write("\n" + json.dumps(entry))
            stream.flush()
            os.fsync(stream.fileno())

    def finish(self) -> None:
        """Give the whole files their names, the output last."""
        for file in reversed(self._files):
            file.finish()

    def close(self, *, keep: bool) -> None:
        """End, if need be without whole files; then what is safe is kept, or nothing."""
        if self._files and not keep:
            with suppress(OSError):
                self._journal.unlink(missing_ok=True)
        for file in reversed(self._files):  # the output last, whose lock is that of all
            file.close(keep=keep)

    def _last(self) -> Mapping[str, Any] | None:
        """The last whole entry of the journal, if it is of the same run."""
        try:
            first, *entries = self._journal.read_text(encoding="utf-8").splitlines()
            if first != json.dumps(self._options.same):
                return None
        except (OSError, ValueError):
            return None
        for entry in reversed(entries):
            with suppress(ValueError, KeyError, TypeError):  # the last one may be cut off
                found: Mapping[str, Any] = json.loads(entry)
                return found if self._holds(found["sizes"]) else None
        return None

    def _holds(self, sizes: Sequence[int]) -> bool:
        there = [file.leftover for file in self._files]
        return all(size <= left for size, left in zip(sizes, there, strict=True))


def list_of_errors(path: Path) -> Path:
    """The list of bad rows beside an output.

    Examples
    --------
    >>> list_of_errors(Path("hasil.csv")).name
    'hasil.csv.errors.csv'
    """
    return path.with_name(f"{path.name}.errors.csv")


@contextmanager
def open_job(path: Path, *, overwrite: bool, options: Options = PLAIN) -> Iterator[Job]:
    """Files that take the place of ``path`` and its list when the block ends well.

    Raises
    ------
    OutputError
        A file exists and may not be replaced, cannot be written, or another run is at it.
    """
    refuse_existing(path, overwrite=overwrite)
    if options.listed:
        refuse_existing(list_of_errors(path), overwrite=overwrite)
    job, keep = Job(path.resolve(), options), False
    try:
        job.begin()
        yield job
        job.finish()
    except KeyboardInterrupt:
        keep = options.resume
        raise
    except BlockingIOError:
        raise OutputError(
            "{path}: another run is writing it. Wait for its end, or give another name.", path=path
        ) from None
    except OSError as error:
        keep = options.resume
        raise OutputError(
            "{path}: cannot be written ({reason}).", path=path, reason=error.strerror
        ) from error
    finally:
        job.close(keep=keep)
