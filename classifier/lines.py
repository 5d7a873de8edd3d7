"""Texts in one line, cut to fit."""

from __future__ import annotations

__all__ = ["cut"]


def cut(text: str, letters: int) -> str:
    """A text in one line of at most so many letters, without what no console shows.

    Examples
    --------
    >>> cut("Jalan rusak\\nberat", 14)
    'Jalan rusak b…'
    """
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    line = " ".join(shown.split())
    return line if len(line) <= letters else line[: letters - 1] + "…"
