"""What the concepts of a thesaurus belong to, as a matrix from concepts to features."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from classifier.concepts import Concepts
from classifier.terms import Terms

__all__ = ["broader"]


def broader(concepts: Concepts, terms: Terms) -> sp.csr_matrix:
    """How much of each concept's terms belongs to what, CSR float32, (n_concepts, n_broader).

    No columns where the terms' labels are learnt, see :class:`~classifier.terms.Terms`. The
    features are linear in those of the concepts, so a model's weights fold into theirs.
    """
    names, columns = np.unique(np.array(terms.broader, str), return_inverse=True)
    rows = np.searchsorted(concepts.names, terms.concepts[: len(columns)])
    counts = np.zeros((len(concepts.names), len(names)), np.float32)
    np.add.at(counts, (rows, columns), 1)
    return sp.csr_matrix(counts / counts.sum(axis=1, keepdims=True).clip(1))
