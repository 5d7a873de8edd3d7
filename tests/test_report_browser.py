"""The page in a real browser: it fits, sorts, searches, prints, and runs nothing foreign."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import Page, browser
from test_report import HOSTILE, hostile, row, tagged

from classifier.report.build import build_report
from classifier.report.page import render_page
from classifier.report.pdf import find_browser, print_pdf

pytestmark = [
    pytest.mark.skipif(find_browser() is None, reason="no Chromium: apt-get install chromium"),
    pytest.mark.skipif(os.name == "nt", reason="the debugging pipe needs a POSIX system"),
]

PHONE, LAPTOP, A4 = 390, 1280, 794
TABLE = "#tabel-jenis-kelurahan"


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page of proposals from twenty kelurahan."""
    folder = tmp_path_factory.mktemp("page")
    from classifier.report.wilayah import Wilayah

    rows = [
        row(kecamatan=kecamatan, kelurahan=kelurahan, usulan=f"Usulan {n} posyandu {kelurahan}")
        for n, (kecamatan, kelurahan) in enumerate(Wilayah.load().rows[:20])
        for _ in range(n + 1)
    ]
    return written(folder / "laporan.html", tagged(folder, rows))


def written(path: Path, *files: Path) -> Path:
    path.write_text(render_page(build_report(files)), encoding="utf-8")
    return path


@pytest.mark.parametrize("width", [PHONE, A4, LAPTOP])
def test_it_fits_and_the_console_stays_silent(page: Page, report: Path, width: int) -> None:
    page.log.clear()
    page.requests.clear()
    page.open(report, width)
    page.run("document.querySelectorAll('details').forEach(part => part.open = true)")
    assert page.run("document.documentElement.scrollWidth <= innerWidth")
    assert page.run("document.querySelectorAll('figure svg').length") >= 5
    assert page.log == []
    assert set(page.requests) == {report.as_uri()}


def test_text_in_charts_is_text(page: Page, report: Path) -> None:
    page.open(report)
    labels = page.run("Array.from(document.querySelectorAll('svg text'), t => t.textContent)")
    assert "Infrastruktur jalan dan jembatan" in labels
    assert page.run(
        "Array.from(document.querySelectorAll('figure'), f => f.ariaLabel).every(l => l)"
    )


def column(page: Page, number: int) -> list[str]:
    """The cells of a column that are shown, from the top."""
    rows = f"document.querySelectorAll('{TABLE} tbody tr:not([hidden])')"
    return page.run(f"Array.from({rows}, row => [...row.cells].at({number}).textContent)")


def test_the_keyboard_sorts_a_table(page: Page, report: Path) -> None:
    page.open(report)
    page.run("document.querySelectorAll('details').forEach(part => part.open = true)")
    page.run(f"document.querySelectorAll('{TABLE} th button')[2].focus()")
    for direction in ("ascending", "descending"):
        page.press("Enter", 13, "\r")
        numbers = [int(text) for text in column(page, 2)]
        assert numbers == sorted(numbers, reverse=direction == "descending")
        state = f"document.querySelectorAll('{TABLE} th')[2].getAttribute('aria-sort')"
        assert page.run(state) == direction
    page.run(f"document.querySelectorAll('{TABLE} th button')[1].focus()")
    page.press("Enter", 13, "\r")
    assert column(page, 1) == sorted(column(page, 1))
    assert page.run(f"document.querySelectorAll('{TABLE} th[aria-sort]').length") == 1


def test_places_without_a_percentage_stand_last_in_either_direction(
    page: Page, report: Path
) -> None:
    page.open(report)
    for _ in range(2):
        page.run(f"[...document.querySelectorAll('{TABLE} th button')].at(-1).click()")
        shares = column(page, -1)
        assert shares[-1] == "–"
        assert shares[0] != "–"


def test_typing_searches_a_table(page: Page, report: Path) -> None:
    page.open(report)
    page.run("document.querySelectorAll('details').forEach(part => part.open = true)")
    page.run("document.querySelector('input[data-table=tabel-jenis-kelurahan]').focus()")
    page.write("LOP serang")
    page.run("new Promise(done => setTimeout(done, 400))")
    assert column(page, 1) == ["Lopang"]
    found = (
        "document.querySelector('input[data-table=tabel-jenis-kelurahan]').nextSibling.textContent"
    )
    assert page.run(found) == "1 baris cocok"


def test_without_the_script_everything_is_there(page: Page, report: Path, tmp_path: Path) -> None:
    page.send("Emulation.setScriptExecutionDisabled", value=True)
    try:
        page.open(report)
    finally:
        page.send("Emulation.setScriptExecutionDisabled", value=False)
    assert page.run("document.querySelectorAll('th button, input').length") == 0
    assert len(column(page, 1)) == 20


def test_text_of_the_export_runs_nothing(page: Page, tmp_path: Path) -> None:
    path = written(tmp_path / "x.html", hostile(tmp_path))
    page.log.clear()
    page.requests.clear()
    page.open(path)
    assert page.log == []
    assert set(page.requests) == {path.as_uri()}
    assert page.run("document.scripts.length") == 1
    assert page.run("document.images.length") == 0
    cells = page.run(
        "Array.from(document.querySelectorAll('#tabel-usulan td'), c => c.textContent)"
    )
    assert all(f"{text} – {text}" in cells for text in HOSTILE)


def test_letters_that_turn_the_direction_stay_in_their_cell(page: Page, tmp_path: Path) -> None:
    path = written(tmp_path / "x.html", hostile(tmp_path))
    page.open(path)
    page.run("document.querySelector('#rincian-usulan').open = true")
    script = """
    (() => { const rows = [...document.querySelectorAll('#tabel-usulan tbody tr')];
    return rows.map(row => [...row.cells].map(cell => cell.getBoundingClientRect().left)); })()
    """
    lefts = page.run(script)
    assert all(left == sorted(left) for left in lefts)
    assert len({tuple(left) for left in lefts}) == 1


def test_the_page_s_policy_stops_a_foreign_script(page: Page, report: Path, tmp_path: Path) -> None:
    forged = tmp_path / "forged.html"
    text = report.read_text(encoding="utf-8")
    forged.write_text(text.replace("</main>", "<script>document.title='x'</script></main>"),
                      encoding="utf-8")  # fmt: skip
    page.log.clear()
    page.open(forged)
    assert page.run("document.title") != "x"
    assert any("Content Security Policy" in line for line in page.log)
    page.log.clear()


def test_20000_proposals_are_there_and_are_laid_out_only_when_asked_for(
    page: Page, tmp_path: Path
) -> None:
    rows = [row(id=str(n), masalah=f"rusak {n}") for n in range(20_000)]
    page.open(written(tmp_path / "x.html", tagged(tmp_path, rows)))
    assert page.run("document.querySelectorAll('#tabel-usulan tbody tr').length") == 20_000
    shown = "document.querySelector('#tabel-usulan tbody tr').checkVisibility()"
    assert page.run(shown) is False
    page.run("document.querySelector('#rincian-usulan').open = true")
    assert page.run(shown) is True
    rows_shown = "document.querySelectorAll('#tabel-usulan tbody tr:not([hidden])').length"
    assert page.run(rows_shown) == 200
    page.run("document.querySelector('input[data-table=tabel-usulan]').focus()")
    page.write("rusak 19999")
    page.run("new Promise(done => setTimeout(done, 1000))")
    assert page.run(rows_shown) == 1
    page.run("document.querySelector('input[data-table=tabel-usulan]').value = ''")
    page.run("document.querySelector('button[data-table=tabel-usulan]').click()")
    assert page.run(rows_shown) == 20_000


def test_it_prints_on_a4_with_its_tables_and_without_its_list(
    page: Page, report: Path, tmp_path: Path
) -> None:
    pdf = tmp_path / "laporan.pdf"
    print_pdf(report.read_text(encoding="utf-8"), pdf)
    content = pdf.read_bytes()
    assert content.startswith(b"%PDF-")
    assert b"/MediaBox [0 0 594" in content or b"/MediaBox [0 0 595" in content
    page.open(report, A4)
    page.send("Emulation.setEmulatedMedia", media="print")
    try:
        page.run("dispatchEvent(new Event('beforeprint'))")
        assert page.run(f"document.querySelector('{TABLE}').getBoundingClientRect().height") > 0
        listing = "document.querySelector('#rincian-usulan').getBoundingClientRect().height"
        assert page.run(listing) == 0
        assert page.run("document.documentElement.scrollWidth <= innerWidth")
    finally:
        page.send("Emulation.setEmulatedMedia", media="")
