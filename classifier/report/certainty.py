"""How sure the tags are: what was measured of the model, in words that cannot be misread."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from classifier.cutoffs import NEVER, PRECISION, expected
from classifier.report.figures import label_names
from classifier.report.proposals import Proposals
from classifier.report.story import Section, Table
from classifier.report.wording import FEW, count
from classifier.status import AUTOMATIC
from classifier.taxonomy import Facet

if TYPE_CHECKING:
    from classifier.cutoffs import Expected
    from classifier.model import Model

__all__ = ["certainty_section"]

_BANDS = (0.95, 0.8, 0.5, 0.0)


def certainty_section(
    proposals: Proposals, facet: Facet, model: Model | None, model_name: str
) -> Section:
    """What of the tags can be relied on.

    Parameters
    ----------
    model
        The model that the file was tagged with, as the user says: the file does not name it.
    model_name
        What to call it.
    """
    rows = proposals.rows
    automatic = int((rows["status_tag"] == AUTOMATIC).sum())
    bands = _bands(proposals)
    tables = [bands] if bands else []
    measured = model.out_of_fold if model is not None and _speaks_of(model, rows, facet) else None
    if model is None or measured is None:
        return Section(
            "keyakinan",
            "Seberapa yakin tanda-tanda ini",
            "Ketepatan tidak dapat disebut: modelnya tidak diketahui",
            ("Berikan model yang memberi tanda dengan --model agar ketepatan terukurnya disebut.",),
            (),
            tuple(tables),
        )
    total, *labels = expected(measured, model.heads[0].labels, PRECISION)
    everything = float(np.average(measured.right, weights=measured.weight))
    rest = (everything - total.automatic * total.right) / max(1 - total.automatic, 1e-9)
    tables.insert(0, _per_label(labels, facet))
    notes = (
        f"Diukur pada {count(len(measured.fold))} usulan berlabel yang tidak dilihat model ketika "
        f"belajar: {model_name}, ambang bawaan. Itu bukan usulan di berkas ini; pada usulan "
        "kantor Anda ketepatannya dapat lebih tinggi atau lebih rendah. Berkas tidak menyebut "
        "modelnya; bila ditandai dengan model lain, angka ini tidak berlaku.",
        *_estimate(automatic, total.right),
        f"Usulan bertanda tinjau lebih sering keliru: dari 100, sekitar {100 * rest:.0f} benar. "
        "Karena itu bacalah dahulu sebelum dipakai.",
    )
    return Section(
        "keyakinan",
        "Seberapa yakin tanda-tanda ini",
        f"Pada data uji, dari 100 usulan bertanda otomatis sekitar {100 * total.right:.0f} benar",
        notes,
        (),
        tuple(tables),
    )


def _estimate(automatic: int, right: float) -> list[str]:
    """How many automatic tags may be wrong, where there are enough of them to say so."""
    if automatic < FEW:
        return []
    return [
        f"Bila berlaku juga di sini, kira-kira {count(automatic * (1 - right))} dari "
        f"{count(automatic)} usulan bertanda otomatis mendapat prioritas yang keliru. Yang mana, "
        "tidak diketahui."
    ]


def _speaks_of(model: Model, rows: pd.DataFrame, facet: Facet) -> bool:
    """Whether the file's labels are all such as the model gives."""
    head = model.heads[0]
    return head.facet == facet.name and set(rows[facet.name]) <= set(model.labels(head.facet))


def _bands(proposals: Proposals) -> Table | None:
    """Proposals by the model's probability, with what it means."""
    if not proposals.has("keyakinan"):
        return None
    sure = proposals.rows["keyakinan"]
    upper = (1.01, *_BANDS)
    frame = pd.DataFrame(
        {
            "Keyakinan": ["0,95 ke atas", "0,80–0,94", "0,50–0,79", "di bawah 0,50"],
            "Usulan": [
                int(((sure >= low) & (sure < high)).sum())
                for low, high in zip(_BANDS, upper, strict=False)
            ],
            "Artinya": [
                f"paling sedikit {low:.0%} diperkirakan benar"
                if low
                else "lebih sering keliru daripada benar"
                for low in _BANDS
            ],
        }
    )
    unknown = int(sure.isna().sum())
    if unknown:
        more = dict(zip(frame.columns, ("tidak terbaca", unknown, "–"), strict=True))
        frame = pd.concat([frame, pd.DataFrame([more])], ignore_index=True)
    return Table("keyakinan", "Keyakinan model atas prioritas utama", frame)


def _per_label(labels: list[Expected], facet: Facet) -> Table:
    """What was measured of each priority."""
    names = label_names(facet)
    frame = pd.DataFrame(
        {
            "Prioritas": [names.get(row.label, row.label) for row in labels],
            "Dari 100 usulan, otomatis": [_of_100(row.automatic) for row in labels],
            "Dari 100 otomatis, benar": [
                "–" if row.cutoff == NEVER else _of_100(row.right) for row in labels
            ],
        }
    )
    return Table("ketepatan", "Ketepatan terukur tiap prioritas, pada data uji", frame)


def _of_100(part: float) -> str:
    return "–" if np.isnan(part) else f"{100 * part:.0f}"
