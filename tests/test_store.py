"""The model file: comes back as it was, and every other file ends in one sentence."""

from __future__ import annotations

import hashlib
import io
import json
import pickle
import zipfile
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import joblib
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.errors import ModelError, OutputError
from classifier.model import Model
from classifier.precedents import Precedents
from classifier.store import from_bytes, load_model, save_model, to_bytes

HEADER = len(b"usulan-model 1\n") + 32
CANARY = Path("kenari-model-jahat")


class Hostile:
    """Unpickled, it would leave a file behind."""

    def __reduce__(self) -> tuple[Callable[..., None], tuple[str]]:
        return Path(CANARY).write_text, ("terbang",)


def sealed(members: dict[str, bytes]) -> bytes:
    """A model file with the right checksum around these members."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    body = packed.getvalue()
    return b"usulan-model 1\n" + hashlib.sha256(body).digest() + body


def members_of(model: Model) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(to_bytes(model)[HEADER:])) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def npy(values: object, **options: bool) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.asarray(values), **options)
    return buffer.getvalue()


def test_a_model_comes_back_as_it_was(model: Model, model_file: Path) -> None:
    again = load_model(model_file)
    texts = [pa.array(["paving gang rusak", "kader posyandu", "", "tes"])]
    for facet, p in model.predict(texts).probabilities.items():
        assert np.allclose(p, again.predict(texts).probabilities[facet], atol=2e-3)
    assert to_bytes(again) == model_file.read_bytes()
    assert again.record == json.loads(json.dumps(model.record))


def test_a_model_is_not_overwritten_unasked(model: Model, tmp_path: Path) -> None:
    path = tmp_path / "m.usulan"
    path.write_bytes(b"lama")
    with pytest.raises(OutputError, match="--force"):
        save_model(model, path)
    assert path.read_bytes() == b"lama"
    save_model(model, path, overwrite=True)
    assert load_model(path).record["rows"] == model.record["rows"]


@given(st.data())
def test_every_flipped_bit_is_caught(model_file: Path, data: st.DataObject) -> None:
    content = bytearray(model_file.read_bytes())
    bit = data.draw(st.integers(0, 8 * len(content) - 1))
    content[bit // 8] ^= 1 << bit % 8
    with pytest.raises(ModelError):
        from_bytes(bytes(content))


@pytest.mark.parametrize("share", [0, 0.0001, 0.001, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.9999])
def test_every_truncation_is_caught(model_file: Path, share: float) -> None:
    content = model_file.read_bytes()
    with pytest.raises(ModelError):
        from_bytes(content[: int(share * len(content))])


def with_manifest(model: Model, **changes: object) -> bytes:
    members = members_of(model)
    manifest = json.loads(members["manifest.json"]) | changes
    return sealed(members | {"manifest.json": json.dumps(manifest).encode()})


def with_array(model: Model, name: str, content: bytes) -> bytes:
    return sealed(members_of(model) | {f"{name}.npy": content})


def without(model: Model, name: str) -> bytes:
    return sealed({key: data for key, data in members_of(model).items() if key != name})


def as_joblib() -> bytes:
    stream = io.BytesIO()
    joblib.dump(Hostile(), stream)
    return stream.getvalue()


def as_npz() -> bytes:
    stream = io.BytesIO()
    np.savez(stream, a=np.zeros(3))
    return stream.getvalue()


def extra_label(model: Model) -> bytes:
    heads = [asdict(head) for head in model.heads]
    heads[0]["labels"] = ["tambahan", *heads[0]["labels"]]
    return with_manifest(model, heads=heads)


def words(model: Model) -> np.ndarray:
    return model.weights.words.astype(np.float16)


def changed_head(model: Model, **changes: object) -> bytes:
    heads = [asdict(head) for head in model.heads]
    heads[0] |= changes
    return with_manifest(model, heads=heads)


def with_record(model: Model, **changes: object) -> bytes:
    return with_manifest(model, record=dict(model.record) | changes)


def one_label(model: Model) -> bytes:
    """A sound file but for a main facet with nothing to choose from."""
    main = model.columns("prioritas")
    keep = [0, *range(main.stop, model.weights.intercept.size)]
    members = {
        f"weights_{name}.npy": npy(values[..., keep].astype(np.float16))
        for name, values in vars(model.weights).items()
    }
    heads = [asdict(head) for head in model.heads]
    heads[0] |= {"labels": heads[0]["labels"][:1], "log_odds": [], "thresholds": []}
    manifest = json.loads(members_of(model)["manifest.json"]) | {"heads": heads}
    shares = {"shares": model.profile.shares[:2]}
    manifest["profile"] |= shares
    zeros = npy(np.zeros_like(model.out_of_fold.given))
    members |= {"fold_given.npy": zeros, "fold_truth.npy": zeros}
    members["manifest.json"] = json.dumps(manifest).encode()
    return sealed(members_of(model) | members)


def changed_tree(model: Model, **changes: object) -> bytes:
    return with_manifest(model, concepts={"names": [], "longest": 0} | changes)


def with_precedent(model: Model, name: str, values: np.ndarray) -> bytes:
    """A model that holds two texts of two columns, with one of its arrays replaced."""
    kept = Precedents((pa.array(["got", "pju"]), pa.array(["", "é"])), np.array([1, 0], np.uint16))
    return with_array(replace(model, precedents=kept), f"precedent_{name}", npy(values))


LENGTHS = np.array([[3, 3], [0, 2]], np.uint16)


def huge_array() -> bytes:
    """A header that announces a petabyte."""
    return npy(np.zeros(1)).replace(b"(1,)", b"(1" + b"0" * 15 + b",)")


NO_MODEL, NO_USE, NO_FIT = "not a usulan model", "no usable model", "do not fit"
BROKEN: dict[str, tuple[Callable[[Model], bytes], str]] = {
    "text": (lambda m: b"bukan model", NO_MODEL),
    "pickle": (lambda m: pickle.dumps(Hostile()), NO_MODEL),
    "joblib": (lambda m: as_joblib(), NO_MODEL),
    "foreign npz": (lambda m: as_npz(), NO_MODEL),
    "newer": (lambda m: to_bytes(m).replace(b"model 1", b"model 2", 1), "newer version"),
    "no zip": (lambda m: b"usulan-model 1\n" + hashlib.sha256(b"x").digest() + b"x", NO_USE),
    "empty zip": (lambda m: sealed({}), NO_USE),
    "pickled array": (
        lambda m: with_array(m, "weights_words", npy([Hostile()], allow_pickle=True)), NO_USE
    ),
    "text array": (lambda m: with_array(m, "weights_words", npy(["a"])), NO_USE),
    "wrong shape": (lambda m: with_array(m, "weights_words", npy(words(m)[1:])), NO_FIT),
    "nan": (lambda m: with_array(m, "weights_words", npy(words(m) * np.float16("nan"))), NO_FIT),
    "array missing": (lambda m: without(m, "pairs.npy"), NO_USE),
    "manifest missing": (lambda m: without(m, "manifest.json"), NO_USE),
    "manifest no JSON": (lambda m: sealed(members_of(m) | {"manifest.json": b"{"}), NO_USE),
    "no labels": (lambda m: with_manifest(m, heads=[]), NO_FIT),
    "label too many": (extra_label, NO_FIT),
    "no lexicon": (lambda m: with_manifest(m, lexicon={}), NO_USE),
    "record missing": (lambda m: with_manifest(m, record={}), NO_FIT),
    "deep JSON": (lambda m: sealed(members_of(m) | {"manifest.json": b"[" * 200_000}), NO_USE),
    "huge array": (lambda m: with_array(m, "weights_words", huge_array()), NO_USE),
    "NaN scale": (lambda m: changed_head(m, scale=float("nan")), NO_FIT),
    "text as scale": (lambda m: changed_head(m, scale="1"), NO_FIT),
    "huge scale": (lambda m: changed_head(m, scale=1e300), NO_FIT),
    "label no text": (lambda m: changed_head(m, labels=[1, 2, 3, 4]), NO_FIT),
    "label twice": (lambda m: changed_head(m, labels=["a", "a", "b", "c"]), NO_FIT),
    "odds NaN": (lambda m: changed_head(m, log_odds=[float("nan")] * 4), NO_FIT),
    "several main labels": (lambda m: changed_head(m, banyak=True), NO_FIT),
    "endless terms": (lambda m: changed_tree(m, longest=10**15), NO_FIT),
    "infinite terms": (lambda m: changed_tree(m, longest=float("inf")), NO_USE),
    "unclear NaN": (
        lambda m: with_manifest(m, unclear=asdict(m.unclear) | {"best": float("nan")}), NO_FIT
    ),
    "idf infinite": (lambda m: with_manifest(m, unseen_idf=float("inf")), NO_FIT),
    "keys unsorted": (
        lambda m: with_array(m, "grams", npy(m.vocabulary.grams[::-1].copy())), NO_FIT
    ),
    "wrong type": (
        lambda m: with_array(m, "word_idf", npy(m.vocabulary.word_idf.astype(np.float64))), NO_FIT
    ),
    "precedents without lengths": (
        lambda m: with_array(m, "precedent_labels", npy(np.zeros(2, np.uint16))), NO_USE
    ),
    "precedents no UTF-8": (
        lambda m: with_precedent(m, "texts", np.full(8, 0xFF, np.uint8)), NO_USE
    ),
    "precedents cut within a letter": (
        lambda m: with_precedent(m, "lengths", np.array([[3, 3], [1, 1]], np.uint16)), NO_USE
    ),
    "precedents too long": (lambda m: with_precedent(m, "lengths", LENGTHS + np.uint16(9)), NO_USE),
    "precedents flat": (lambda m: with_precedent(m, "lengths", LENGTHS.ravel()), NO_USE),
    "precedents no lengths": (
        lambda m: with_precedent(m, "lengths", LENGTHS.astype(np.float64)), NO_USE
    ),
    "precedents of no column": (
        lambda m: with_precedent(m, "lengths", np.zeros((0, 2), np.uint16)), NO_USE
    ),
    "precedents no bytes": (lambda m: with_precedent(m, "texts", np.zeros(8)), NO_USE),
    "precedents without labels": (
        lambda m: with_precedent(m, "labels", np.zeros(0, np.uint16)), NO_FIT
    ),
    "precedents of an unknown label": (
        lambda m: with_precedent(m, "labels", np.array([0, 99], np.uint16)), NO_FIT
    ),
    "precedents of a label below nought": (
        lambda m: with_precedent(m, "labels", np.array([0, -1])), NO_FIT
    ),
    "threshold NaN": (lambda m: changed_head(m, thresholds=[float("nan")] * 4), NO_FIT),
    "power text": (lambda m: changed_head(m, power="2"), NO_FIT),
    "profile NaN": (
        lambda m: with_manifest(m, profile=asdict(m.profile) | {"confidence": float("nan")}),
        NO_FIT,
    ),
    "profile of other labels": (
        lambda m: with_manifest(m, profile=asdict(m.profile) | {"shares": [1.0]}), NO_FIT
    ),
    "evidence of other labels": (
        lambda m: with_array(m, "fold_given", npy(m.out_of_fold.given + np.int16(99))), NO_FIT
    ),
    "evidence too short": (
        lambda m: with_array(m, "fold_truth", npy(m.out_of_fold.truth[1:])), NO_FIT
    ),
    "evidence weighs nothing": (
        lambda m: with_array(m, "fold_weight", npy(m.out_of_fold.weight * np.float32(0))), NO_FIT
    ),
    "evidence missing": (lambda m: without(m, "fold_fold.npy"), NO_USE),
    "taxonomy of other labels": (
        lambda m: with_manifest(m, record=m.record | {"taxonomy": {"facet": {}}}), NO_USE
    ),
    "one main label": (one_label, NO_FIT),
    "no reliability": (lambda m: with_record(m, reliability={}), NO_FIT),
    "no rows per label": (lambda m: with_record(m, rows_per_label=None), NO_FIT),
    "settings a list": (lambda m: with_record(m, settings=[1]), NO_FIT),
    "settings that clear the screen": (
        lambda m: with_record(m, settings={"a": "\x1b[2J"}), NO_FIT
    ),
    "scores of other facets": (lambda m: with_record(m, held_out={"\x1b[2Jx": {}}), NO_FIT),
    "scores no numbers": (
        lambda m: with_record(m, held_out=dict.fromkeys(m.record["held_out"], 1)), NO_USE
    ),
    "zip bomb": (lambda m: sealed({"manifest.json": b"{}", "a.npy": bytes(2**30)}), "1 GiB"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_bad_file_ends_in_one_sentence_and_runs_nothing(
    model: Model, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "m.usulan"
    make, reason = BROKEN[name]
    path.write_bytes(make(model))
    with pytest.raises(ModelError, match=reason) as caught:
        load_model(path)
    assert str(path) in str(caught.value)
    assert not CANARY.exists()


def test_the_file_that_the_broken_precedents_are_made_of_is_sound(model: Model) -> None:
    kept = from_bytes(with_precedent(model, "lengths", LENGTHS)).precedents
    assert [column.to_pylist() for column in kept.columns] == [["got", "pju"], ["", "é"]]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        load_model(tmp_path / "tidak-ada.usulan")
