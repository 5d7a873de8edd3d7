"""Where the files that ship with the package are, installed or in a checkout."""

from __future__ import annotations

from pathlib import Path

__all__ = ["shipped"]

_PACKAGE = Path(__file__).resolve().parent


def shipped(folder: str, name: str) -> Path:
    """Path of a shipped file.

    A wheel holds ``data/`` and ``models/`` inside the package, a checkout beside it.

    Parameters
    ----------
    folder
        ``"data"`` or ``"models"``.
    name
        File name in that folder.

    Examples
    --------
    >>> shipped("data", "taxonomy.toml").is_file()
    True
    """
    inside = _PACKAGE / folder / name
    return inside if inside.exists() else _PACKAGE.parent / folder / name
