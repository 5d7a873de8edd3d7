"""Texts and exports to measure on, drawn from the labelled corpus with a seed."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv

__all__ = ["CORPUS", "SEED", "TEXT", "made_up_texts", "proposals", "write_export"]

ROOT = Path(__file__).parents[2]
CORPUS = sorted((ROOT / "data/labelled").glob("*.csv"))
SAMPLE = ROOT / "data/samples/usulan-sipd.csv"
TEXT = ("Usulan", "Masalah")
SEED = 2025

KAMUS = 300
"""Works that repeated proposals are drawn from, as from SIPD's list."""

TYPOS = 0.03
"""Share of words with two letters in the wrong order."""

_SLICE = 100_000
_SYLLABLES = [c + v for c in "bcdghjklmnprstwy" for v in "aiueo"]


@cache
def _corpus() -> tuple[list[list[str]], list[list[str]]]:
    """The words of all works and of all problems that are not empty."""
    works, problems = [], []
    for path in CORPUS:
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                works.append(row["usulan"].split())
                problems.append(row["masalah"].split())
    return [work for work in works if work], [problem for problem in problems if problem]


def proposals(rows: int, seed: int = SEED, repeated: float = 0.0) -> Iterator[tuple[str, str]]:
    """Work and problem of each row: the head of one corpus text and the tail of another.

    So neighbours mostly are as in the corpus, and hardly any text stands there twice.

    Parameters
    ----------
    rows, seed
        How many, and of which sequence.
    repeated
        Share of rows whose work is one of KAMUS and whose problem is empty.
    """
    chance = random.Random(seed)
    works, problems = _corpus()
    kamus = [" ".join(work) for work in random.Random(SEED).sample(works, KAMUS)]
    for _ in range(rows):
        if chance.random() < repeated:
            yield chance.choice(kamus), ""
            continue
        place = [f"RT {chance.randrange(1, 20):02d}", f"RW {chance.randrange(1, 12):02d}"]
        work = _crossed(chance, works) + (place if chance.random() < 0.2 else [])
        yield _typed(chance, work), _typed(chance, _crossed(chance, problems))


def _crossed(chance: random.Random, texts: list[list[str]]) -> list[str]:
    head, tail = chance.choice(texts), chance.choice(texts)
    return head[: (len(head) + 1) // 2] + tail[len(tail) // 2 :]


def _typed(chance: random.Random, words: list[str]) -> str:
    """The words as someone typed them."""
    if chance.random() < TYPOS * len(words):
        at = chance.randrange(len(words))
        word = words[at]
        if len(word) > 3:
            k = chance.randrange(1, len(word) - 2)
            words[at] = word[:k] + word[k + 1] + word[k] + word[k + 2 :]
    return " ".join(words)


def made_up_texts(rows: int, words: int, vocabulary: int, seed: int = SEED) -> list[str]:
    """Texts of ``words`` made-up words each, all of ``vocabulary`` equally likely."""
    chance = random.Random(seed)
    known = ["".join(chance.choices(_SYLLABLES, k=4)) for _ in range(vocabulary)]
    return [" ".join(chance.choices(known, k=words)) for _ in range(rows)]


def write_export(path: Path, rows: int, seed: int = SEED, repeated: float = 0.0) -> Path:
    """Write an export with the 26 columns of the sample, ``rows`` long.

    Numbers and identifiers count up, the texts are :func:`proposals`, the other columns
    are those of the sample, one row after the other.
    """
    with SAMPLE.open(encoding="utf-8", newline="") as stream:
        names = next(csv.reader(stream))
    strings = pa_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()))
    sample = pa_csv.read_csv(
        SAMPLE, convert_options=strings, parse_options=pa_csv.ParseOptions(newlines_in_values=True)
    )
    texts = proposals(rows, seed, repeated)
    with pa_csv.CSVWriter(path, sample.schema) as writer:
        for start in range(0, rows, _SLICE):
            numbers = range(start, min(start + _SLICE, rows))
            works, problems = zip(*(next(texts) for _ in numbers), strict=True)
            table = sample.take([number % len(sample) for number in numbers])
            columns = {
                "No": [str(number + 1) for number in numbers],
                "ID Usulan": [f"{number:010d}" for number in numbers],
                **dict(zip(TEXT, (list(works), list(problems)), strict=True)),
            }
            for name, cells in columns.items():
                at = names.index(name)
                table = table.set_column(at, sample.schema.field(at), pa.array(cells, pa.string()))
            writer.write_table(table)
    return path
