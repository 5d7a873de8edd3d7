"""Many exports as one job: patterns, names of outputs, and work that is taken up again."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from conftest import read_rows, write_rows
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.atomic import write_bytes
from classifier.cli import main
from classifier.errors import InputError, OutputError, UsulanError
from classifier.fleet import partitions, receipts
from classifier.fleet.partitions import Wanted, tag_here, tag_partition, tidy
from classifier.fleet.plan import Partition, expand, plan
from classifier.model import Model
from classifier.summary import Summary
from classifier.tagging import default_output, tag_file
from classifier.tags import Tagger

TEXTS = ["paving gang", "kader posyandu", "sembako lansia", "tes", "", "got mampet"]
NAMES = st.sampled_from([
    f"{folder}/{name}{ending}"
    for folder in ("a", "b")
    for name in ("x", "x.tagged", "y")
    for ending in (".csv", ".csv.gz", ".parquet", "")
])  # fmt: skip


def write_parquet(path: Path, texts: list[str]) -> Path:
    pq.write_table(pa.table({"No": range(len(texts)), "Usulan": texts}), path)
    return path


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    """A folder with exports in two formats."""
    folder = tmp_path / "exports"
    folder.mkdir()
    for number in range(3):
        write_parquet(folder / f"kel{number}.parquet", TEXTS[number:] * 9)
    write_rows(folder / "rekap.csv", [["No", "Usulan"], *([f"{n}", "paving"] for n in range(9))])
    return folder


def tag_all(runner: CliRunner, model: Path, *arguments: object) -> tuple[int, str]:
    result = runner.invoke(main, ["tag", *map(str, arguments), "--model", str(model)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.output


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_a_pattern_is_tagged_into_a_new_folder_with_one_summary(
    runner: CliRunner, model_file: Path, exports: Path, model: Model, tmp_path: Path
) -> None:
    code, output = tag_all(runner, model_file, exports / "*", "-o", f"{tmp_path}/baru/tagged/")
    assert code == 0, output
    folder = tmp_path / "baru" / "tagged"
    summaries = [
        tag_file(path, Tagger(model), tmp_path / default_output(path, path.suffix).name)
        for path in sorted(exports.iterdir())
    ]
    assert contents(folder) == {s.output.name: s.output.read_bytes() for s in summaries}
    assert f"tagged/: {sum(s.rows for s in summaries)} rows, text from Usulan." in output
    assert f"  jalan {sum(s.labels['jalan'] for s in summaries):>31}" in output
    assert output.count("status:") == 1


def test_a_pattern_that_matches_one_file_has_a_folder_made_too(
    runner: CliRunner, model_file: Path, exports: Path, tmp_path: Path
) -> None:
    code, output = tag_all(runner, model_file, exports / "*.csv", "-o", f"{tmp_path}/tagged/")
    assert code == 0, output
    assert [file.name for file in (tmp_path / "tagged").iterdir()] == ["rekap.tagged.csv"]


def test_a_pattern_s_files_are_tagged_beside_themselves_without_a_folder(
    runner: CliRunner, model_file: Path, exports: Path
) -> None:
    assert tag_all(runner, model_file, exports / "kel*")[0] == 0
    assert len(list(exports.glob("*.tagged.parquet"))) == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["{0}/*.xlsx"], "/*.xlsx: matches no file. Check the folder and the pattern."),
        (["{0}/*", "-o", "{0}/../satu.csv"], "-o names one output; leave it out"),
        (["{0}/*", "-", "-o", "{0}/../baru/"], "-: standard input is no file of a job."),
        (["{0}/*", "{0}/kel0.parquet", "-o", "{0}/../baru/"], "both would be written to"),
        (["{0}/*", "-o", "{0}/rekap.csv/baru/"], "cannot be made (Not a directory)"),
        (["{0}/*.csv", "-o", "{0}/rekap.csv/"], "cannot be made (File exists)"),
    ],
)
def test_a_job_that_cannot_begin_ends_in_one_sentence_and_leaves_nothing(
    runner: CliRunner, model_file: Path, exports: Path, arguments: list[str], message: str
) -> None:
    before = contents(exports)
    code, output = tag_all(runner, model_file, *(word.format(exports) for word in arguments))
    assert code != 0
    assert message in output.splitlines()[-1]
    assert contents(exports) == before
    assert [path.name for path in exports.parent.iterdir()] == ["exports"]


def test_a_name_with_the_signs_of_a_pattern_is_a_name_if_there_is_such_a_file(
    tmp_path: Path,
) -> None:
    path = write_rows(tmp_path / "usulan [1].csv", [["Usulan"]])
    assert expand([str(path)]) == [str(path)]


@given(st.lists(NAMES, max_size=5), st.sampled_from([None, "a", "c"]))
def test_no_plan_has_two_outputs_of_one_name_nor_one_in_place_of_an_export(
    names: list[str], folder: str | None
) -> None:
    try:
        planned = plan(names, folder)
    except OutputError:
        everywhere = [Path(folder or Path(n).parent) / default_output(Path(n)).name for n in names]
        assert len({*everywhere, *map(Path, names)}) < 2 * len(names) or "x.tagged" in str(names)
        return
    outputs = [part.folder / default_output(part.source).name for part in planned]
    assert len(set(outputs)) == len(names)
    assert not {part.source for part in planned} & set(outputs)


def test_a_damaged_export_is_named_the_others_are_kept_and_resume_does_the_rest(
    runner: CliRunner, model_file: Path, exports: Path, tmp_path: Path
) -> None:
    whole = (exports / "kel1.parquet").read_bytes()
    (exports / "kel1.parquet").write_bytes(whole[:100])
    call = [model_file, exports / "*", "-o", f"{tmp_path}/tagged/"]
    code, output = tag_all(runner, *call)
    assert code == 1
    assert f"Error: {exports}/kel1.parquet: cannot be read as Parquet" in output
    assert f"3 of 4 exports are tagged, but not {exports}/kel1.parquet." in output
    (exports / "kel1.parquet").write_bytes(whole)
    code, output = tag_all(runner, *call)
    assert code == 1
    assert output.count("exists. Give --force") == 3

    (tmp_path / "tagged" / "kel1.tagged.parquet").unlink()
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "tagged").glob("*.tagged.*")}
    code, output = tag_all(runner, *call, "--resume")
    assert code == 0, output
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert not list((tmp_path / "tagged").glob(".*"))
    code, once = tag_all(runner, model_file, exports / "*", "-o", f"{tmp_path}/sekali/")
    assert contents(tmp_path / "tagged") == contents(tmp_path / "sekali")
    assert output.split("rows, text")[1] == once.split("rows, text")[1]


@pytest.fixture
def job(exports: Path, tmp_path: Path) -> list[Partition]:
    (tmp_path / "tagged").mkdir()
    return plan([str(path) for path in sorted(exports.iterdir())], tmp_path / "tagged")


@pytest.mark.parametrize("deadly", [1, 2])
@pytest.mark.parametrize("number", [0, 3])
def test_a_partition_is_done_again_if_a_process_dies_before_or_after_its_output_is_there(
    model: Model, job: list[Partition], monkeypatch: pytest.MonkeyPatch, deadly: int, number: int
) -> None:
    """As a kill would while a receipt is written: no code of ours runs any more."""
    calls = []
    with monkeypatch.context() as patch:

        def write(path: Path, content: bytes, *, overwrite: bool) -> None:
            calls.append(path)
            if len(calls) == deadly:
                raise SystemExit
            write_bytes(path, content, overwrite=overwrite)

        patch.setattr(receipts, "write_bytes", write)
        wanted, part = Wanted({}), job[number]
        with pytest.raises(SystemExit):
            tag_partition(part, Tagger(model), wanted)
    assert bool(list(part.folder.glob("*.tagged.*"))) == (deadly == 2)
    if deadly == 2:
        with pytest.raises(OutputError, match="exists"):  # another run owns none of it
            tag_partition(part, Tagger(model), Wanted({"resume": True}))
    again = tag_partition(part, Tagger(model), wanted)
    expected = tag_file(part.source, Tagger(model), part.folder / f"sama{again.output.suffix}")
    assert again.output.read_bytes() == expected.output.read_bytes()
    assert (again.rows, again.labels) == (expected.rows, expected.labels)


def test_what_was_changed_since_is_nobody_s_to_replace(model: Model, job: list[Partition]) -> None:
    part, wanted = job[0], Wanted({})
    first = tag_partition(part, Tagger(model), wanted)
    first.output.write_bytes(b"diubah orang")
    for again in (wanted, Wanted({"resume": True})):
        with pytest.raises(OutputError, match="exists"):
            tag_partition(part, Tagger(model), again)
    assert first.output.read_bytes() == b"diubah orang"


def test_only_what_is_the_same_is_taken_over(model: Model, job: list[Partition]) -> None:
    part = job[0]
    tag_partition(part, Tagger(model), Wanted({"text": ["Usulan"]}))
    same = Wanted({"text": ["Usulan"], "resume": True})
    assert tag_partition(part, Tagger(model), same).rows == 54
    for tagger, options in (
        (Tagger(model, explain=True), {"text": ["Usulan"]}),
        (Tagger(model), {"text": ["No"]}),
        (Tagger(model), {"text": ["Usulan"], "safe_excel": True}),
    ):
        tag_partition(part, Tagger(model), Wanted({"text": ["Usulan"], "overwrite": True}))
        with pytest.raises(OutputError, match="exists"):
            tag_partition(part, tagger, Wanted({**options, "resume": True}))
    tag_partition(part, Tagger(model), Wanted({"text": ["Usulan"], "overwrite": True}))
    write_parquet(part.source, ["lain"])
    with pytest.raises(OutputError, match="exists"):
        tag_partition(part, Tagger(model), same)


def test_a_link_in_the_place_of_a_receipt_is_not_followed(
    model: Model, job: list[Partition], tmp_path: Path
) -> None:
    other = tmp_path / "milik-orang.txt"
    other.write_text("penting", encoding="utf-8")
    job[0].receipt.symlink_to(other)
    tag_partition(job[0], Tagger(model), Wanted({}))
    assert other.read_text(encoding="utf-8") == "penting"


def test_what_killed_workers_leave_is_removed_and_other_files_are_not(
    model: Model, job: list[Partition]
) -> None:
    assert all(isinstance(done, Summary) for _, done in tag_here(job, Tagger(model), Wanted({})))
    folder = job[0].folder
    outputs = {file.name for file in folder.glob("*.tagged.*")}
    for name in (".kel0.tagged.parquet.0a1b.tmp", "..kel1.parquet.receipt.0a1b.tmp"):
        (folder / name).touch()
    for name in (".lain.tagged.parquet.0a1b.tmp", ".lain.receipt", "catatan.tmp"):
        (folder / name).touch()
    others = {".lain.tagged.parquet.0a1b.tmp", ".lain.receipt", "catatan.tmp"}
    tidy(job, whole=False)
    receipts = {part.receipt.name for part in job}
    assert {file.name for file in folder.iterdir()} == outputs | receipts | others
    tidy(job, whole=True)
    assert {file.name for file in folder.iterdir()} == outputs | others


def test_ctrl_c_keeps_what_is_done_and_says_how_to_go_on(
    runner: CliRunner, model_file: Path, exports: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(partition: Partition, *rest: object, whole=tag_partition) -> Summary:
        if partition.source.name == "kel2.parquet":
            raise KeyboardInterrupt
        return whole(partition, *rest)

    call = [model_file, exports / "*", "-o", f"{exports}/../tagged/"]
    with monkeypatch.context() as patch:
        patch.setattr(partitions, "tag_partition", stop)
        code, output = tag_all(runner, *call)
    assert code == 1
    assert output.endswith(
        "Error: Stopped. 2 of 4 exports are tagged; the same command with --resume does the rest.\n"
    )
    assert tag_all(runner, *call, "--resume")[0] == 0
    assert len(list((exports.parent / "tagged").iterdir())) == 4


@settings(max_examples=25)
@given(st.lists(st.lists(st.sampled_from(TEXTS), max_size=6), min_size=1, max_size=4))
def test_summaries_of_parts_add_up_to_that_of_the_whole(
    model: Model, tmp_path_factory: pytest.TempPathFactory, parts: list[list[str]]
) -> None:
    folder, tagger = tmp_path_factory.mktemp("parts"), Tagger(model)
    whole = write_parquet(folder / "whole.parquet", [text for part in parts for text in part])
    expected = tag_file(whole, tagger)
    added: Summary | None = None
    for number, part in enumerate(parts):
        summary = tag_file(
            write_parquet(folder / f"{number}.parquet", part), tagger, text=["Usulan"]
        )
        written = json.dumps(summary.to_dict())
        saved = Summary.from_dict(json.loads(written))
        assert (json.dumps(saved.to_dict()), saved.first) == (written, summary.first)
        if added is None:
            added = saved
        else:
            added.add(saved)
    assert added is not None
    assert (added.rows, added.labels, added.status) == (
        expected.rows, expected.labels, expected.status,
    )  # fmt: skip
    found, wanted = (
        summary.seen.profile(len(model.profile.shares)) for summary in (added, expected)
    )
    assert found.shares == pytest.approx(wanted.shares)
    assert found.confidence == pytest.approx(wanted.confidence)
    assert found.unknown == pytest.approx(wanted.unknown)


def test_errors_of_partitions_are_outcomes(model: Model, job: list[Partition]) -> None:
    job[1].source.unlink()
    results = [result for _, result in tag_here(job, Tagger(model), Wanted({}))]
    assert [isinstance(result, UsulanError) for result in results] == [False, True, False, False]
    assert isinstance(results[1], InputError)
    assert not job[1].receipt.exists()
    assert read_rows(job[3].folder / "rekap.tagged.csv")[1][2] == "jalan"


PAVING = ["1", "Paving gang Melati RW 02", "RW 02", "Lopang"]
DRAINAGE = ["2", "Drainase mampet depan masjid Al Falah", "RW 03", "Lopang"]


def write_twins(folder: Path) -> Path:
    """Exports whose groups of duplicates are numbered otherwise if the first has no rows."""
    folder.mkdir()
    header = ["No", "Usulan", "Alamat", "Kelurahan"]
    for name, rows in (("a", [DRAINAGE] * 2), ("b", [PAVING]), ("c", [PAVING, DRAINAGE])):
        write_rows(folder / f"{name}.csv", [header, *rows])
    return folder


def test_resume_gives_new_numbers_of_duplicates_where_a_mended_export_has_changed_them(
    runner: CliRunner, model_file: Path, tmp_path: Path
) -> None:
    exports = write_twins(tmp_path / "exports")
    whole = (exports / "a.csv").read_bytes()
    (exports / "a.csv").write_text("No,Usulan\n1\n", encoding="utf-8")
    call = [model_file, exports / "*", "-o", f"{tmp_path}/tagged/"]
    assert tag_all(runner, *call)[0] == 1
    (exports / "a.csv").write_bytes(whole)
    code, output = tag_all(runner, *call, "--resume")
    assert code == 0, output
    assert tag_all(runner, model_file, exports / "*", "-o", f"{tmp_path}/sekali/")[0] == 0
    assert contents(tmp_path / "tagged") == contents(tmp_path / "sekali")


def test_an_output_that_was_changed_gets_no_new_numbers(
    runner: CliRunner, model_file: Path, tmp_path: Path
) -> None:
    exports = write_twins(tmp_path / "exports")
    whole = (exports / "a.csv").read_bytes()
    (exports / "a.csv").write_text("No,Usulan\n1\n", encoding="utf-8")
    call = [model_file, exports / "*", "-o", f"{tmp_path}/tagged/"]
    tag_all(runner, *call)
    (exports / "a.csv").write_bytes(whole)
    (tmp_path / "tagged" / "b.tagged.csv").write_text("catatan", encoding="utf-8")
    code, output = tag_all(runner, *call, "--resume")
    assert code == 1
    assert "b.tagged.csv: exists. Give --force" in output
    assert (tmp_path / "tagged" / "b.tagged.csv").read_text(encoding="utf-8") == "catatan"


@pytest.mark.parametrize("output", ["{0}/tagged/", None])
def test_a_command_whose_pattern_matches_its_outputs_can_be_given_again(
    runner: CliRunner, model_file: Path, exports: Path, output: str | None
) -> None:
    (exports / "kel1.parquet").write_bytes(b"PAR1")
    folder = ["-o", output.format(exports)] if output else []
    call = [model_file, exports / "**", *folder, "--resume"]
    assert tag_all(runner, *call)[0] == 1
    write_parquet(exports / "kel1.parquet", TEXTS)
    code, text = tag_all(runner, *call)
    assert code == 0, text
    beside = exports / "tagged" if output else exports
    assert len(list(exports.rglob("*.tagged.*"))) == len(list(beside.glob("*.tagged.*"))) == 4


def test_a_pattern_stands_for_no_output_of_its_files_but_for_other_tagged_ones(
    tmp_path: Path,
) -> None:
    (tmp_path / "tagged").mkdir()
    names = ["a.csv", "a.tagged.csv", "a.tagged.csv.errors.csv", "b.tagged.csv", "c.csv.gz"]
    for name in (*names, "c.csv", "tagged/c.tagged.csv.gz"):
        (tmp_path / name).touch()
    found = [Path(path).name for path in expand([f"{tmp_path}/**"])]
    assert found == ["a.csv", "b.tagged.csv", "c.csv", "c.csv.gz"]
    assert len(expand([f"{tmp_path}/*.tagged.csv"])) == 2
    assert len(expand([f"{tmp_path}/a*.csv", f"{tmp_path}/a.tagged.csv"])) == 2


def test_resume_takes_up_exports_that_were_named_one_by_one(
    runner: CliRunner, model_file: Path, exports: Path
) -> None:
    names = sorted(exports.glob("kel*"))
    (exports / "kel1.parquet").write_bytes(b"PAR1")
    assert tag_all(runner, model_file, *names, "--resume")[0] == 1
    before = (exports / "kel0.tagged.parquet").stat().st_mtime_ns
    write_parquet(exports / "kel1.parquet", TEXTS)
    code, output = tag_all(runner, model_file, *names, "--resume")
    assert code == 0, output
    assert (exports / "kel0.tagged.parquet").stat().st_mtime_ns == before
