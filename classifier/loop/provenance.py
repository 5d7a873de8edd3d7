"""Where a labelled row comes from: what merge writes into ``sumber``, and compare reads."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from classifier.loop.form import Form, Key
from classifier.model import Model
from classifier.training import today

__all__ = ["asked_by", "provenance"]

_REVIEW = "tinjauan"


def provenance(who: str, key: str) -> str:
    """Who labelled a row of a review sheet, when, and after which model.

    Examples
    --------
    >>> provenance("Ani", "k0f1e-89abcdef-0123456789").split(":")[::3]
    ['tinjauan', '89abcdef']
    """
    read = Key.read(key)
    name = re.sub(r"[\s:;]+", " ", who).strip()
    return f"{_REVIEW}:{name}:{today().isoformat()}:{read.model if read else ''}"


def asked_by(model: Model, sources: Sequence[str]) -> NDArray[np.bool_]:
    """Which rows were labelled because this model was unsure of them, by cells of ``sumber``."""
    end = f":{Form.of(model).model}"
    asked = [cell.startswith(f"{_REVIEW}:") and cell.endswith(end) for cell in sources]
    return np.array(asked, bool)
