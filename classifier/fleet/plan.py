"""Which files a job of many exports is about: those read, and where each is written."""

from __future__ import annotations

import glob
import os
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from classifier.errors import InputError, OutputError
from classifier.formats.streams import PIPE
from classifier.tagging import default_output

__all__ = ["Partition", "expand", "is_folder", "plan"]


@dataclass(frozen=True)
class Partition:
    """An export of a job, and the folder for its output; both absolute.

    ``groups`` are those of its duplicates, see :func:`~classifier.twins.grouping.group_exports`.
    """

    source: Path
    folder: Path
    groups: NDArray[np.int64] | None = field(default=None, compare=False)

    @property
    def receipt(self) -> Path:
        """Beside the output, see :mod:`classifier.fleet.receipts`."""
        return self.folder / f".{self.source.name}.receipt"

    @property
    def base(self) -> Path:
        """The output without the ending of its format."""
        return self.folder / default_output(self.source, "").name


def expand(exports: Iterable[str]) -> list[str]:
    """Files that names and patterns stand for; those of a pattern in order, and no file twice.

    A pattern does not stand for outputs of the other files that it matches, so that a command
    can be given again, whatever it has written by then.

    A shell does the same unless a pattern stands between quotes, as it must where the shell
    has a limit of names, or none of its own (Windows).

    Raises
    ------
    InputError
        A pattern matches no file.

    Examples
    --------
    >>> expand(["usulan.csv", "-", "usulan.csv"])
    ['usulan.csv', '-', 'usulan.csv']
    """
    paths: list[str] = []
    for given in exports:
        if os.path.lexists(given) or not glob.has_magic(given):
            paths.append(given)
            continue
        matches = glob.glob(given, recursive=True)  # noqa: PTH207 (patterns may be absolute)
        found = _without_outputs(sorted(path for path in matches if Path(path).is_file()))
        if not found:
            raise InputError(
                "{pattern}: matches no file. Check the folder and the pattern.", pattern=given
            )
        known = set(paths)
        paths += [path for path in found if path not in known]
    return paths


def _without_outputs(paths: Sequence[str]) -> list[str]:
    """Those of some files that do not have the name of an output of another one."""
    outputs = {default_output(Path(path), ".").name for path in paths}
    begins = [(path, Path(path).name.partition(".tagged.")) for path in paths]
    return [path for path, (name, tagged, _) in begins if name + tagged not in outputs]


def is_folder(output: str | None) -> bool:
    """Whether an output is a folder: one that exists, or a name that ends in a slash.

    Examples
    --------
    >>> is_folder("tagged/"), is_folder("hasil.csv")
    (True, False)
    """
    ends = tuple(filter(None, (os.sep, os.altsep)))
    return bool(output) and (str(output).endswith(ends) or Path(str(output)).is_dir())


def plan(
    paths: Sequence[str],
    folder: str | Path | None = None,
    groups: Sequence[NDArray[np.int64] | None] = (),
) -> list[Partition]:
    """A partition for each export; its output goes to ``folder``, or beside it.

    ``groups`` are those of the exports' duplicates, if they were searched.

    Raises
    ------
    InputError
        An export is standard input.
    OutputError
        Two exports would have one output, or one be replaced by the output of another.

    Examples
    --------
    >>> [partition.base.name for partition in plan(["a/x.parquet", "a/y.csv.gz"], "tagged")]
    ['x.tagged', 'y.tagged']
    """
    if PIPE in paths:
        raise InputError("-: standard input is no file of a job. Save it as a file first.")
    sources = [Path(path).absolute() for path in paths]
    partitions = [
        Partition(source, Path(folder or source.parent).absolute(), group)
        for source, group in zip_longest(sources, groups)
    ]
    _refuse_shared(paths, partitions)
    return partitions


def _refuse_shared(paths: Sequence[str], partitions: Sequence[Partition]) -> None:
    """Raise OutputError where two outputs, or an output and an export, are of one name."""
    exports, by_base = defaultdict(list), defaultdict(list)
    for path, partition in zip(paths, partitions, strict=True):
        exports[partition.source.parent / _bare(partition.source)].append(path)
        by_base[partition.base].append(path)
    for base, those in by_base.items():
        if len(those) > 1:
            raise OutputError(
                "{path} and {other}: both would be written to {output}. Rename one of them, or "
                "tag them into two folders.",
                path=those[0],
                other=those[1],
                output=base,
            )
        if base in exports:
            raise OutputError(
                "{path}: is an input of this command, and could be replaced by the output of "
                "{other}. Leave it out, or give a folder with -o.",
                path=exports[base][0],
                other=those[0],
            )


def _bare(path: Path) -> str:
    """A file's name without the ending of its format."""
    return default_output(path, "").name.removesuffix(".tagged")
