"""What can be chosen in training."""

from __future__ import annotations

from dataclasses import dataclass

from classifier.terms import Terms

__all__ = ["Settings"]


@dataclass(frozen=True)
class Settings:
    """What can be chosen in training; the defaults won the comparison in the data card.

    Attributes
    ----------
    head
        ``svm``, ``logistic`` or ``ridge``.
    regularization
        C of the head (1 / alpha for ridge): smaller is simpler.
    pair_weight, part_weight, concept_weight
        How much the pairs, the parts of words and the concepts count beside the words.
    learn_terms
        Whether the thesaurus' terms are learnt from as short texts, too.
    min_pair, min_gram
        Rows that a pair, and distinct words that a part, must occur in.
    prior_weight
        How far probabilities follow the taxonomy's estimated shares of labels (``porsi``)
        rather than those of the corpus: 0 not at all, 1 fully.
    folds, seed
        Number of grouped folds; seed of their shuffling and of the solver.
    """

    head: str = "svm"
    regularization: float = 0.15
    pair_weight: float = 0.8
    part_weight: float = 1.0
    concept_weight: float = 0.2
    learn_terms: bool = True
    min_pair: int = 2
    min_gram: int = 2
    prior_weight: float = 0.5
    folds: int = 5
    seed: int = 2025

    @classmethod
    def suited(cls, terms: Terms | None, seed: int = 2025) -> Settings:
        """The defaults; concepts count fully where they are all that the thesaurus gives."""
        weight = 1.0 if terms and not terms.labels else cls.concept_weight
        return cls(concept_weight=weight, seed=seed)
