"""Tokens -> TF-IDF features: words, pairs of words, parts of words, concepts.

Four blocks describe a proposal:

words
    TF-IDF of its words, scaled to unit length.
parts
    each word stands for its character n-grams, a vector of unit length; the proposal is
    their sum, weighted as its words are. So ``parts = words @ grams`` is linear in the
    words, an unseen word is known by its parts, and a linear model's weights on parts
    fold into one weight per distinct word (see :mod:`classifier.model`).
pairs
    TF-IDF of neighbouring words, scaled to unit length.
concepts
    TF-IDF of the concepts whose terms the thesaurus finds in it, scaled to unit length;
    none without a thesaurus.

TF-IDF as in scikit-learn: ``idf = ln((1 + n) / (1 + df)) + 1``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import scipy.sparse as sp
from numpy.typing import NDArray

from classifier.arrays import distinct, index_in, numbers
from classifier.concepts import Concepts, Found
from classifier.grams import word_grams
from classifier.tfidf import tfidf
from classifier.tokens import MAYBE_NAME, POINTER, Tokens

__all__ = ["Batch", "Vocabulary"]

WELL_KNOWN = 2
"""Rows that a word must stand in to count where a place name would stand."""


@dataclass(frozen=True)
class Batch:
    """Features of n_rows proposals.

    Attributes
    ----------
    tokens
        The tokens that counted.
    ids
        Vocabulary index of each distinct word of ``tokens``, -1 if unknown, int64,
        shape (n_words,).
    pair_starts, pair_ids, terms
        First token and index of each known pair that stands in the proposals, int64, shape
        (n_found,); the terms of the thesaurus.
    words
        Weights of the batch's own distinct words, CSR float32, (n_rows, n_words).
    pairs, concepts
        Weights of the vocabulary's pairs and concepts, CSR float32, (n_rows, n_pairs) and
        (n_rows, n_concepts).
    """

    tokens: Tokens
    ids: NDArray[np.int64]
    pair_starts: NDArray[np.int64]
    pair_ids: NDArray[np.int64]
    terms: Found
    words: sp.csr_matrix
    pairs: sp.csr_matrix
    concepts: sp.csr_matrix

    def to_vocabulary(self, n_words: int) -> sp.csr_matrix:
        """A one where a distinct word is a vocabulary's word, CSR, (n_distinct, n_words)."""
        known = np.flatnonzero(self.ids >= 0)
        ones = np.ones(len(known), np.float32)
        return sp.csr_matrix((ones, (known, self.ids[known])), shape=(len(self.ids), n_words))


