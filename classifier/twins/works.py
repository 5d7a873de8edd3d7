"""What proposals ask for, to compare them: words and concepts without the verbs of planning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import scipy.sparse as sp
from numpy.typing import NDArray

from classifier.arrays import strings, values
from classifier.model import Model
from classifier.text import tokenize

__all__ = ["COMMON_IDF", "Features"]

COMMON_IDF = 8.5
"""Words with a lower idf in the training data are no names where a name would stand."""

WORKS = (
    "pembangunan rehab renovasi perbaikan pemeliharaan pengaspalan",
    "pelatihan kursus penyuluhan sosialisasi bimbingan pembinaan pendampingan",
    "insentif honor honorarium",
    "alat peralatan",
)
"""Words that tell works of different kinds at one place apart: to build a posyandu is not to
train its kader, nor to pay them, nor to buy their scales."""

FORMULAS = """
pembangunan rehab renovasi perbaikan pemeliharaan peningkatan pembuatan pemasangan pengadaan
penyediaan pemberian bantuan lanjutan usulan permohonan minta bikin buat pasang penambahan ditambah
diusulkan pengajuan aspirasi reses konstituen lalu kemarin ulang kembali
"""
"""Words of many proposals that say nothing of what is asked for."""


@dataclass(frozen=True)
class Features:
    """What n_rows texts ask for.

    Attributes
    ----------
    words, concepts
        TF-IDF, each row of unit length or empty, CSR float32, (n_rows, n_words) and
        (n_rows, n_concepts).
    kinds
        Which of WORKS a row has words of, as bits, int64, (n_rows,).
    """

    words: sp.csr_matrix
    concepts: sp.csr_matrix
    kinds: NDArray[np.int64]

    @classmethod
    def of(cls, columns: Sequence[pa.Array], model: Model) -> Features:
        """Features of text columns of equal length, by the model's words and thesaurus."""
        vocabulary = replace(model.vocabulary, name_idf=COMMON_IDF)  # a place is no work
        batch = vocabulary.transform(tokenize(columns, model.lexicon))
        distinct = batch.tokens.words
        kinds = np.zeros(batch.words.shape[0], np.int64)
        for bit, words in enumerate(WORKS):
            kinds |= (batch.words @ _among(distinct, words) > 0).astype(np.int64) << bit
        kept = batch.words @ sp.diags(1 - _among(distinct, FORMULAS), format="csr")
        return cls(_unit(kept), batch.concepts, kinds)


def _among(words: pa.StringArray, some: str) -> NDArray[np.float32]:
    return values(pc.is_in(words, strings(some.split()))).astype(np.float32)


def _unit(rows: sp.csr_matrix) -> sp.csr_matrix:
    """Rows scaled to unit length, without zeros."""
    rows = sp.csr_matrix(rows)
    rows.eliminate_zeros()
    lengths = np.sqrt(rows.multiply(rows).sum(axis=1).A1)
    rows.data /= np.repeat(lengths, np.diff(rows.indptr)).astype(np.float32)
    return rows
