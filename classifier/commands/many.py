"""Many exports as one job, into a folder or by a cluster."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from classifier.commands.notices import print_notices
from classifier.commands.outcome import print_outcome
from classifier.errors import ClusterError, OutputError, UsulanError
from classifier.language import _

if TYPE_CHECKING:
    import numpy as np
    from distributed import Client
    from numpy.typing import NDArray

    from classifier.fleet.partitions import Outcome, Wanted
    from classifier.fleet.plan import Partition
    from classifier.summary import Summary
    from classifier.tags import Tagger

__all__ = ["connected", "folder_for", "tag_many"]


def tag_many(
    paths: Sequence[str],
    groups: Sequence[NDArray[np.int64] | None],
    folder: str | None,
    tagger: Tagger,
    options: Mapping[str, Any],
    client: Client | None,
    show: int,
) -> None:
    """Tag exports as one job: a line for each on stderr, and one summary of all.

    Parameters
    ----------
    groups
        Groups of duplicates of each export; None where there was no search.
    folder
        Where the outputs go; each beside its export if left out.
    options
        Those of :func:`~classifier.tagging.tag_file`.
    client
        That of a Dask scheduler; this process does the work if left out.
    show
        Rows to show.

    Raises
    ------
    UsulanError
        The job cannot begin.
    click.ClickException
        Some exports were not tagged, or the job was stopped. The others are kept.
    """
    from classifier.fleet.partitions import Wanted, tidy
    from classifier.fleet.plan import plan

    partitions = plan(paths, folder, groups)
    names = dict(zip(partitions, paths, strict=True))
    done: dict[Partition, Summary] = {}
    failed: list[str] = []
    try:
        with folder_for(folder):
            for partition, result in _outcomes(partitions, tagger, Wanted(options), client):
                number = _("{number} of {all}", number=len(done) + len(failed) + 1, all=len(paths))
                if isinstance(result, UsulanError):
                    failed.append(names[partition])
                    told = _("Error: {message}", message=result)
                    click.echo(f"{told} ({number})", err=True)
                else:
                    done[partition] = result
                    rows = _("{rows} rows", rows=result.rows)
                    click.echo(f"{names[partition]}: {rows} ({number}).", err=True)
                    print_notices(names[partition], result)
    except (KeyboardInterrupt, ClusterError) as error:
        begun = done or any(partition.receipt.exists() for partition in partitions)
        if isinstance(error, ClusterError) and not begun:
            raise
        raise click.ClickException(
            _(
                "{why} {done} of {all} exports are tagged; the same command with --resume does "
                "the rest.",
                why=str(error) or _("Stopped."),
                done=len(done),
                all=len(paths),
            )
        ) from None
    tidy(partitions, whole=not failed)
    if done:
        every = [done[partition] for partition in partitions if partition in done]
        print_outcome(folder or _("all exports"), _total(every), tagger, show)
    if failed:
        raise click.ClickException(
            _(
                "{done} of {all} exports are tagged, but not {names}. Mend what is said above; "
                "the same command with --resume does the rest.",
                done=len(done),
                all=len(paths),
                names=", ".join(sorted(failed)),
            )
        )


def _total(summaries: Sequence[Summary]) -> Summary:
    total = deepcopy(summaries[0])
    for summary in summaries[1:]:
        total.add(summary)
    return total


@contextmanager
def folder_for(output: str | None) -> Iterator[None]:
    """The folder of an output, made if it is not there, and removed again if it stays empty.

    Raises
    ------
    OutputError
        It cannot be made.
    """
    from classifier.fleet.plan import is_folder

    folder = Path(output) if output and is_folder(output) else Path()
    new = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            "{path}: cannot be made ({reason}). Give another.", path=folder, reason=error.strerror
        ) from None
    try:
        yield
    finally:
        if new:
            with suppress(OSError):  # it holds something
                folder.rmdir()


@contextmanager
def connected(address: str | None) -> Iterator[Client | None]:
    """A client of the scheduler at an address, or none without one.

    Raises
    ------
    ClusterError
        Dask is not installed, or no scheduler answers there.
    """
    if address is None:
        yield None
        return
    try:
        from classifier.fleet.scheduler import connect
    except ModuleNotFoundError:
        raise ClusterError(
            "--cluster needs Dask, which is not installed. Install it: pip install usulan[cluster]"
        ) from None
    with connect(address) as client:
        yield client


def _outcomes(
    partitions: Sequence[Partition], tagger: Tagger, wanted: Wanted, client: Client | None
) -> Iterator[Outcome]:
    """Outcomes as they come, by a cluster or by this process."""
    if client is None:
        from classifier.fleet.partitions import tag_here

        return tag_here(partitions, tagger, wanted)
    from classifier.fleet.cluster import tag_there

    return tag_there(client, partitions, tagger, wanted)
