"""Runs that are stopped: nothing half-written, nothing lost, and a way to go on.

Run as a script to kill 50 runs: ``python tests/test_resume.py 50``.
"""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import read_rows, write_rows

from classifier.errors import InputError, OutputError
from classifier.formats import csvfile
from classifier.formats.job import Options, open_job
from classifier.formats.partfile import beside
from classifier.model import Model
from classifier.store import load_model
from classifier.summary import Summary
from classifier.tagging import tag_file
from classifier.tags import Tagger

resource = pytest.importorskip("resource", reason="signals and limits are those of POSIX")

SLOW = """
import sys, time
import classifier.formats.csvfile
from classifier.cli import main
from classifier.formats.job import Job

def save(self, state, whole=Job.save):
    whole(self, state)
    time.sleep(0.01)

Job.save = save
classifier.formats.csvfile.BLOCK = 8000
main()
"""
LINES = [["No", "Usulan", "Masalah"]] + [
    [str(number), f"paving gang {number}", "becek, bolong" if number % 3 else ""]
    for number in range(12_000)
]


class Run:
    """The command in a process of its own, with small chunks, and slow."""

    def __init__(self, path: Path, model: Path, *options: str, **popen: object) -> None:
        call = [sys.executable, "-c", SLOW, "tag", str(path), "--model", str(model), *options]
        self.part = beside(path.with_suffix(".tagged.csv"), "part")
        self.before = self.changed()
        self.process = subprocess.Popen(
            call, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **popen
        )

    def changed(self) -> int:
        """When the unfinished file was written last."""
        return self.part.stat().st_mtime_ns if self.part.exists() else 0

    def stop(self, number: int, delay: float) -> None:
        """Send a signal some time after this run has begun to write."""
        deadline = time.monotonic() + 60
        while self.process.poll() is None and time.monotonic() < deadline:
            if self.changed() > self.before:
                break
            time.sleep(0.002)
        time.sleep(delay)
        self.process.send_signal(number)

    def end(self) -> tuple[int, str, str]:
        out, error = self.process.communicate(timeout=60)
        return self.process.returncode, out, error


def kill_often(folder: Path, model: Path, times: int) -> tuple[int, int]:
    """Kill a run and continue it, again and again.

    Gives how many kills came in the midst of writing, and how many runs came to their end.
    """
    path, whole = write_rows(folder / "a.csv", LINES), folder / "utuh.csv"
    summary = tag_file(path, Tagger(load_model(model)), whole)
    out = folder / "a.tagged.csv"
    out.write_text("yang lama", encoding="utf-8")
    midst = ended = 0
    for _ in range(times):
        run = Run(path, model, "--force", "--resume")
        run.stop(signal.SIGKILL, random.uniform(0, 0.25))
        run.end()
        if out.read_bytes() == whole.read_bytes():  # it was done before the signal came
            ended += 1
            out.write_text("yang lama", encoding="utf-8")
        else:
            midst += run.changed() > run.before
        assert out.read_text(encoding="utf-8") == "yang lama"
        names = {file.name for file in folder.iterdir()} - {path.name, whole.name, out.name}
        assert names <= {".a.tagged.csv.part", ".a.tagged.csv.journal"}
    code, printed, error = Run(path, model, "--force", "--resume").end()
    assert code == 0, error
    assert out.read_bytes() == whole.read_bytes()
    assert f": {summary.rows} rows" in printed
    assert all(f"{count:>9}" in printed for count in summary.labels.values())
    assert {file.name for file in folder.iterdir()} == {path.name, whole.name, out.name}
    return midst, ended


def test_killed_runs_are_continued_to_the_same_bytes(model_file: Path, tmp_path: Path) -> None:
    midst, _ = kill_often(tmp_path, model_file, 8)
    assert midst > 0


