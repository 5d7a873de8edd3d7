"""The analyst's own rules: which of them fire on which proposals, all rows at once.

A rule is a phrase that decides a label (``wajib``) or suggests it where the model is unsure
(``saran``). :mod:`classifier.rulesfile` reads them, :mod:`classifier.ruling` applies them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from classifier.arrays import strings
from classifier.concepts import Concepts
from classifier.errors import RulesError
from classifier.lexicon import Lexicon
from classifier.rulesfile import WAJIB, Rule, read_rules
from classifier.text import standardize
from classifier.tokens import Tokens

__all__ = ["Fired", "Rules"]


@dataclass(frozen=True)
class Fired:
    """Which rules fired on which rows, in the order of the rows.

    Attributes
    ----------
    rows, rules
        Row, and index of the rule, int64, shape (n_fired,).
    n_rules
        How many rules there are.
    """

    rows: NDArray[np.int64]
    rules: NDArray[np.int64]
    n_rules: int

    @property
    def counts(self) -> NDArray[np.int64]:
        """Rows that each rule fired on, int64, shape (n_rules,)."""
        return np.bincount(self.rules, minlength=self.n_rules)

    def where(self, keep: NDArray[np.bool_]) -> Fired:
        """Those for which ``keep``, of shape (n_fired,), holds."""
        return replace(self, rows=self.rows[keep], rules=self.rules[keep])


@dataclass(frozen=True)
class Rules:
    """The rules of a file, ready to be found in proposals.

    A phrase stands in a row if its words follow one another in one of the text columns.
    Both are put into standard form first, so case, punctuation, abbreviations and doubled
    words do not matter; stop words and places count as any other word. All numbers read
    ``0``: ``RT 05`` stands wherever ``RT`` and a number do.

    Of several rules for one facet ``wajib`` goes before ``saran``, then more words before
    fewer, then the earlier row. Where a facet takes several labels, that holds for each
    label by itself, so that several rules may fire.

    Attributes
    ----------
    path
        The file.
    rules
        The rules in the order of the file.
    facets
        Facets that the model tags, the main one first.
    banyak
        Those of them that take several labels.
    lexicon
        What puts words into standard form.
    phrases
        The distinct phrases, as a tree of words.
    of_phrase
        Rules of each phrase, filled up with -1, int64, shape (n_phrases, most rules).
    claims
        What each rule decides: a number for each facet, or for each label of a facet that
        takes several, int64, shape (n_rules,).
    order
        The rules, those that go before others first, int64, shape (n_rules,).
    """

    path: Path
    rules: tuple[Rule, ...]
    facets: tuple[str, ...]
    banyak: frozenset[str]
    lexicon: Lexicon
    phrases: Concepts
    of_phrase: NDArray[np.int64]
    claims: NDArray[np.int64]
    order: NDArray[np.int64]

    @classmethod
    def read(
        cls,
        path: str | Path,
        allowed: Mapping[str, Sequence[str]],
        banyak: Collection[str],
        lexicon: Lexicon,
    ) -> Rules:
        """Read a rules file.

        Parameters
        ----------
        path
            CSV or workbook, see :func:`~classifier.rulesfile.read_rules`.
        allowed
            Facet that the model tags -> its labels, the main facet first.
        banyak
            Facets that take several labels.
        lexicon
            The model's lexicon.

        Raises
        ------
        InputError
            The file cannot be read or lacks a column.
        RulesError
            A facet, label or mode is unknown, a phrase says nothing, or a rule stands
            twice; the message names file and row.
        """
        return cls.of(read_rules(path, allowed), tuple(allowed), banyak, lexicon, path)

    @classmethod
    def of(
        cls,
        rules: Sequence[Rule],
        facets: tuple[str, ...],
        banyak: Collection[str],
        lexicon: Lexicon,
        path: str | Path = "",
    ) -> Rules:
        """Build from rules, as :meth:`read` does.

        Examples
        --------
        >>> import pyarrow as pa
        >>> lexicon = Lexicon.load()
        >>> rule = Rule("jln rusak", "prioritas", "jalan", "wajib", 2)
        >>> rules = Rules.of([rule], ("prioritas",), (), lexicon)
        >>> rows = pa.array(["Lampu mati", "Perbaikan JALAN RUSAK", "rusak, jalan"])
        >>> rules.find(standardize([rows], lexicon)).rows.tolist()
        [1]
        """
        words = standardize([strings([rule.frasa for rule in rules])], lexicon)
        phrases, claims = _phrases(words), _claims(rules, banyak)
        _refuse_duplicates(path, rules, phrases, claims)
        tree = Concepts.of(words, phrases)
        lengths = np.bincount(words.rows, minlength=len(rules))
        suggested = np.array([rule.mode != WAJIB for rule in rules], bool)
        return cls(
            Path(path),
            tuple(rules),
            facets,
            frozenset(banyak),
            lexicon,
            tree,
            _by_phrase(phrases, tree.names),
            np.array(claims, np.int64),
            np.lexsort((-lengths, suggested)),
        )

    def __len__(self) -> int:
        return len(self.rules)

    def find(self, tokens: Tokens) -> Fired:
        """The rules that fire on each row.

        Parameters
        ----------
        tokens
            What :func:`~classifier.text.standardize` makes of the text columns, with the
            lexicon of the rules.
        """
        return self.settle(self.matches(tokens))

    def matches(self, tokens: Tokens) -> Fired:
        """All rules whose phrase stands in a row, each at most once per row."""
        found = self.phrases.every(tokens)
        rules = self.of_phrase[found.concepts]
        hits, places = np.nonzero(rules >= 0)
        rows = tokens.texts[found.starts[hits]] % max(tokens.n_rows, 1)
        size = max(len(self), 1)
        keys = np.sort(rows * size + rules[hits, places])
        keys = keys[np.diff(keys, prepend=-1) > 0]
        return Fired(keys // size, keys % size, len(self))

    def settle(self, matches: Fired) -> Fired:
        """Of the rules that claim the same in a row, the one that goes before the others."""
        size, ranks = max(len(self), 1), np.argsort(self.order)
        claims = matches.rows * size + self.claims[matches.rules]
        keys = np.sort(claims * size + ranks[matches.rules])
        claims, first = np.unique(keys // size, return_index=True)
        return Fired(claims // size, self.order[keys[first] % size], len(self))


def _phrases(words: Tokens) -> list[str]:
    """The words of each row, joined by blanks."""
    names = words.words.to_pylist()
    rows: list[list[str]] = [[] for _ in range(words.n_rows)]
    for row, code in zip(words.rows.tolist(), words.codes.tolist(), strict=True):
        rows[row].append(names[code])
    return [" ".join(row) for row in rows]


def _claims(rules: Sequence[Rule], banyak: Collection[str]) -> list[int]:
    numbers: dict[tuple[str, str], int] = {}
    decided = [(rule.facet, rule.label if rule.facet in banyak else "") for rule in rules]
    return [numbers.setdefault(claim, len(numbers)) for claim in decided]


def _refuse_duplicates(
    path: str | Path, rules: Sequence[Rule], phrases: Sequence[str], claims: Sequence[int]
) -> None:
    """Refuse phrases that nothing is left of, and a phrase that claims the same twice."""
    seen: dict[tuple[str, int], Rule] = {}
    for rule, phrase, claim in zip(rules, phrases, claims, strict=True):
        if not phrase:
            raise RulesError(
                "{path}: row {row}: frasa {frasa!r} has no letter or digit. Write a word or remove "
                "the row.",
                path=path,
                row=rule.row,
                frasa=rule.frasa,
            )
        other = seen.setdefault((phrase, claim), rule)
        if other is not rule:
            raise RulesError(
                "{path}: row {row}: frasa {frasa!r} for {facet} stands in row {other_row} too, as "
                "{other!r}; both read {phrase!r}. Keep one.",
                path=path,
                row=rule.row,
                frasa=rule.frasa,
                facet=rule.facet,
                other_row=other.row,
                other=other.frasa,
                phrase=phrase,
            )


def _by_phrase(phrases: Sequence[str], names: Sequence[str]) -> NDArray[np.int64]:
    """Rules of each of the names, from the phrase of each rule; filled up with -1."""
    rules: dict[str, list[int]] = {name: [] for name in names}
    for rule, phrase in enumerate(phrases):
        rules[phrase].append(rule)
    most = max(map(len, rules.values()), default=0)
    table = [found + [-1] * (most - len(found)) for found in rules.values()]
    return np.array(table, np.int64).reshape(len(names), most)
