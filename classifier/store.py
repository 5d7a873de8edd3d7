"""A model as one file of data: arrays and a JSON manifest, nothing that can run.

Layout: a line that names the format, the SHA-256 of all that follows, then a ZIP archive
with ``manifest.json`` and one ``.npy`` per array. Text tables are arrays of bytes. Equal
models give equal bytes: fixed order, fixed dates, sorted keys.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from classifier.arrays import strings
from classifier.atomic import write_bytes
from classifier.concepts import Concepts
from classifier.cutoffs import OutOfFold
from classifier.drift import Profile
from classifier.errors import ModelError
from classifier.features import Vocabulary
from classifier.heads import Head, Unclear
from classifier.lexicon import Lexicon
from classifier.model import Model, Weights
from classifier.precedents import Precedents
from classifier.resources import shipped
from classifier.soundness import check

__all__ = ["STARTER", "digest", "fingerprint", "load_model", "save_model"]

STARTER = "starter.usulan"
"""File name of the model that ships with the package."""

_MAGIC = b"usulan-model 1\n"
_FAMILY = b"usulan-model "
_HEADER = len(_MAGIC) + 32
_LARGEST = 2**30
_EPOCH = (1980, 1, 1, 0, 0, 0)
_WEIGHTS = [item.name for item in fields(Weights)]
_OUT_OF_FOLD = [item.name for item in fields(OutOfFold)]
_VOCABULARY = ("word_idf", "pairs", "pair_idf", "grams", "gram_idf", "concept_idf")


def save_model(model: Model, path: str | Path, *, overwrite: bool = False) -> None:
    """Write a model file, whole or not at all.

    Raises
    ------
    OutputError
        The file exists and ``overwrite`` is false, or it cannot be written.
    """
    write_bytes(Path(path), to_bytes(model), overwrite=overwrite)


def load_model(path: str | Path | None = None) -> Model:
    """Read a model file, or the shipped starter model. Runs no code from the file.

    Raises
    ------
    ModelError
        The file is missing, no model, damaged, or newer than this package.
    """
    source = Path(path) if path else shipped("models", STARTER)
    try:
        content = source.read_bytes()
    except OSError as error:
        raise ModelError(
            "{path}: cannot be read ({reason}).", path=source, reason=error.strerror
        ) from None
    try:
        return from_bytes(content)
    except ModelError as error:
        raise ModelError("{path}: {problem}", path=source, problem=error) from None


def to_bytes(model: Model) -> bytes:
    """The content of a model file."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        _add(archive, "manifest.json", _json(_manifest(model)))
        for name, values in _arrays(model).items():
            buffer = io.BytesIO()
            np.save(buffer, values, allow_pickle=False)
            _add(archive, f"{name}.npy", buffer.getvalue())
    body = packed.getvalue()
    return _MAGIC + hashlib.sha256(body).digest() + body


def from_bytes(content: bytes) -> Model:
    """The model in the content of a model file."""
    _check_header(content)
    try:
        members = _unzip(content[_HEADER:])
        manifest = json.loads(members.pop("manifest.json"))
        arrays = {name.removesuffix(".npy"): _array(data) for name, data in members.items()}
        model = _assemble(manifest, arrays)
        check(model)
    except ModelError:
        raise
    except (Exception, RecursionError, MemoryError):
        # Whatever a made-up file can do to the parsers beneath, it is no model.
        raise ModelError(
            "the checksum is right but the content is no usable model. Train it again."
        ) from None
    return model


def digest(path: str | Path | None = None) -> str:
    """SHA-256 of a model file, in hexadecimal."""
    source = Path(path) if path else shipped("models", STARTER)
    return hashlib.sha256(source.read_bytes()).hexdigest()


def fingerprint(model: Model) -> str:
    """SHA-256 of all that a model file would hold, in hexadecimal; no file is needed."""
    content = hashlib.sha256(_json(_manifest(model)))
    for values in _arrays(model).values():
        content.update(values.tobytes())
    return content.hexdigest()


