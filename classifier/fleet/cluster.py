"""Exports tagged by the workers of a Dask cluster, each export by one of them.

Workers read and write the files themselves, in folders that all machines share; the model is
sent to each of them once. Dask sends Python objects (pickle), so whoever reaches the scheduler
can run code on the workers: it belongs into the office's network, or behind ``tls://``.
"""

from __future__ import annotations

import os
import platform
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, cast

import numpy
import pyarrow
import scipy
from distributed import (
    Client,
    Future,
    KilledWorker,
    Worker,
    WorkerPlugin,
    get_worker,
)
from distributed.comm.core import CommClosedError

import classifier
from classifier.errors import ClusterError, OutputError, UsulanError
from classifier.fleet.partitions import Outcome, Wanted, tag_partition
from classifier.fleet.plan import Partition
from classifier.fleet.receipts import stamp
from classifier.fleet.scheduler import wait_for_a_worker
from classifier.language import _, language
from classifier.store import fingerprint
from classifier.summary import Summary
from classifier.tags import Tagger

__all__ = ["tag_there"]

PATIENCE = 60
"""Time that the last worker has to come back, or another one to come."""


def tag_there(
    client: Client, partitions: Sequence[Partition], tagger: Tagger, wanted: Wanted
) -> Iterator[Outcome]:
    """Tag partitions on the workers of a cluster; outcomes come as they are done.

    An export whose worker dies goes to another one; only after some deaths over one export
    (Dask's ``allowed-failures``, 3) is it given up.

    Raises
    ------
    ClusterError
        There is no worker, or none is left, one differs from this machine, or the scheduler is
        lost.
    OutputError
        A folder cannot be written to.
    """
    name = f"usulan-{wanted.run}"
    try:
        _refuse_different(client)
        _refuse_blind(client, partitions)
        with _model_sent(client, tagger, name):
            keys = [f"{name}-{number}" for number in range(len(partitions))]
            futures = client.map(_tag, partitions, key=keys, wanted=wanted, model=name, pure=False)
            named = dict(zip(keys, partitions, strict=True))
            for future in _as_done(client, futures):
                partition = named[str(future.key)]
                yield partition, _result(future, partition)
                future.release()
    except (CancelledError, OSError):  # Dask's own errors among them
        raise ClusterError(
            "The scheduler was lost while the workers were at it; start it again."
        ) from None


def _as_done(client: Client, futures: Sequence[Future[Any]]) -> Iterator[Future[Any]]:
    """Futures as they are done; raise ClusterError if no worker is left to do the others."""
    done = SimpleQueue[Future[Any]]()
    for future in futures:
        future.add_done_callback(done.put)
    for _future in futures:
        while True:
            try:
                yield done.get(timeout=1)
                break
            except Empty:
                wait_for_a_worker(client, PATIENCE)


def _tag(partition: Partition, wanted: Wanted, model: str) -> Summary | UsulanError:
    """What a worker does."""
    worker = get_worker()
    held = _held(worker, model)
    if held.fault:  # it joined when the others had been looked at
        return ClusterError(
            "{path}: worker {worker} {fault}.",
            path=partition.source,
            worker=worker.address,
            fault=held.fault,
        )
    try:
        return tag_partition(partition, held.tagger, wanted)
    except UsulanError as error:
        return error


def _result(future: Future[Summary | UsulanError], partition: Partition) -> Summary | UsulanError:
    try:
        return future.result()
    except (CancelledError, CommClosedError):  # the scheduler is lost
        raise
    except KilledWorker as error:
        deaths = error.allowed_failures + 1
        return ClusterError(
            "{path}: {deaths} workers died while they tagged it. Look at their logs; they may "
            "need more memory.",
            path=partition.source,
            deaths=deaths,
        )
    except Exception as error:  # whatever went wrong there, the other exports are kept
        return ClusterError(
            "{path}: {kind} on a worker ({reason}).",
            path=partition.source,
            kind=type(error).__name__,
            reason=error,
        )


def _asked(client: Client, question: Callable[..., Any], *about: object) -> dict[str, Any]:
    """What each worker answers, or the error; without those that have just died."""
    answers = client.run(question, *about, on_error="return")
    return {who: said for who, said in answers.items() if not isinstance(said, CommClosedError)}


