"""Messages in the user's language: English as written, or Bahasa Indonesia by a catalogue.

``USULAN_LANG`` decides, else ``LANGUAGE``, ``LC_ALL``, ``LC_MESSAGES`` or ``LANG``, as in gettext.
"""

from __future__ import annotations

import gettext
import os
from functools import lru_cache
from pathlib import Path

__all__ = ["DOMAIN", "LOCALES", "_", "language", "speak"]

DOMAIN = "usulan"
LOCALES = Path(__file__).parent / "locale"
_ASKED = ("USULAN_LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


def _(message: str, /, **values: object) -> str:
    """A message in the user's language, its ``{fields}`` filled with ``values``.

    Examples
    --------
    >>> _("{path}: is empty.", path="usulan.csv")
    'usulan.csv: is empty.'
    """
    said = _catalogue(language()).gettext(message) if message else ""
    return said.format(**values) if values else said


def language() -> str:
    """``id`` if the user asks for Bahasa Indonesia, otherwise ``en``."""
    asked = next(filter(None, map(os.environ.get, _ASKED)), "")
    return "id" if asked.replace("-", "_").partition("_")[0].partition(".")[0] == "id" else "en"


def speak() -> None:
    """Let click, which asks gettext, speak the user's language too."""
    os.environ["LANGUAGE"] = language()
    gettext.bindtextdomain(DOMAIN, str(LOCALES))
    gettext.textdomain(DOMAIN)


@lru_cache(maxsize=2)
def _catalogue(name: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, str(LOCALES), languages=[name], fallback=True)
