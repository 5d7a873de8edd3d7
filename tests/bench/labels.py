"""Models of many labels, to see what a finer taxonomy costs."""

from __future__ import annotations

import csv
import os
from pathlib import Path

from classifier.labelled import read_labelled
from classifier.model import Model
from classifier.store import save_model
from classifier.taxonomy import Taxonomy
from classifier.training import Settings, train
from tests.bench.inputs import made_up_texts, proposals
from tests.bench.timing import of_call

__all__ = ["many_labels"]

_HEAD = """[kelompok]
lain = "Lain"
[facet.prioritas]
nama = "Prioritas"
pilihan = "satu"
"""
_LABEL = """[facet.prioritas.label.l{k}]
nama = "Label {k}"
definisi = "Label {k}."
kelompok = "lain"
termasuk = []
tidak_termasuk = []
kode = []
opd = []
"""


def many_labels(folder: Path, rows: int, labels: int) -> tuple[float, Model, Path]:
    """Seconds to train one facet of so many labels on some rows, the model and its file.

    A label's rows are corpus texts behind a word of its own.
    """
    toml, table = folder / "labels.toml", folder / "labels.csv"
    toml.write_text(_HEAD + "".join(_LABEL.format(k=k) for k in range(labels)), encoding="utf-8")
    words = made_up_texts(labels, 1, 50 * labels)
    with table.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["usulan", "masalah", "prioritas"])
        for row, (work, problem) in enumerate(proposals(rows)):
            k = row % labels
            writer.writerow([f"{words[k]} {work}", problem, f"l{k}"])
    taxonomy = Taxonomy.load(toml)
    data = read_labelled([table], taxonomy)
    models: list[Model] = []
    jobs = 1 if rows < 1000 else os.cpu_count() or 1
    run = of_call(
        lambda: models.append(train(data, taxonomy, settings=Settings(folds=2), jobs=jobs))
    )
    path = folder / "labels.usulan"
    save_model(models[0], path, overwrite=True)
    return run.seconds, models[0], path
