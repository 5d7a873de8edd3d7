"""Write data/labelled/COVERAGE.md: which concepts of the thesaurus the corpus uses, how often.

Run by ``make coverage``.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

from classifier.concepts import Concepts
from classifier.labelled import read_labelled
from classifier.lexicon import Lexicon
from classifier.taxonomy import Taxonomy
from classifier.terms import read_terms
from classifier.text import tokenize

DATA = Path(__file__).parent
HEAD = """# Coverage of the corpus

Made by `make coverage`; do not edit. For each priority: its rows as main label, and the
concepts of `data/istilah.csv` that belong to it, each with its terms and the number of rows, of
any priority, that use one of them. A concept with few rows is where the next proposals belong.
"""


def main() -> None:
    """Count and write."""
    taxonomy, lexicon = Taxonomy.load(), Lexicon.load()
    data = read_labelled(sorted((DATA / "labelled").glob("*.csv")), taxonomy)
    terms = read_terms(DATA / "istilah.csv", taxonomy)
    tree = Concepts.fit(terms.texts, terms.concepts, lexicon)
    tokens = tokenize(data.columns, lexicon)
    found = tree.find(tokens)
    pairs = set(zip(tokens.rows[found.starts].tolist(), found.concepts.tolist(), strict=True))
    used = Counter(tree.names[concept] for _, concept in pairs)
    examples: dict[tuple[str, str], list[str]] = defaultdict(list)
    for text, concept, label in zip(
        terms.texts, terms.concepts, terms.labels["prioritas"], strict=True
    ):
        examples[label[0] if label else "", concept].append(text)
    rows = Counter(data.main("prioritas").tolist())
    lines = [HEAD, f"{len(data)} rows, {len(terms)} terms, {len(tree.names)} concepts."]
    for slug, label in taxonomy.facets["prioritas"].labels.items():
        lines += ["", f"## `{slug}` – {label.nama}: {rows[slug]} rows", ""]
        mine = [(concept, found_) for (owner, concept), found_ in examples.items() if owner == slug]
        if mine:
            lines += ["| concept | rows | terms | for example |", "|---|---|---|---|"]
        for concept, texts in sorted(mine, key=lambda pair: (-used[pair[0]], pair[0])):
            shown = ", ".join(texts[:8])
            lines.append(f"| {concept} | {used[concept]} | {len(texts)} | {shown} |")
    (DATA / "labelled/COVERAGE.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