@pytest.mark.parametrize("options", [(), ("--resume",)])
def test_ctrl_c_leaves_the_old_output_and_says_how_to_go_on(
    model_file: Path, tmp_path: Path, options: tuple[str, ...]
) -> None:
    path, out = write_rows(tmp_path / "a.csv", LINES), tmp_path / "a.tagged.csv"
    out.write_text("yang lama", encoding="utf-8")
    run = Run(path, model_file, "--force", *options)
    run.stop(signal.SIGINT, 0.1)
    code, _, error = run.end()
    assert code == 1
    assert error.startswith(f"Error: {path}: stopped, and not written.")
    assert ("again to go on" in error) == run.part.exists() == bool(options)
    assert out.read_text(encoding="utf-8") == "yang lama"


def test_a_full_disk_ends_in_one_sentence(model_file: Path, tmp_path: Path) -> None:
    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    path, out = write_rows(tmp_path / "a.csv", LINES), tmp_path / "a.tagged.csv"
    out.write_text("yang lama", encoding="utf-8")
    code, _, error = Run(path, model_file, "--force", preexec_fn=little_room).end()
    assert code == 1
    assert error == f"Error: {out}: cannot be written (File too large).\n"
    assert out.read_text(encoding="utf-8") == "yang lama"
    assert {file.name for file in tmp_path.iterdir()} == {"a.csv", "a.tagged.csv"}


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csvfile, "BLOCK", 300)


def stop_after(chunks: int) -> Callable[[int], None]:
    """A progress function that stops the run."""
    seen = []

    def stop(rows: int) -> None:
        seen.append(rows)
        if len(seen) == chunks:
            raise KeyboardInterrupt

    return stop


def interrupted(path: Path, model: Model, **options: bool) -> None:
    with pytest.raises(KeyboardInterrupt):
        tag_file(path, Tagger(model), resume=True, progress=stop_after(5), **options)


def same(first: Summary, second: Summary) -> bool:
    counted = [(s.rows, s.labels, s.status, s.counts, s.first) for s in (first, second)]
    return counted[0] == counted[1]


ROWS = [["Usulan", "Nilai"]] + [
    ["JUMLAH" if n % 9 == 0 else f"paving {n}", "=1" if n % 5 == 0 else "1"] for n in range(200)
]


@pytest.mark.usefixtures("small_chunks")
@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz"])
def test_a_continued_run_is_as_if_it_had_not_stopped(
    model: Model, tmp_path: Path, name: str
) -> None:
    path = write_rows(tmp_path / "a.csv", [*ROWS, ["x", "y", "z"], *ROWS[1:], ["x"]])
    whole_out = tmp_path / f"whole{name[1:]}"
    whole = tag_file(path, Tagger(model), whole_out, keep_bad=True)
    out = tmp_path / f"out{name[1:]}"
    for chunks in (1, 2, 5, 9):
        with pytest.raises(KeyboardInterrupt):
            tag_file(
                path, Tagger(model), out, resume=True, keep_bad=True, progress=stop_after(chunks)
            )
        assert not out.exists()
    summary = tag_file(path, Tagger(model), out, resume=True, keep_bad=True)
    assert out.read_bytes() == whole_out.read_bytes()
    lists = [Path(f"{file}.errors.csv").read_bytes() for file in (out, whole_out)]
    assert lists[0] == lists[1]
    assert same(summary, whole)
    assert (summary.begun, summary.resumed > 0) == ("continued", True)
    assert len(list(tmp_path.iterdir())) == 5


