"""A real Dask cluster of worker processes: the same tags, and what happens when things die."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from conftest import WORKS, write_rows
from zoo_books import several

from classifier.cli import main
from classifier.errors import ClusterError, OutputError

distributed = pytest.importorskip("distributed", reason="Dask is not installed")

from classifier.fleet import cluster as classifier_cluster  # noqa: E402 (needs Dask)
from classifier.fleet import scheduler  # noqa: E402

LOCAL = "127.0.0.1:0"
WORDS = [word for works in WORKS.values() for work in works for word in work.split()]


@pytest.fixture(scope="module")
def cluster() -> Iterator[distributed.LocalCluster]:
    """Two workers, each a process of its own that is started again when it dies."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=LOCAL
    ) as started:
        yield started


def write_exports(folder: Path, number: int, rows: int) -> Path:
    """Parquet files of different texts."""
    folder.mkdir()
    chance = random.Random(number)
    for file in range(number):
        texts = [" ".join(chance.choices(WORDS, k=9)) for _ in range(rows)]
        pq.write_table(pa.table({"Usulan": texts}), folder / f"kab{file:02d}.parquet")
    return folder


class Command:
    """The command with a model, and what it wrote into a folder."""

    def __init__(self, model: Path, folder: Path) -> None:
        self.folder, self._model = folder, model
        self.code, self.output = 0, ""

    def __call__(self, *arguments: object) -> Command:
        call = ["tag", *map(str, arguments), "-o", f"{self.folder}/", "--model", str(self._model)]
        result = CliRunner().invoke(main, call)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        self.code, self.output = result.exit_code, result.output
        return self

    @property
    def contents(self) -> dict[str, bytes]:
        return {file.name: file.read_bytes() for file in self.folder.iterdir()}

    @property
    def summary(self) -> str:
        return self.output.split(" rows, text from ")[1]


@pytest.fixture
def here(model_file: Path, tmp_path: Path) -> Command:
    return Command(model_file, tmp_path / "satu-mesin")


@pytest.fixture
def there(model_file: Path, tmp_path: Path) -> Command:
    return Command(model_file, tmp_path / "klaster")


def test_every_format_comes_back_in_the_bytes_of_one_machine(
    cluster: distributed.LocalCluster, here: Command, there: Command, tmp_path: Path
) -> None:
    exports = write_exports(tmp_path / "exports", 3, 300)
    rows = [["No", "Usulan"], ["1", "paving gang"], ["2", "=1"], ["", "JUMLAH"]]
    write_rows(exports / "a.csv", rows)
    several(("A", rows, True))(exports / "b.xlsx")
    rules = [["frasa", "facet", "label", "mode"], ["gang", "prioritas", "sosial", "wajib"]]
    options = ["--rules", write_rows(tmp_path / "aturan.csv", rules), "--safe-excel", "--explain"]
    there(exports / "*", "--cluster", cluster.scheduler_address, *options)
    assert there.code == 0, there.output
    assert here(exports / "*", *options).code == 0
    assert there.contents == here.contents
    assert there.summary == here.summary
    assert len(there.contents) == 5


