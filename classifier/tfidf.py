"""Where features stand in rows -> a sparse matrix of their weights."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

__all__ = ["tfidf"]


def tfidf(
    rows: NDArray[np.int64],
    columns: NDArray[np.integer],
    idf: NDArray[np.float32],
    shape: tuple[int, int],
) -> sp.csr_matrix:
    """Counts times idf, each row scaled to unit length.

    Parameters
    ----------
    rows, columns
        Row and column of each place where a feature stands, shape (n_places,).
    idf
        Inverse document frequency of each column, shape (n_columns,).
    shape
        Numbers of rows and of columns.

    Examples
    --------
    >>> rows, columns = np.array([0, 0, 1]), np.array([0, 1, 1])
    >>> weights = tfidf(rows, columns, np.array([3, 4], np.float32), (2, 2))
    >>> weights.toarray().round(1).astype(str).tolist()
    [['0.6', '0.8'], ['0.0', '1.0']]
    """
    counts = sp.csr_matrix((idf[columns], (rows, columns)), shape=shape, dtype=np.float32)
    counts.sum_duplicates()
    squares = sp.csr_matrix((counts.data**2, counts.indices, counts.indptr), shape)
    norms = np.sqrt(squares.sum(axis=1).A1)
    norms[norms == 0] = 1
    counts.data /= np.repeat(norms, np.diff(counts.indptr)).astype(np.float32)
    return counts
