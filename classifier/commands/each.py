"""Exports one by one, each with a summary of its own."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from contextlib import nullcontext, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from classifier.commands.many import folder_for
from classifier.commands.notices import print_notices
from classifier.commands.outcome import print_outcome
from classifier.errors import UsulanError
from classifier.formats.streams import PIPE, piped
from classifier.language import _

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from classifier.summary import Summary
    from classifier.tags import Tagger

__all__ = ["tag_each"]


def tag_each(
    exports: Sequence[str],
    sources: Sequence[Path],
    groups: Sequence[NDArray[np.int64] | None],
    output: str | None,
    tagger: Tagger,
    options: Mapping[str, Any],
    show: int,
) -> None:
    """Tag exports in turn and print what became of each.

    Parameters
    ----------
    exports, sources
        The exports as they were given, and as files.
    groups
        Groups of duplicates of each export; None where there was no search.
    output
        Output of the one export, or a folder.
    options
        Those of :func:`~classifier.tagging.tag_file`.
    show
        Rows to show.

    Raises
    ------
    UsulanError
        The only export cannot be tagged.
    click.ClickException
        Some exports were not tagged, or the command was stopped.
    """
    from classifier.tagging import tag_file

    failed, written = list[str](), list[Path]()
    for path, given, group in zip(exports, sources, groups, strict=True):
        try:
            with folder_for(output), piped(path, output, given) as (source, target):
                summary = tag_file(
                    source,
                    tagger,
                    target,
                    **options,
                    groups=group,
                    spared=[*(path for path in exports if path != PIPE), *written],
                    progress=_rows_done,
                )
        except KeyboardInterrupt:
            stopped = (
                _(
                    "{path}: stopped, and not written. Give the same command again to go on.",
                    path=path,
                )
                if options["resume"]
                else _("{path}: stopped, and not written.", path=path)
            )
            raise click.ClickException(stopped) from None
        except UsulanError as error:
            if len(exports) == 1:
                raise
            click.echo(_("Error: {message}", message=error), err=True)
            failed.append(path)
        else:
            written.append(summary.output)
            _report(path, summary, tagger, show, printed=(output or path) == PIPE)
    if failed:
        raise click.ClickException(
            _(
                "{failed} of {all} exports not tagged: {names}.",
                failed=len(failed),
                all=len(exports),
                names=", ".join(failed),
            )
        )


def _report(path: str, summary: Summary, tagger: Tagger, show: int, *, printed: bool) -> None:
    print_notices(path, summary)
    with redirect_stdout(sys.stderr) if printed else nullcontext():
        name = _("standard output") if printed else summary.output
        print_outcome(name, summary, tagger, show)


def _rows_done(rows: int) -> None:
    if sys.stderr.isatty():
        click.echo("\r" + _("{rows} rows", rows=rows), nl=False, err=True)