def test_a_killed_worker_costs_nothing_but_time(
    cluster: distributed.LocalCluster, here: Command, there: Command, tmp_path: Path
) -> None:
    exports = write_exports(tmp_path / "exports", 12, 3000)
    with distributed.Client(cluster.scheduler_address, set_as_default=False) as client:
        victim = next(iter(client.run(os.getpid).values()))
    killed = []

    def kill() -> None:
        """Kill a worker as soon as an output is there: ten others are not begun yet."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and not killed:
            if list(there.folder.glob("*.tagged.parquet")):
                os.kill(victim, signal.SIGKILL)
                killed.append(len(list(there.folder.glob("*.tagged.parquet"))))
            time.sleep(0.002)

    watch = threading.Thread(target=kill)
    watch.start()
    there(exports / "*", "--cluster", cluster.scheduler_address)
    watch.join()
    assert killed[0] < 12
    assert there.code == 0, there.output
    assert here(exports / "*").code == 0
    assert there.contents == here.contents
    assert there.summary == here.summary


def test_a_damaged_partition_is_named_and_resume_does_it_alone(
    cluster: distributed.LocalCluster, here: Command, there: Command, tmp_path: Path
) -> None:
    exports = write_exports(tmp_path / "exports", 4, 50)
    broken = exports / "kab02.parquet"
    whole = broken.read_bytes()
    broken.write_bytes(whole[:-9])
    call = [exports / "*", "--cluster", cluster.scheduler_address]
    assert there(*call).code == 1
    assert f"Error: {broken}: cannot be read as Parquet" in there.output
    assert f"3 of 4 exports are tagged, but not {broken}." in there.output.splitlines()[-1]
    outputs = sorted(there.folder.glob("*.parquet"))
    assert [path.name[:5] for path in outputs] == ["kab00", "kab01", "kab03"]
    before = [path.stat().st_mtime_ns for path in outputs]
    broken.write_bytes(whole)
    assert there(*call, "--resume").code == 0, there.output
    assert [path.stat().st_mtime_ns for path in outputs] == before
    here(exports / "*")
    assert there.contents == here.contents
    assert there.summary == here.summary
    assert there(*call).code == 1
    assert there.output.count("exists. Give --force") == 4
    assert there.contents == here.contents


def test_a_worker_speaks_the_language_of_whoever_asks(
    cluster: distributed.LocalCluster,
    there: Command,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken = write_exports(tmp_path / "exports", 1, 5) / "kab00.parquet"
    broken.write_bytes(broken.read_bytes()[:-9])
    monkeypatch.setenv("USULAN_LANG", "id")
    assert there(broken, "--cluster", cluster.scheduler_address).code == 1
    assert f"{broken}: tidak dapat dibaca sebagai Parquet" in there.output


@contextmanager
def further_worker(
    address: str, preload: Path, others: int = 2
) -> Iterator[subprocess.Popen[bytes]]:
    """A worker that is not like the others, while it is there."""
    call = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--nthreads", "1"]
    process = subprocess.Popen(
        [*call, "--no-nanny", "--no-dashboard", "--preload", str(preload)],
        stderr=subprocess.PIPE, env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        cwd=preload.parent,
    )  # fmt: skip
    try:
        with distributed.Client(address, set_as_default=False) as client:
            client.wait_for_workers(others + 1, timeout=60)
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=30)
        with distributed.Client(address, set_as_default=False) as client:
            deadline = time.monotonic() + 30
            while len(client.scheduler_info()["workers"]) > others and time.monotonic() < deadline:
                time.sleep(0.05)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("import classifier; classifier.__version__ = '9.9.9'", "has usulan 9.9.9, and this "),
        ("import scipy; scipy.__version__ = '0.1'", "has scipy 0.1, and this machine "),
        ("import sys; sys.modules['classifier'] = None", "cannot use usulan "),
        (
            "from classifier.fleet import cluster; cluster.fingerprint = lambda model: 'f' * 64",
            "has model ffffffffffff, and this machine ",
        ),
        ("from classifier.fleet import cluster; cluster.stamp = lambda path: []", "does not see "),
    ],
)
def test_a_worker_that_differs_is_refused_in_one_sentence(
    cluster: distributed.LocalCluster, there: Command, tmp_path: Path, change: str, sentence: str
) -> None:
    exports, preload = write_exports(tmp_path / "exports", 2, 5), tmp_path / "lain.py"
    preload.write_text(change, encoding="utf-8")
    with further_worker(cluster.scheduler_address, preload):
        there(exports / "*", "--cluster", cluster.scheduler_address)
    assert there.code == 1
    (line,) = there.output.splitlines()
    assert line.startswith("Error: worker tcp://")
    assert sentence in line
    assert not there.folder.exists()


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("tcp://127.0.0.1:9", "no Dask scheduler answers there"),
        ("scheduler", "is no address of a scheduler. Give one such as tcp://scheduler:8786."),
        ("tls://127.0.0.1:9", "Dask has no certificates for tls:// on this machine."),
    ],
)
def test_a_cluster_that_is_not_there_is_told_in_one_sentence(
    there: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str, sentence: str
) -> None:
    monkeypatch.setattr(scheduler, "SECONDS", 1)
    there(write_exports(tmp_path / "exports", 1, 5) / "*", "--cluster", address)
    assert there.code == 1
    (line,) = there.output.splitlines()
    assert line.startswith(f"Error: {address}: ")
    assert sentence in line
    assert not there.folder.exists()


def test_a_scheduler_without_workers_is_told_in_one_sentence(
    there: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler, "SECONDS", 1)
    exports = write_exports(tmp_path / "exports", 1, 5)
    with distributed.LocalCluster(n_workers=0, dashboard_address=LOCAL) as empty:
        there(exports / "*", "--cluster", empty.scheduler_address)
    assert there.code == 1
    (line,) = there.output.splitlines()
    assert "the scheduler has no worker. Start some with 'dask worker tcp://" in line


def test_what_is_no_scheduler_is_told_in_one_sentence_and_before_anything_is_read(
    there: Command, tmp_path: Path
) -> None:
    """As Dask's dashboard, or a login by ssh, would answer at a port mixed up with it."""
    (tmp_path / "a.csv").write_bytes(b"\0")
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.sendall(b"SSH-2.0-OpenSSH_9.6\r\n")
                connection.recv(1000)

        thread = threading.Thread(target=answer)
        thread.start()
        port = server.getsockname()[1]
        there(tmp_path / "a.csv", "--cluster", f"tcp://127.0.0.1:{port}")
        thread.join()
    assert there.code == 1
    (line,) = there.output.splitlines()
    assert "no Dask scheduler answers there (what answers is none)" in line


