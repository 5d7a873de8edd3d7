"""Terms of the thesaurus found in proposals: a walk along a tree of words, all rows at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from classifier.arrays import index_in, numbers, strings
from classifier.lexicon import Lexicon
from classifier.text import tokenize
from classifier.tokens import Tokens

__all__ = ["Concepts", "Found"]


@dataclass(frozen=True)
class Found:
    """Terms found in tokens; all of shape (n_found,), int64.

    Attributes
    ----------
    starts, lengths
        First token and number of tokens of each term.
    concepts
        Index of the term's concept.
    """

    starts: NDArray[np.int64]
    lengths: NDArray[np.int64]
    concepts: NDArray[np.int64]

    def where(self, keep: NDArray[np.bool_]) -> Found:
        """The terms for which ``keep``, of shape (n_found,), holds."""
        return Found(self.starts[keep], self.lengths[keep], self.concepts[keep])


@dataclass(frozen=True)
class Concepts:
    """A thesaurus as a tree: from a node, each word leads to another node.

    Attributes
    ----------
    words
        Words that occur in terms.
    edges
        Sorted keys ``node * len(words) + word``, int64; the edge at index ``e`` leads to
        node ``e + 1``, node 0 is the root. Shape (n_edges,).
    ends
        Concept of the term that ends at the edge's node, -1 if none does, int32, shape
        (n_edges,).
    names
        Names of the concepts.
    longest
        Words of the longest term.
    """

    words: pa.StringArray
    edges: NDArray[np.int64]
    ends: NDArray[np.int32]
    names: tuple[str, ...]
    longest: int

    @classmethod
    def fit(cls, terms: tuple[str, ...], concepts: tuple[str, ...], lexicon: Lexicon) -> Concepts:
        """Build from terms and the concept of each; where two terms read alike the first counts.

        Examples
        --------
        >>> tree = Concepts.fit(("cor blok", "cor"), ("beton", "beton"), Lexicon.load())
        >>> len(tree.edges)
        2
        """
        return cls.of(tokenize([strings(terms)], lexicon), concepts)

    @classmethod
    def of(cls, terms: Tokens, concepts: Sequence[str]) -> Concepts:
        """Build from the tokens of terms, a row each, as :meth:`fit` does."""
        names = tuple(sorted(set(concepts)))
        paths: list[list[int]] = [[] for _ in concepts]
        for text, code in zip(terms.texts.tolist(), terms.codes.tolist(), strict=True):
            paths[text].append(code)
        codes = {name: code for code, name in enumerate(names)}
        edges, ends = _tree(paths, [codes[concept] for concept in concepts], len(terms.words))
        return cls(terms.words, edges, ends, names, max(map(len, paths), default=0))

    @classmethod
    def none(cls) -> Concepts:
        """A thesaurus without terms."""
        nothing = np.zeros(0, np.int64)
        return cls(strings([]), nothing, nothing.astype(np.int32), (), 0)

    def find(self, tokens: Tokens) -> Found:
        """The longest term from each token on, unless it lies within an earlier one."""
        found = self.every(tokens)
        order = np.argsort(found.starts * (self.longest + 1) - found.lengths)
        ends = (found.starts + found.lengths)[order]
        beyond = ends > np.maximum.accumulate(np.append(0, ends))[:-1]
        free = order[beyond]
        return Found(found.starts[free], found.lengths[free], found.concepts[free])

    def every(self, tokens: Tokens) -> Found:
        """All terms, also those within others; by length, then by place."""
        ids, n_words = tokens.ids(self.words), len(self.words)
        edges = numbers(self.edges)
        roots = index_in(numbers(ids), edges)[tokens.codes]  # node 0: the key is the word itself
        at = np.flatnonzero(roots >= 0)
        edge = roots[at]
        found: list[tuple[NDArray[np.integer], ...]] = [(at[:0], at[:0], at[:0])]
        for length in range(1, self.longest + 1):
            if not len(at):
                break
            ended = np.flatnonzero(self.ends[edge] >= 0)
            lengths = np.full(len(ended), length)
            found.append((at[ended], lengths, self.ends[edge[ended]]))
            at, edge = _next_words(tokens.texts, at, edge, length)
            known = ids[tokens.codes[at + length]]
            edge = index_in(numbers((edge + 1) * n_words + known), edges)
            walks = np.flatnonzero((edge >= 0) & (known >= 0))
            at, edge = at[walks], edge[walks]
        starts, lengths, concepts = map(np.concatenate, zip(*found, strict=True))
        return Found(starts, lengths, concepts)


def _next_words(
    texts: NDArray[np.int64], at: NDArray[np.int64], edge: NDArray[np.int64], length: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The places, and their edges, whose text goes on after ``length`` words."""
    there = np.minimum(at + length, len(texts) - 1)
    goes_on = np.flatnonzero((at + length < len(texts)) & (texts[there] == texts[at]))
    return at[goes_on], edge[goes_on]


def _tree(
    paths: list[list[int]], concepts: list[int], n_words: int
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Edges and ends, level by level, so that an edge's index gives its node's number."""
    level = {
        (0, tuple(path)): concept
        for path, concept in reversed(list(zip(paths, concepts, strict=True)))
    }
    edges: list[int] = []
    ends: list[int] = []
    while level := {key: concept for key, concept in level.items() if key[1]}:
        steps = sorted({(node, path[0]) for node, path in level})
        number = {step: len(edges) + k + 1 for k, step in enumerate(steps)}
        edges += [node * n_words + word for node, word in steps]
        below = {(number[node, path[0]], path[1:]): c for (node, path), c in level.items()}
        ends += [below.get((number[step], ()), -1) for step in steps]
        level = below
    return np.array(edges, np.int64), np.array(ends, np.int32)
