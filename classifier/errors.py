"""Everything that can go wrong and be told to a user in one sentence.

::

    UsulanError
    ├── ClusterError       a cluster that cannot be used: unreachable, or its workers differ
    ├── InputError         a table that cannot be read, or a column that is not there
    ├── LabelError         labelled data that cannot be trained on, or an unknown label
    ├── LexiconError       a word file that cannot be used
    ├── ModelError         a file that is no model, or a damaged or newer one
    ├── OutputError        a file that cannot be written, or would be overwritten
    ├── RulesError         a rules file that cannot be used
    ├── TaxonomyError      a label file that cannot be used
    └── UsageError         an argument that is not allowed

Every message says what is wrong, where, what is allowed, and what to do. It is a text with
``{fields}`` and their values, so that it can be said in the user's language.
"""

from __future__ import annotations

from classifier.language import _

__all__ = [
    "ClusterError",
    "InputError",
    "LabelError",
    "LexiconError",
    "ModelError",
    "OutputError",
    "RulesError",
    "TaxonomyError",
    "UsageError",
    "UsulanError",
]


class UsulanError(Exception):
    """Base of all errors that this package raises on purpose.

    Parameters
    ----------
    message
        What is wrong, with ``{fields}``; as it is if there are no values.
    **values
        What the fields stand for.

    Examples
    --------
    >>> str(InputError("{path}: is empty.", path="usulan.csv"))
    'usulan.csv: is empty.'
    """

    def __init__(self, message: str, /, **values: object) -> None:
        super().__init__(_(message, **values))

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows: the sentence alone."""
        return [f"{type(self).__name__}: {self}"]


class ClusterError(UsulanError):
    """A cluster cannot be reached, or its workers are not as this machine is."""


class InputError(UsulanError):
    """A table cannot be read, or has no usable text column."""


class LabelError(UsulanError):
    """Labelled data hold something that cannot be trained on or scored, or a label is unknown."""


class LexiconError(UsulanError):
    """A lexicon file is broken."""


class ModelError(UsulanError):
    """A model file is missing, damaged, foreign or newer than this package."""


class OutputError(UsulanError):
    """An output cannot be written, or exists and was not to be overwritten."""


class RulesError(UsulanError):
    """A rules file is broken."""


class TaxonomyError(UsulanError):
    """A taxonomy file is broken."""


class UsageError(UsulanError):
    """An argument is outside of what is allowed."""
