"""The scheduler of a Dask cluster: whether it is one, and has workers."""

from __future__ import annotations

import asyncio
import logging
import re
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from distributed import Client, Security
from distributed.comm.core import connect as greet

from classifier.errors import ClusterError
from classifier.language import _

__all__ = ["connect", "wait_for_a_worker"]

SECONDS = 10
"""Time that a scheduler has to answer, and to have a first worker."""

_ADDRESS = re.compile(r"(tcp|tls)://.+:\d{1,5}")


@contextmanager
def connect(address: str) -> Iterator[Client]:
    """A client of the scheduler at ``tcp://HOST:PORT``, or ``tls://`` where Dask is set up for it.

    Raises
    ------
    ClusterError
        The address is none, or no scheduler answers there.
    """
    if not _ADDRESS.fullmatch(address):
        raise ClusterError(
            "{address}: is no address of a scheduler. Give one such as tcp://scheduler:8786.",
            address=address,
        )
    if address.startswith("tls") and not Security().get_connection_args("client")["ssl_context"]:
        raise ClusterError(
            "{address}: Dask has no certificates for tls:// on this machine. Name them in its "
            "configuration, distributed.comm.tls.",
            address=address,
        )
    with _quiet():
        try:
            with ThreadPoolExecutor(1) as pool:  # a notebook's own thread runs a loop already
                pool.submit(asyncio.run, _greet(address)).result()
            client = Client(address, timeout=SECONDS, set_as_default=False)
        except Exception as error:  # Dask takes whatever answers for a scheduler
            known = isinstance(error, OSError | ValueError)
            reason = error if known else _("what answers is none")
            raise ClusterError(
                "{address}: no Dask scheduler answers there ({reason}). Start one with 'dask "
                "scheduler', or check the address.",
                address=address,
                reason=reason,
            ) from None
        with client:
            yield client


async def _greet(address: str) -> None:
    """Look who answers; a client waits half a minute where that is no scheduler."""
    security = Security().get_connection_args("client")
    comm = await greet(address, timeout=SECONDS, **security)
    await comm.close()


def wait_for_a_worker(client: Client, seconds: float | None = None) -> None:
    """Wait until a scheduler has a worker.

    Raises
    ------
    ClusterError
        It has none after that time, or ``SECONDS``.
    """
    scheduler = client.scheduler_info()["address"]
    try:
        client.wait_for_workers(1, timeout=seconds or SECONDS)
    except TimeoutError:
        raise ClusterError(
            "{scheduler}: the scheduler has no worker. Start some with 'dask worker {scheduler}'.",
            scheduler=scheduler,
        ) from None


@contextmanager
def _quiet() -> Iterator[None]:
    """Without Dask's own lines on stderr: what goes wrong is told in one sentence."""
    names = [name for name in logging.root.manager.loggerDict if name.startswith("distributed")]
    levels = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
