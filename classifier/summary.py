"""What became of an export: counts for the user, saved with an interrupted run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from classifier.arrays import strings
from classifier.drift import Tally
from classifier.formats.job import FRESH
from classifier.tags import Tagged

__all__ = ["Summary"]

_BEHIND = r"(?s)(:| \|) .*"
"""What stands behind a reason's fixed words."""


@dataclass
class Summary:
    """What became of one export.

    Attributes
    ----------
    output
        The file written.
    text, replaced, mapping
        Names of the columns that were read as text, and of old tag columns replaced; all roles
        of columns that were found, in a line.
    rows
        Rows written.
    labels, status, reasons
        Rows per main label, per ``tag_status``, and per ``tag_alasan`` up to its colon.
    seen
        What the rows look like to the model.
    fired, used
        Rows that each of the analyst's rules fired on, and those of them where it was in
        force, shape (n_rules,).
    first
        Text and tags of the first rows, to look at.
    sheet, others
        The workbook's sheet that was tagged, and others that hold proposals, too.
    counts
        Foreign cells that could be ``formulas``, and ``bad`` rows passed through.
    safe
        Whether those cells got an apostrophe.
    errors
        The list of bad rows, if there is one.
    begun, resumed
        Whether there was something of an interrupted run, see
        :class:`classifier.formats.job.Job`, and rows taken from it.
    """

    output: Path
    text: list[str]
    replaced: list[str]
    mapping: str = ""
    rows: int = 0
    labels: Counter[str] = field(default_factory=Counter)
    status: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    seen: Tally = field(default_factory=Tally)
    fired: NDArray[np.int64] = field(default_factory=lambda: np.zeros(1, np.int64))
    used: NDArray[np.int64] = field(default_factory=lambda: np.zeros(1, np.int64))
    first: pa.Table | None = None
    sheet: str = ""
    others: Sequence[str] = ()
    counts: Counter[str] = field(default_factory=Counter)
    safe: bool = False
    errors: Path | None = None
    begun: str = FRESH
    resumed: int = 0

    def count(self, tags: pa.Table, tagged: Tagged, notes: pa.Array | None) -> None:
        """Count rows in: their tags as written, and what the model made of the proposals."""
        self.rows += tags.num_rows
        reasons = pc.replace_substring_regex(tags["tag_alasan"], _BEHIND, "")
        for counter, column in (
            (self.labels, tags.column(0)),
            (self.status, tags["tag_status"]),
            (self.reasons, reasons),
        ):
            for entry in column.value_counts().to_pylist():
                counter[entry["values"]] += entry["counts"]
        self.fired, self.used = self.fired + tagged.fired, self.used + tagged.used
        traits = tagged.prediction.traits
        proposals = ~traits.blank
        if notes is not None:
            proposals &= np.array(notes.is_null().to_pylist(), bool)
        chances = tagged.prediction.probabilities[next(iter(tagged.decision.main))][proposals]
        words, known = traits.words[proposals], traits.known[proposals]
        self.seen.add(words, known, chances.max(axis=1), chances.argmax(axis=1))

    def add(self, other: Summary) -> None:
        """Count in what became of another export; text and roles stay those of the first."""
        self.rows += other.rows
        for name in _COUNTED:
            getattr(self, name).update(getattr(other, name))
        self.fired, self.used = self.fired + other.fired, self.used + other.used
        self.seen.merge(other.seen)
        if self.first is None:
            self.first, self.text = other.first, other.text

    def state(self) -> dict[str, Any]:
        """What an interrupted run saves of it."""
        seen = asdict(self.seen) | {"labels": self.seen.labels.tolist()}
        rules = {"fired": self.fired.tolist(), "used": self.used.tolist()}
        counted = {name: dict(getattr(self, name)) for name in _COUNTED}
        return {"rows": self.rows, "seen": seen, **rules, **counted}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what an interrupted run saved."""
        self.rows = self.resumed = state["rows"]
        self.seen = Tally(**state["seen"] | {"labels": np.array(state["seen"]["labels"], float)})
        self.fired, self.used = (np.array(state[name], np.int64) for name in ("fired", "used"))
        for name in _COUNTED:
            getattr(self, name).update(state[name])

    def to_dict(self) -> dict[str, Any]:
        """All of it as JSON has it; see :meth:`from_dict`."""
        told = {name: getattr(self, name) for name in _TOLD}
        paths = {"output": str(self.output), "errors": str(self.errors) if self.errors else None}
        first = self.first.to_pydict() if self.first is not None else None
        return {**told, **paths, "first": first, "state": self.state()}

    @classmethod
    def from_dict(cls, saved: Mapping[str, Any]) -> Summary:
        """The summary that :meth:`to_dict` made."""
        told = {name: saved[name] for name in _TOLD}
        errors, first = saved["errors"], saved["first"]
        summary = cls(Path(saved["output"]), **told, errors=Path(errors) if errors else None)
        summary.restore(saved["state"])
        summary.resumed = 0
        if first is not None:
            summary.first = pa.table({name: strings(cells) for name, cells in first.items()})
        return summary


_COUNTED = ("labels", "status", "reasons", "counts")
_TOLD = ("text", "replaced", "mapping", "sheet", "others", "safe", "begun")
