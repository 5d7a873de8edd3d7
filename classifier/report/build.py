"""From tagged files to a report: which parts there are, and in which order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from classifier.report.balance import PHYSICAL, kinds_section, label_section, unasked_section
from classifier.report.certainty import certainty_section
from classifier.report.checks import consistency_section, duplicates_section, review_section
from classifier.report.data import data_section, listing_section
from classifier.report.offices import Offices, Urusan
from classifier.report.overview import comparison, headline, priority_section, rejected
from classifier.report.proposals import Proposals, read_proposals
from classifier.report.story import Report, Section
from classifier.report.wilayah import Wilayah
from classifier.report.wording import count
from classifier.taxonomy import Taxonomy

if TYPE_CHECKING:
    from classifier.model import Model

__all__ = ["build_report"]

_TOPICS = {
    "spm": ("Standar pelayanan minimal (SPM)", "menyangkut standar pelayanan minimal"),
    "tematik": ("Tema khusus", "menyangkut tema reformasi birokrasi"),
}
"""What a facet is called in the report, and what its proposals have in common."""


def build_report(
    exports: Sequence[str | Path | pd.DataFrame],
    *,
    taxonomy: Taxonomy | None = None,
    wilayah: Wilayah | None = None,
    offices: str | Path | None = None,
    model: Model | None = None,
    model_name: str = "model bawaan",
    text: Sequence[str] = (),
    sheet: str | None = None,
) -> Report:
    """A report on a tagged file; of two, on the later one, compared with the earlier.

    Parameters
    ----------
    exports
        One tagged file or frame, or two: the earlier year or stage first.
    taxonomy, wilayah, offices
        Labels, official kelurahan, and the list of OPD names; those of Kota Serang by default.
    model, model_name
        The model that gave the tags, whose measured precision is told; no model, no precision.
    text, sheet
        See :func:`~classifier.report.proposals.read_proposals`.

    Raises
    ------
    InputError
        A file cannot be read or has no tags.
    """
    taxonomy = taxonomy or Taxonomy.load()
    read = [read_proposals(p, taxonomy, wilayah, text=text, sheet=sheet) for p in exports]
    known = [
        name for f in taxonomy.facets.values() for lab in f.labels.values() for name in lab.opd
    ]
    parts = _sections(read, taxonomy, Offices.load(offices, known), model, model_name)
    last = read[-1]
    return Report(
        f"Usulan Musrenbang {_city(last)}".strip(),
        last.name if isinstance(exports[-1], pd.DataFrame) else Path(exports[-1]).name,
        headline(last),
        tuple(_notes(last)),
        tuple(parts) if len(last) else (data_section(last),),
    )


def _sections(
    read: Sequence[Proposals],
    taxonomy: Taxonomy,
    offices: Offices,
    model: Model | None,
    model_name: str,
) -> Iterator[Section]:
    last = read[-1]
    facet = taxonomy.facets[last.facet]
    yield priority_section(last, facet)
    if len(read) > 1:
        yield comparison(read[0], last, facet)
    yield unasked_section(last, facet)
    for other in taxonomy.facets.values():
        if other is facet or not last.has(other.name):
            continue
        if other.name == "jenis" and PHYSICAL in other.labels:
            yield kinds_section(last, other)
        else:
            topic, of = _TOPICS.get(other.name, (other.nama, "diberi label ini"))
            message = f"{{n}} dari {{semua}} usulan{{bagian}} {of}"
            yield label_section(last, other, topic, message, "bukan")
    yield consistency_section(last, facet, offices, Urusan.load())
    yield duplicates_section(last)
    yield review_section(last)
    yield certainty_section(last, facet, model, model_name)
    yield data_section(last)
    yield listing_section(last, facet)


def _city(proposals: Proposals) -> str:
    """The city that all rows name, if they name one."""
    if not proposals.has("kota") or not len(proposals):
        return ""
    names = set(proposals.rows["kota"]) - {""}
    return names.pop() if len(names) == 1 else ""


def _notes(proposals: Proposals) -> Iterator[str]:
    """What to know before the figures."""
    if not len(proposals):
        yield "Tidak ada usulan berteks dalam berkas ini, jadi tidak ada yang dapat ditampilkan."
    turned_down = rejected(proposals)
    if turned_down:
        yield f"Termasuk {count(turned_down)} usulan yang statusnya ditolak atau dibatalkan."
    if proposals.blank:
        yield f"{count(proposals.blank)} baris tanpa teks tidak ikut dihitung."
    if not proposals.has("kelurahan"):
        yield "Berkas tidak memuat kolom kelurahan, jadi rincian per kelurahan tidak ada."
    if not proposals.has("anggaran"):
        yield "Berkas tidak memuat kolom anggaran, jadi jumlah rupiah tidak ada."
    yield "Prioritas diberikan oleh program; seberapa yakin, ada di bawah."
