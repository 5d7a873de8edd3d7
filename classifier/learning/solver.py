"""Linear classifiers of scikit-learn, fitted one label at a time."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

__all__ = ["fit_labels"]


def fit_labels(
    features: sp.csr_matrix, wanted: NDArray[np.bool_], kind: str, c: float, seed: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Coefficients (n_features, n_labels) and intercepts (n_labels,).

    A label that no row has, or all have, keeps a constant score.

    Parameters
    ----------
    features
        CSR float64, shape (n_rows, n_features).
    wanted
        Whether a row has a label, shape (n_rows, n_labels).
    kind
        ``svm``, ``logistic`` or ``ridge``.
    c, seed
        Regularization, smaller is simpler; seed of the solver.

    Examples
    --------
    >>> features = sp.csr_matrix([[1.0, 0.0], [0.0, 1.0]])
    >>> coefficients, _ = fit_labels(features, np.eye(2, dtype=bool), "svm", 1.0, seed=0)
    >>> coefficients.argmax(axis=0).tolist()
    [0, 1]
    """
    coefficients = np.zeros((features.shape[1], wanted.shape[1]), np.float32)
    intercept = np.where(wanted.all(axis=0), 1, -1).astype(np.float32)
    for k in np.flatnonzero(wanted.any(axis=0) & ~wanted.all(axis=0)):
        fitted = _classifier(kind, c, seed).fit(features, wanted[:, k])
        coefficients[:, k] = np.ravel(fitted.coef_)  # ridge gives a flat one
        intercept[k] = np.ravel(fitted.intercept_)[0]
    return coefficients, intercept


def _classifier(kind: str, c: float, seed: int) -> Any:
    """A binary one.

    liblinear's random numbers are one global sequence, which each fit starts anew: fits side
    by side must run in processes, not threads, to give the same numbers every time.
    """
    from sklearn.linear_model import LogisticRegression, RidgeClassifier
    from sklearn.svm import LinearSVC

    if kind == "logistic":
        return LogisticRegression(C=c, class_weight="balanced", max_iter=300)
    if kind == "ridge":
        return RidgeClassifier(alpha=1 / c, class_weight="balanced")
    return LinearSVC(C=c, class_weight="balanced", tol=0.1, random_state=seed)
