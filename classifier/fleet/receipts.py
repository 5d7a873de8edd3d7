"""What stands beside an output while its fellows are not done: who made it, and from what.

A job of many exports may be stopped, and a worker may die after its output got its name and
before anybody heard of it. The receipt, ``.usulan.csv.receipt`` in the folder of the outputs,
then says whether an output is this job's own. It serves every format alike, and an output
keeps the bytes it would have without it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from classifier.atomic import write_bytes
from classifier.summary import Summary

__all__ = ["Receipt", "read_receipt", "stamp", "write_receipt"]


@dataclass(frozen=True)
class Receipt:
    """One for each export of a job.

    Attributes
    ----------
    run
        The run that wrote it.
    same
        All that the output depends on, as JSON has it.
    clear
        Whether there was no output of this name when the run came to it.
    stamp
        That of the output, see :func:`stamp`; empty until it is whole.
    summary
        What became of the export, see :meth:`classifier.summary.Summary.to_dict`.
    """

    run: str
    same: Mapping[str, Any]
    clear: bool
    stamp: list[int] = field(default_factory=list)
    summary: Mapping[str, Any] = field(default_factory=dict)

    def result(self) -> Summary | None:
        """What became of the export, if its output is there, as it was written."""
        if not self.stamp or stamp(Path(self.summary["output"])) != self.stamp:
            return None
        return Summary.from_dict(self.summary)


def stamp(path: Path) -> list[int]:
    """Size and time of change of a file, which differ when its content does; else empty.

    Examples
    --------
    >>> stamp(Path("tidak-ada.csv"))
    []
    """
    try:
        state = path.stat()
    except (OSError, ValueError):
        return []
    return [state.st_size, state.st_mtime_ns]


def read_receipt(path: Path) -> Receipt | None:
    """The receipt of that name, if there is one and it is whole."""
    with suppress(OSError, ValueError, TypeError):
        return Receipt(**json.loads(path.read_text(encoding="utf-8")))
    return None


def write_receipt(path: Path, receipt: Receipt) -> None:
    """Write a receipt, in place of an older one, which is there until then.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    if path.is_symlink():  # to somebody's file
        path.unlink(missing_ok=True)
    write_bytes(path, json.dumps(asdict(receipt), ensure_ascii=False).encode(), overwrite=True)