def _check_header(content: bytes) -> None:
    if not content.startswith(_MAGIC):
        if content.startswith(_FAMILY):
            raise ModelError("written by a newer version of usulan. Update usulan to use it.")
        raise ModelError(
            "not a usulan model. Give a file made by 'usulan train', or leave --model out "
            "to use the starter model."
        )
    stored = content[len(_MAGIC) : _HEADER]
    if hashlib.sha256(content[_HEADER:]).digest() != stored:
        raise ModelError("damaged (its checksum does not match). Copy it again from its source.")


def _unzip(body: bytes) -> dict[str, bytes]:
    """Members of the archive, refused when they would unpack beyond all reason."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        infos = archive.infolist()
        if sum(info.file_size for info in infos) > _LARGEST:
            raise ModelError("unpacks to more than 1 GiB; no usulan model does. Do not use it.")
        return {info.filename: archive.read(info) for info in infos}


def _array(data: bytes) -> NDArray[Any]:
    stream = io.BytesIO(data)
    values: NDArray[Any] = np.load(stream, allow_pickle=False)
    if values.dtype.kind not in "fiu" or stream.read(1):
        raise ValueError("not a numeric array")
    return values


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = 3
    archive.writestr(info, data)


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1).encode()


def _manifest(model: Model) -> dict[str, Any]:
    concepts = model.vocabulary.concepts
    return {
        "heads": [asdict(head) for head in model.heads],
        "unclear": asdict(model.unclear) if model.unclear else None,
        "profile": asdict(model.profile) if model.profile else None,
        "unseen_idf": model.vocabulary.unseen_idf,
        "name_idf": model.vocabulary.name_idf,
        "concepts": {"names": concepts.names, "longest": concepts.longest},
        "lexicon": model.lexicon.to_dict(),
        "record": dict(model.record),
    }


def _arrays(model: Model) -> dict[str, NDArray[Any]]:
    """Half precision for weights: a third of the bytes, errors far below calibration's."""
    concepts = model.vocabulary.concepts
    arrays: dict[str, NDArray[Any]] = {
        "words": _packed(model.vocabulary.words),
        "concept_words": _packed(concepts.words),
        "concept_edges": concepts.edges,
        "concept_ends": concepts.ends,
    }
    if model.precedents is not None:
        arrays |= model.precedents.to_arrays()
    arrays |= {name: getattr(model.vocabulary, name) for name in _VOCABULARY}
    if model.out_of_fold:
        arrays |= {f"fold_{name}": getattr(model.out_of_fold, name) for name in _OUT_OF_FOLD}
    if model.seen is not None:
        arrays["seen"] = model.seen
    arrays |= {
        f"weights_{name}": getattr(model.weights, name).astype(np.float16) for name in _WEIGHTS
    }
    return arrays


def _assemble(manifest: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Model:
    concepts = Concepts(
        _unpacked(arrays["concept_words"]),
        arrays["concept_edges"],
        arrays["concept_ends"],
        tuple(manifest["concepts"]["names"]),
        int(manifest["concepts"]["longest"]),
    )
    vocabulary = Vocabulary(
        words=_unpacked(arrays["words"]),
        concepts=concepts,
        unseen_idf=float(manifest["unseen_idf"]),
        name_idf=float(manifest["name_idf"]),
        **{name: arrays[name] for name in _VOCABULARY},
    )
    weights = {name: arrays[f"weights_{name}"].astype(np.float32) for name in _WEIGHTS}
    lists = ("labels", "log_odds", "thresholds")
    heads = [Head(**raw | {name: tuple(raw[name]) for name in lists}) for raw in manifest["heads"]]
    unclear = Unclear(**manifest["unclear"]) if manifest["unclear"] else None
    profile = manifest["profile"]
    return Model(
        Lexicon.from_dict(manifest["lexicon"]),
        vocabulary,
        Weights(**weights),
        tuple(heads),
        unclear,
        OutOfFold(*(arrays[f"fold_{name}"] for name in _OUT_OF_FOLD)),
        Profile(**profile | {"shares": tuple(profile["shares"])}),
        manifest["record"],
        Precedents.from_arrays(arrays) if "precedent_labels" in arrays else None,
        arrays.get("seen"),
    )


def _packed(words: pa.StringArray) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(words.to_pylist()).encode(), np.uint8)


def _unpacked(content: NDArray[Any]) -> pa.StringArray:
    text = content.tobytes().decode()
    return strings(text.split("\n") if text else [])
