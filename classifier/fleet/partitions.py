"""Many exports as one job, on this machine or on many: each is tagged whole, or not at all."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from classifier.errors import UsulanError
from classifier.fleet.plan import Partition
from classifier.fleet.receipts import Receipt, read_receipt, stamp, write_receipt
from classifier.summary import Summary
from classifier.tagging import tag_file
from classifier.tags import Tagger
from classifier.twins.grouping import digest

__all__ = ["Outcome", "Wanted", "tag_here", "tag_partition", "tidy"]


@dataclass(frozen=True)
class Wanted:
    """What is wanted of a job.

    Attributes
    ----------
    options
        Those of :func:`~classifier.tagging.tag_file`, but its output.
    run
        A name that no other run has.
    """

    options: Mapping[str, Any]
    run: str = field(default_factory=lambda: os.urandom(8).hex())


Outcome = tuple[Partition, Summary | UsulanError]
"""An export and what became of it, or why it was not tagged."""


def tag_here(partitions: Iterable[Partition], tagger: Tagger, wanted: Wanted) -> Iterator[Outcome]:
    """Tag partitions one after the other in this process."""
    for partition in partitions:
        try:
            yield partition, tag_partition(partition, tagger, wanted)
        except UsulanError as error:
            yield partition, error


def tag_partition(partition: Partition, tagger: Tagger, wanted: Wanted) -> Summary:
    """Tag one export, unless that has been done.

    It may be called again where a process that was at it died, at whatever moment, and ends
    in the same. Work of another run is taken over with the option ``resume`` only, and if it
    was made from the same input, by the same model and options; where it only has other numbers
    of duplicates, because another export of the job has changed, it is done again.

    Raises
    ------
    InputError, OutputError
        As :func:`~classifier.tagging.tag_file` does; nothing is left behind then.
    """
    same = _same(partition, tagger, wanted.options)
    known = read_receipt(partition.receipt)
    mine = known is not None and known.same == same and known.run == wanted.run
    done = known.result() if known and (mine or wanted.options.get("resume")) else None
    if known and done and known.same == same:
        return done
    if known and done and {**known.same, "groups": None} == {**same, "groups": None}:
        _remove(done)  # another export has changed, and with it the numbers of duplicates here
    clear = known.clear if known and mine and not known.stamp else _is_clear(partition)
    receipt = Receipt(wanted.run, same, clear)
    options = {**wanted.options, "groups": partition.groups}
    if mine and clear:  # what is there by now was written by this run
        options |= {"overwrite": True, "resume": True}
    try:
        write_receipt(partition.receipt, receipt)
        summary = tag_file(partition.source, tagger, partition.folder, **options)
    except UsulanError:
        _take_back(partition, known)
        raise
    whole = Receipt(wanted.run, same, clear, stamp(summary.output), summary.to_dict())
    write_receipt(partition.receipt, whole)
    return summary


def _remove(done: Summary) -> None:
    with suppress(OSError):  # writing it again tells what is wrong
        for file in filter(None, (done.output, done.errors)):
            file.unlink(missing_ok=True)


def _take_back(partition: Partition, former: Receipt | None) -> None:
    """Leave the receipt that was there before, so that ``--resume`` can still be thought of."""
    with suppress(OSError, UsulanError):
        partition.receipt.unlink(missing_ok=True)
        if former:
            write_receipt(partition.receipt, former)


def _is_clear(partition: Partition) -> bool:
    """Whether no file has the name of the partition's output, or one that begins like it."""
    begin = f"{partition.base.name}."
    with suppress(OSError):
        return not any(name.startswith(begin) for name in os.listdir(partition.folder))  # noqa: PTH208 (folders of 80,000)
    return False


def _same(partition: Partition, tagger: Tagger, options: Mapping[str, Any]) -> dict[str, Any]:
    """All that the output depends on, as JSON has it."""
    decisive = {name: value for name, value in options.items() if name not in _HOW}
    same = {**tagger.identity, "input": stamp(partition.source), "options": decisive}
    same["groups"] = digest(partition.groups)
    plain: dict[str, Any] = json.loads(json.dumps(same))
    return plain


_HOW = ("overwrite", "resume", "progress", "jobs")
"""Options of :func:`~classifier.tagging.tag_file` on which no byte depends."""


def tidy(partitions: Iterable[Partition], *, whole: bool) -> None:
    """Remove what killed workers left behind and, if the ``whole`` job is done, all receipts."""
    ours: dict[Path, set[str]] = defaultdict(set)
    for partition in partitions:
        ours[partition.folder] |= {partition.receipt.name, partition.base.name}
        if whole:
            partition.receipt.unlink(missing_ok=True)
    for folder, names in ours.items():
        for file in folder.glob(".*.tmp"):
            if _is_left(file, names):
                with suppress(OSError):  # it has just become an output
                    file.unlink()


def _is_left(file: Path, names: Container[str]) -> bool:
    """Whether :func:`~classifier.atomic.new_file` made it on the way to one of these names."""
    given = file.name[1:].rpartition(".")[0].rpartition(".")[0]
    return given in names or Path(given).stem in names
