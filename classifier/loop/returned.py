"""A review sheet that came back, in whatever state: its rows, by name of column, with places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from classifier.errors import InputError
from classifier.formats.badrows import BROKEN
from classifier.formats.celltext import cell_text
from classifier.formats.roles import plain
from classifier.formats.sources import Source
from classifier.language import _
from classifier.loop.form import ALAT, CATATAN, ID, KUNCI, Form
from classifier.loop.guide import MANUAL, REVIEWER
from classifier.tables import open_table

__all__ = ["Line", "Returned", "read_returned", "refuse_open"]


@dataclass(frozen=True)
class Line:
    """A row of a sheet: number, cells by name of column, and whether it could not be read."""

    number: int
    cells: Mapping[str, str]
    broken: bool = False


@dataclass(frozen=True)
class Returned:
    """A sheet that came back.

    Attributes
    ----------
    path, sheet
        The file, and the sheet's name; none for CSV.
    columns
        Name of each column -> its number from 0.
    lines
        The rows.
    reviewer
        Who filled it in, as the instructions' sheet says; may be empty.
    """

    path: Path
    sheet: str
    columns: Mapping[str, int]
    lines: Sequence[Line]
    reviewer: str

    def place(self, number: int, column: str = "") -> str:
        """Where a cell is, or a row: ``lembar.xlsx: Lembar!K17``.

        Examples
        --------
        >>> sheet = Returned(Path("lembar.csv"), "", {"kunci": 26}, [], "")
        >>> sheet.place(7, "kunci"), sheet.place(7)
        ('lembar.csv: AA7', 'lembar.csv: row 7')
        """
        sheet = f"{self.sheet}!" if self.sheet else ""
        if column in self.columns:
            return f"{self.path}: {sheet}{_letters(self.columns[column])}{number}"
        return f"{self.path}: {sheet}{_('row {row}', row=number)}"


def read_returned(path: str | Path, form: Form, sheet: str | None = None) -> Returned:
    """Read a review sheet, a workbook or CSV.

    Its rows may have been sorted, deleted or copied, its columns moved, and others put between.

    Raises
    ------
    InputError
        The file cannot be read or is open elsewhere, is no review sheet, or a column that
        corrections may stand in is missing or there twice.
    """
    path = Path(path)
    refuse_open(path)
    source = _source(path, sheet)
    wanted = {plain(name): name for name in (*form.guarded(), *form.asked, ID, CATATAN, KUNCI)}
    columns: dict[str, int] = {}
    for number, header in enumerate(source.header):
        name = wanted.get(plain(header))
        if name in columns:
            raise InputError(
                "{path}: column {column} is there twice ({first} and {second}). Delete or rename "
                "one.",
                path=path,
                column=name,
                first=_letters(columns[name]),
                second=_letters(number),
            )
        if name is not None:
            columns[name] = number
    missing = [name for name in ("usulan", ALAT, *form.asked, KUNCI) if name not in columns]
    if missing:
        raise InputError(
            "{path}: has no column {missing}, so it is not known what was filled in. Give a sheet "
            "made by 'usulan review' with its columns' names as they were, and the --model that "
            "it was made with.",
            path=path,
            missing=", ".join(missing),
        )
    lines = list(_lines(source, columns))
    return Returned(path, getattr(source, "sheet", ""), columns, lines, _reviewer(path))


def refuse_open(path: Path) -> None:
    """Raise InputError if somebody has the file open in a spreadsheet."""
    for lock in (f".~lock.{path.name}#", f"~${path.name}"):
        if path.with_name(lock).exists():
            raise InputError(
                "{path}: is open in a spreadsheet. Save and close it, then merge again (if it is "
                "not open, delete {lock}).",
                path=path,
                lock=path.with_name(lock),
            )


def _source(path: Path, sheet: str | None) -> Source:
    """The sheet with a key, whatever it is called now."""
    source = open_table(path, sheet, keep_bad=True)
    others = getattr(source, "others", ())
    for candidate in (source, *(open_table(path, other, keep_bad=True) for other in others)):
        if KUNCI in map(plain, candidate.header):
            return candidate
    return source


def _lines(source: Source, columns: Mapping[str, int]) -> Iterator[Line]:
    for chunk in source.chunks(sorted(columns.values())):
        cells = [chunk.cells[str(number)].to_pylist() for number in columns.values()]
        notes = chunk.notes.to_pylist() if chunk.notes is not None else [None] * len(chunk.cells)
        for number, note, *row in zip(chunk.numbers, notes, *cells, strict=True):
            texts = dict(zip(columns, (text.strip() for text in row), strict=True))
            yield Line(int(number), texts, note == BROKEN)


def _reviewer(path: Path) -> str:
    """What stands beside the word in the instructions; nothing where there are none."""
    with suppress(InputError):
        for row in getattr(open_table(path, MANUAL), "rows", ()):
            if len(row) > 1 and cell_text(row[0]).strip() == REVIEWER:
                return cell_text(row[1]).strip()
    return ""


def _letters(column: int) -> str:
    """Letters of a column by its number from 0."""
    letters, number = "", column + 1
    while number:
        number, letter = divmod(number - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters
