"""How long the report of 20,000 proposals takes to open, beside a plain table of the same rows.

``python -m tests.bench.pages``, with a Chromium on the machine.
"""

from __future__ import annotations

import argparse
import re
import statistics
import tempfile
from pathlib import Path

import pandas as pd

from classifier.report.build import build_report
from classifier.report.page import render_page
from classifier.store import load_model
from classifier.tagging import tag_file
from classifier.tags import Tagger
from tests.browser import Page, browser

SAMPLE = Path(__file__).parents[2] / "data" / "samples" / "usulan-sipd.csv"
PAINTED = """
new Promise(done => {
  requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now())));
})
"""
OPENED = """
new Promise(done => {
  const start = performance.now();
  document.querySelector("#rincian-usulan").open = true;
  requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - start)));
})
"""


def pages(folder: Path, rows: int) -> tuple[Path, Path]:
    """The report of the sample, repeated, and a page with nothing but its list."""
    tagged, report, plain = folder / "t.csv", folder / "laporan.html", folder / "tabel.html"
    tag_file(SAMPLE, Tagger(load_model()), tagged)
    cells = pd.read_csv(tagged, dtype=str, keep_default_na=False)
    many = pd.concat([cells] * -(-rows // len(cells)), ignore_index=True).head(rows)
    many["Masalah"] = many["Masalah"] + " " + many.index.astype(str)
    many.to_csv(tagged, index=False)
    html = render_page(build_report([tagged]))
    report.write_text(html, encoding="utf-8")
    (table,) = re.findall(r'<table id="tabel-usulan".*?</table>', html, re.DOTALL)
    bare = re.sub(r'(<\w+)( [\w-]+(="[^"]*")?)+', r"\1", table)
    plain.write_text(f"<!DOCTYPE html><meta charset=utf-8>{bare}", encoding="utf-8")
    return report, plain


def milliseconds(page: Page, path: Path) -> float:
    """From the start of loading to the second frame after it."""
    page.open(path)
    return float(page.run(PAINTED))


def main() -> None:
    """Print medians, the two pages in turn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--repeat", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, browser() as page:
        report, plain = pages(Path(folder), given.rows)
        times = [
            (milliseconds(page, plain), milliseconds(page, report), float(page.run(OPENED)))
            for _ in range(given.repeat)
        ]
    table, opened, unfolded = (statistics.median(column) for column in zip(*times, strict=True))
    print(f"{given.rows} rows: plain table {table:.0f} ms, report {opened:.0f} ms")
    print(f"report / plain table {opened / table:.2f}; unfolding its list {unfolded:.0f} ms")


if __name__ == "__main__":
    main()