def test_the_loss_of_the_last_worker_is_told_and_what_was_done_is_kept(
    here: Command, there: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(classifier_cluster, "PATIENCE", 1)
    exports, first = write_exports(tmp_path / "exports", 6, 3000), tmp_path / "first.py"
    first.write_text("", encoding="utf-8")
    with (
        distributed.LocalCluster(n_workers=0, dashboard_address=LOCAL) as small,
        further_worker(small.scheduler_address, first, others=0) as worker,
    ):

        def kill() -> None:
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline and not list(there.folder.glob("*.tagged.*")):
                time.sleep(0.002)
            worker.kill()

        watch = threading.Thread(target=kill)
        watch.start()
        there(exports / "*", "--cluster", small.scheduler_address)
        watch.join()
    assert there.code == 1
    last = there.output.splitlines()[-1]
    assert "the scheduler has no worker. Start some" in last
    assert last.endswith("of 6 exports are tagged; the same command with --resume does the rest.")
    assert there(exports / "*", "--resume").code == 0, there.output
    here(exports / "*")
    assert there.contents == here.contents


@pytest.mark.parametrize("error", [distributed.comm.core.CommClosedError, OSError])
def test_a_scheduler_lost_before_the_work_began_is_told_in_one_sentence(
    cluster: distributed.LocalCluster,
    there: Command,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: type[Exception],
) -> None:
    def lost(client: distributed.Client, *rest: object, **how: object) -> None:
        raise error("Stream is closed")

    monkeypatch.setattr(distributed.Client, "register_plugin", lost)
    exports = write_exports(tmp_path / "exports", 1, 5)
    there(exports / "*", "--cluster", cluster.scheduler_address)
    assert there.code == 1
    assert there.output == (
        "Error: The scheduler was lost while the workers were at it; start it again.\n"
    )


def test_a_worker_that_died_while_it_was_asked_is_no_other_version() -> None:
    class Answers:
        def run(self, *rest: object, **how: object) -> dict[str, object]:
            closed = distributed.comm.core.CommClosedError("Stream is closed")
            return {"tcp://a:1": closed, "tcp://b:1": ImportError("classifier")}

    assert list(classifier_cluster._asked(Answers(), print)) == ["tcp://b:1"]


def test_a_folder_that_cannot_be_written_to_is_told_in_one_sentence(tmp_path: Path) -> None:
    with (
        pytest.raises(OutputError, match=r"cannot be written to \(No such file or directory\)"),
        classifier_cluster._probe(tmp_path / "lain"),
    ):
        pass


def test_without_dask_the_command_says_what_to_install(
    there: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "classifier.fleet.scheduler")
    monkeypatch.setitem(sys.modules, "distributed", None)
    exports = write_exports(tmp_path / "exports", 1, 5)
    there(exports / "*", "--cluster", "tcp://127.0.0.1:9")
    assert there.code == 1
    assert there.output.endswith("Install it: pip install usulan[cluster]\n")


def test_what_goes_wrong_on_a_worker_is_told_of_its_export() -> None:
    """Deaths over one export beyond what Dask allows, and faults that nobody foresaw."""

    class Failed:
        def __init__(self, error: BaseException) -> None:
            self._error = error

        def result(self) -> None:
            raise self._error

    part = classifier_cluster.Partition(Path("a.csv"), Path("b"))
    last = distributed.scheduler.WorkerState.__new__(distributed.scheduler.WorkerState)
    for error, sentence in (
        (distributed.KilledWorker("a", last, 3), "a.csv: 4 workers died while they tagged it."),
        (MemoryError("penuh"), "a.csv: MemoryError on a worker (penuh)."),
    ):
        result = classifier_cluster._result(Failed(error), part)
        assert isinstance(result, ClusterError)
        assert str(result).startswith(sentence)
