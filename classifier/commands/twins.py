"""Proposals that ask for the same thing: searched before tagging, told after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from classifier.language import _

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from classifier.model import Model

__all__ = ["find_groups", "print_duplicates"]


def find_groups(
    sources: Sequence[Path], model: Model, options: Mapping[str, Any], *, wanted: bool | None
) -> Sequence[NDArray[np.int64] | None]:
    """Groups of duplicates of each export; None where there was no search.

    ``options`` are those of :func:`~classifier.tagging.tag_file`. If it is not said whether
    the search is ``wanted``, the number of rows decides.
    """
    from classifier.twins.grouping import MOST, group_exports

    groups = None
    if wanted is not False:
        reading = {name: options[name] for name in ("text", "id_column", "sheet", "keep_bad")}
        groups = group_exports(sources, model, **reading, most=None if wanted else MOST)
    if groups is None and wanted is None:
        click.echo(
            _(
                "More than {most:,} rows: they are not searched for duplicates, and tag_duplikat "
                "stays empty. Give --duplicates to search them.",
                most=MOST,
            ),
            err=True,
        )
    return [None] * len(sources) if groups is None else groups


def print_duplicates(groups: Sequence[NDArray[np.int64] | None], *, err: bool) -> None:
    """Rows of all exports that ask for the same thing, and their groups, if there are any."""
    rows = sum(int((ids > 0).sum()) for ids in groups if ids is not None)
    most = max((int(ids.max(initial=0)) for ids in groups if ids is not None), default=0)
    if rows:
        told = _(
            "duplikat: {rows} rows in {groups} groups ask for the same work.",
            rows=rows,
            groups=most,
        )
        click.echo(f"\n{told}", err=err)