@dataclass(frozen=True)
class Vocabulary:
    """Words, pairs and parts seen in training, with their inverse document frequencies.

    Attributes
    ----------
    words, word_idf
        Sorted distinct words and their idf, float32, shape (n_words,).
    unseen_idf, name_idf
        The idf of a word that no document holds; the highest idf that a word may have to
        count where a place name would stand.
    pairs, pair_idf
        Sorted keys ``first * n_words + second``, int64, and idf, shape (n_pairs,).
    grams, gram_idf
        Sorted keys (see :func:`~classifier.grams.word_grams`), uint64, and idf, shape (n_grams,).
    concepts, concept_idf
        The thesaurus, and the idf of its concepts, shape (n_concepts,).
    """

    words: pa.StringArray
    word_idf: NDArray[np.float32]
    unseen_idf: float
    name_idf: float
    pairs: NDArray[np.int64]
    pair_idf: NDArray[np.float32]
    grams: NDArray[np.uint64]
    gram_idf: NDArray[np.float32]
    concepts: Concepts
    concept_idf: NDArray[np.float32]

    @classmethod
    def fit(
        cls,
        tokens: Tokens,
        concepts: Concepts | None = None,
        min_pair: int = 2,
        min_gram: int = 2,
    ) -> Vocabulary:
        """Learn the vocabulary of training proposals.

        Parameters
        ----------
        tokens
            Tokens of the training rows. Where a place name would stand, a word teaches
            nothing: it becomes part of the vocabulary only if it stands elsewhere too.
        concepts
            A thesaurus.
        min_pair
            Rows that a pair must stand in.
        min_gram
            Distinct words that a part must stand in.
        """
        concepts = concepts or Concepts.none()
        found = concepts.find(tokens)
        n, rows = tokens.n_rows, tokens.rows
        concept_df = _document_frequency(found.concepts, rows[found.starts], len(concepts.names))
        tokens = tokens.where(tokens.roles != MAYBE_NAME)
        df = _document_frequency(tokens.codes, tokens.rows, len(tokens.words))
        kept = np.flatnonzero(df)
        order = kept[np.argsort(tokens.words.take(numbers(kept)).to_numpy(zero_copy_only=False))]
        words = tokens.words.take(numbers(order))
        ids = tokens.ids(words)
        keys, firsts = _pair_keys(tokens, ids, len(words))
        pairs, codes = np.unique(keys, return_inverse=True)
        pair_df = _document_frequency(codes, tokens.rows[firsts], len(pairs))
        frequent = pair_df >= min_pair
        grams, _ = word_grams(words)
        gram_keys, gram_df = np.unique(grams, return_counts=True)
        shared = gram_df >= min_gram
        return cls(
            words,
            _idf(df[order], n),
            float(_idf(np.zeros(1), n)[0]),
            float(_idf(np.full(1, WELL_KNOWN), n)[0]),
            pairs[frequent],
            _idf(pair_df[frequent], n),
            gram_keys[shared],
            _idf(gram_df[shared], len(words)),
            concepts,
            _idf(concept_df, n),
        )

    def transform(self, tokens: Tokens) -> Batch:
        """Features of proposals; words that may be place names count only if known."""
        ids = tokens.ids(self.words)
        tokens = tokens.where(~_unknown_names(tokens, self._idf_of(ids) > self.name_idf))
        return self._batch(tokens, ids, *self._pairs(tokens, ids), self.concepts.find(tokens))

    def columns_apart(self, batch: Batch, rows: NDArray[np.int64]) -> Batch:
        """Features of each text column of some rows by itself, the columns one below the other.

        Parameters
        ----------
        rows
            Numbers of rows, ascending, int64. Row ``k`` of text column ``c`` becomes row
            ``k + c * len(rows)``.
        """
        taken = np.zeros(batch.tokens.n_rows, bool)
        taken[rows] = True
        kept = taken[batch.tokens.rows]
        tokens, moved = batch.tokens.take(rows), np.cumsum(kept) - 1
        n_columns = 1 + int(tokens.texts.max(initial=0)) // max(len(rows), 1)
        tokens = replace(tokens, blank=np.zeros(n_columns * len(rows), bool))
        pairs = np.flatnonzero(kept[batch.pair_starts])
        starts, pair_ids = moved[batch.pair_starts[pairs]], batch.pair_ids[pairs]
        terms = batch.terms.where(kept[batch.terms.starts])
        terms = replace(terms, starts=moved[terms.starts])
        return self._batch(tokens, batch.ids, starts, pair_ids, terms)

    def _batch(
        self,
        tokens: Tokens,
        ids: NDArray[np.int64],
        pair_starts: NDArray[np.int64],
        pair_ids: NDArray[np.int64],
        terms: Found,
    ) -> Batch:
        """Weights of what was found in the rows."""
        rows, n = tokens.rows, tokens.n_rows
        words = tfidf(rows, tokens.codes, self._idf_of(ids), (n, len(tokens.words)))
        pairs = tfidf(rows[pair_starts], pair_ids, self.pair_idf, (n, len(self.pairs)))
        shape = (n, len(self.concepts.names))
        concepts = tfidf(rows[terms.starts], terms.concepts, self.concept_idf, shape)
        return Batch(tokens, ids, pair_starts, pair_ids, terms, words, pairs, concepts)

    def _idf_of(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """The idf of distinct words, unseen ones too."""
        return np.append(self.word_idf, np.float32(self.unseen_idf))[ids]

    def _pairs(
        self, tokens: Tokens, ids: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """First token and index of each pair that stands in proposals; ids as in Batch."""
        keys, firsts = _pair_keys(tokens, ids, len(self.words))
        at = index_in(numbers(keys), numbers(self.pairs))
        found = np.flatnonzero(at >= 0)
        return firsts[found], at[found]

    def parts(self, words: pa.StringArray) -> sp.csr_matrix:
        """Parts of words, each row of unit length, CSR float32, (len(words), n_grams)."""
        keys, owners = word_grams(words)
        at = index_in(numbers(keys), numbers(self.grams))
        found = np.flatnonzero(at >= 0)
        return tfidf(owners[found], at[found], self.gram_idf, (len(words), len(self.grams)))


def _unknown_names(tokens: Tokens, rare: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Rare words where a place name would stand, and the pointer before them."""
    name = (tokens.roles == MAYBE_NAME) & rare[tokens.codes]
    pointed = np.zeros_like(name)
    pointed[:-1] = name[1:] & (tokens.texts[1:] == tokens.texts[:-1])
    unknown: NDArray[np.bool_] = name | (pointed & (tokens.roles == POINTER))
    return unknown


def _pair_keys(
    tokens: Tokens, ids: NDArray[np.int64], n_words: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Keys and first tokens of neighbouring known words of one text."""
    known = ids[tokens.codes]
    same = tokens.texts[1:] == tokens.texts[:-1]
    first = np.flatnonzero(same & (known[:-1] >= 0) & (known[1:] >= 0))
    return known[first] * n_words + known[first + 1], first


def _document_frequency(
    codes: NDArray[np.integer], rows: NDArray[np.int64], n_codes: int
) -> NDArray[np.int64]:
    """Number of rows that each code stands in."""
    if len(codes) == 0:
        return np.zeros(n_codes, np.int64)
    once = distinct(rows * n_codes + codes)
    return np.bincount(once % n_codes, minlength=n_codes)


def _idf(df: NDArray[np.integer] | NDArray[np.floating], n: int) -> NDArray[np.float32]:
    return (np.log((1 + n) / (1 + df)) + 1).astype(np.float32)