@pytest.mark.usefixtures("small_chunks")
def test_only_the_same_run_is_continued(model: Model, tmp_path: Path) -> None:
    path, out = write_rows(tmp_path / "a.csv", ROWS), tmp_path / "a.tagged.csv"
    part, journal = beside(out, "part"), beside(out, "journal")
    whole = tag_file(path, Tagger(model), tmp_path / "b.csv")

    def another_input() -> None:
        write_rows(path, [*ROWS, ["baru", ""]])

    def back() -> None:
        write_rows(path, ROWS)

    for change, options in (
        (lambda: None, {"safe_excel": True}),
        (lambda: None, {"keep_bad": True}),
        (another_input, {}),
        (lambda: journal.write_bytes(journal.read_bytes()[:20]), {}),
        (lambda: journal.unlink(), {}),
        (lambda: part.write_bytes(part.read_bytes()[:50]), {}),
    ):
        interrupted(path, model, overwrite=True)
        change()
        summary = tag_file(path, Tagger(model), overwrite=True, resume=True, **options)
        assert summary.begun == "different"
        assert summary.resumed == 0
        assert not part.exists()
        assert not journal.exists()
        back()
    interrupted(path, model, overwrite=True)
    summary = tag_file(path, Tagger(model), overwrite=True)
    assert summary.begun == "replaced"
    assert same(summary, whole)


@pytest.mark.usefixtures("small_chunks")
def test_a_journal_cut_off_at_its_end_still_serves(model: Model, tmp_path: Path) -> None:
    path, out = write_rows(tmp_path / "a.csv", ROWS), tmp_path / "a.tagged.csv"
    whole = tag_file(path, Tagger(model), tmp_path / "b.csv")
    interrupted(path, model)
    journal = beside(out, "journal")
    last = json.loads(journal.read_text(encoding="utf-8").splitlines()[-1])
    journal.write_bytes(journal.read_bytes()[:-9])
    summary = tag_file(path, Tagger(model), resume=True)
    assert 0 < summary.resumed < last["state"]["rows"]
    assert same(summary, whole)
    assert out.read_bytes() == whole.output.read_bytes()


def test_what_cannot_be_tagged_leaves_nothing_to_continue(model: Model, tmp_path: Path) -> None:
    path = write_rows(tmp_path / "a.csv", [["Usulan", "b"], ["paving", "x"], ["paving"]])
    for resume in (False, True):
        with pytest.raises(InputError, match="line 3"):
            tag_file(path, Tagger(model), resume=resume)
        assert [file.name for file in tmp_path.iterdir()] == ["a.csv"]


def test_two_runs_do_not_write_one_output(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    with open_job(out, overwrite=False) as job:
        job.output.write(b"pertama")
        second = open_job(out, overwrite=False)
        with pytest.raises(OutputError, match="another run is writing it"), second:
            pass
    assert out.read_bytes() == b"pertama"
    assert list(tmp_path.iterdir()) == [out]


def test_links_in_the_place_of_our_files_are_not_followed(tmp_path: Path) -> None:
    out, other = tmp_path / "out.csv", tmp_path / "milik-orang.txt"
    other.write_text("penting", encoding="utf-8")
    for ending in ("part", "journal"):
        beside(out, ending).symlink_to(other)
    with open_job(out, overwrite=False, options=Options(resume=True)) as job:
        job.output.write(b"isi")
        job.save({"chunks": 1})
    assert other.read_text(encoding="utf-8") == "penting"
    assert out.read_bytes() == b"isi"


def test_the_list_of_bad_rows_is_not_replaced_unasked(model: Model, tmp_path: Path) -> None:
    path = write_rows(tmp_path / "a.csv", [["Usulan"], ["paving"]])
    listed = tmp_path / "a.tagged.csv.errors.csv"
    listed.write_text("milik orang", encoding="utf-8")
    with pytest.raises(OutputError, match="--force"):
        tag_file(path, Tagger(model), keep_bad=True)
    assert listed.read_text(encoding="utf-8") == "milik orang"
    tag_file(path, Tagger(model), keep_bad=True, overwrite=True)
    assert read_rows(listed)[0][0] == "berkas"


if __name__ == "__main__":
    starter = Path(__file__).parent.parent / "models" / "starter.usulan"
    with tempfile.TemporaryDirectory() as name:
        kills = int(sys.argv[1])
        midst, ended = kill_often(Path(name), starter, kills)
        print(f"{kills} kills, {midst} in the midst of writing; {ended} runs came to their end.")