def _refuse_different(client: Client) -> None:
    """Raise ClusterError if a worker, or the scheduler, has other versions than this machine."""
    wait_for_a_worker(client)
    own = _own()
    for address, there in _asked(client, _own).items():
        fault = (
            _("cannot use usulan {version} ({reason})", version=own["usulan"], reason=there)
            if isinstance(there, Exception)
            else _difference(there, own)
        )
        _refuse(address, fault, _("Install the same versions on all machines."))


def _refuse_blind(client: Client, partitions: Sequence[Partition]) -> None:
    """Raise ClusterError if a worker does not see the exports, or cannot write beside ours."""
    sizes = {str(part.source): stamp(part.source)[:1] for part in partitions}
    with ExitStack() as stack:
        folders = {part.folder for part in partitions}
        probes = [stack.enter_context(_probe(folder)) for folder in folders]
        for address, unseen in _asked(client, _unseen, sizes, probes).items():
            fault = unseen and _("does not see {path} as this machine does", path=unseen)
            _refuse(address, fault, _("All of them need one shared folder, at one path."))


@contextmanager
def _probe(folder: Path) -> Iterator[str]:
    """The name of a file that is there for a moment."""
    try:
        handle, name = tempfile.mkstemp(prefix=".usulan-", dir=folder)
    except OSError as error:
        raise OutputError(
            "{folder}: cannot be written to ({reason}).", folder=folder, reason=error.strerror
        ) from None
    os.close(handle)
    try:
        yield name
    finally:
        Path(name).unlink(missing_ok=True)


def _unseen(sizes: Mapping[str, Sequence[int]], probes: Sequence[str]) -> str | None:
    """The first of some files that a worker lacks, or folder that it cannot write to."""
    for name, size in sizes.items():
        if size and stamp(Path(name))[:1] != size:
            return name
    for name in probes:
        folder = Path(name).parent
        if not Path(name).exists() or not os.access(folder, os.W_OK):
            return str(folder)
    return None


@contextmanager
def _model_sent(client: Client, tagger: Tagger, name: str) -> Iterator[None]:
    """Every worker has the model meanwhile; raise ClusterError where it arrives as another."""
    wanted = {**_own(), "model": fingerprint(tagger.model)}
    client.register_plugin(_Model(tagger, wanted), name=name)
    try:
        for address, fault in _asked(client, _fault, name).items():
            _refuse(address, fault, _("Install the same usulan on all machines."))
        yield
    finally:
        if client.status == "running":
            client.unregister_worker_plugin(name)


def _fault(name: str, dask_worker: Worker) -> str | None:
    return _held(dask_worker, name).fault


def _refuse(worker: str, fault: object, advice: str) -> None:
    if fault:
        raise ClusterError(
            "worker {worker} {fault}. {advice}", worker=worker, fault=fault, advice=advice
        )


class _Model(WorkerPlugin):
    """Holds what tags on a worker, also on one that joins later or takes another's place."""

    def __init__(self, tagger: Tagger, wanted: Mapping[str, str]) -> None:
        self.tagger, self._wanted = tagger, wanted
        self.fault: str | None = None
        self._language = language()

    def setup(self, worker: Worker) -> None:
        """Look whether this worker may tag, and let it speak as whoever asks does."""
        os.environ["USULAN_LANG"] = self._language
        self.fault = _difference(_own(), self._wanted) or _difference(
            {"model": fingerprint(self.tagger.model)}, self._wanted
        )


def _held(worker: Worker, name: str) -> _Model:
    return cast(_Model, worker.plugins[name])


def _own() -> dict[str, str]:
    """What must be the same everywhere, lest tags depend on who gives them."""
    python = ".".join(platform.python_version_tuple()[:2])
    libraries = {library.__name__: library.__version__ for library in (numpy, pyarrow, scipy)}
    return {"usulan": classifier.__version__, "Python": python, **libraries}


def _difference(found: Mapping[str, str], wanted: Mapping[str, str]) -> str | None:
    for name, version in found.items():
        if version != wanted[name]:
            there, here = version[:12], wanted[name][:12]
            return _(
                "has {name} {there}, and this machine {here}", name=name, there=there, here=here
            )
    return None
