"""Workbooks (.xlsx) with further columns in one sheet, and all else as it was.

The sheet's XML passes through and is added to; every other part is copied. A library that
reads the workbook and writes it anew loses what it does not know – charts, pictures, rich
text – and takes ten times as long.
"""

from __future__ import annotations

import posixpath
import re
import shutil
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

from classifier.atomic import new_file
from classifier.errors import InputError, OutputError
from classifier.formats.celltext import TagCollector
from classifier.formats.layout import Layout
from classifier.formats.sheetframe import Added, with_filter_name
from classifier.formats.sheetxml import with_columns

__all__ = ["extended", "workbook_ending"]

_COLUMNS = 16_384
_BIG = 1 << 30
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    ElementTree.ParseError,
    LookupError,
    ValueError,
    EOFError,
    RuntimeError,
)


@contextmanager
def extended(
    source: Path,
    target: Path,
    sheet: str,
    header: Sequence[str],
    layout: Layout,
    rows: int,
    added: Sequence[str],
    *,
    overwrite: bool,
) -> Iterator[TagCollector]:
    """The workbook again with columns ``added`` in a sheet, in place of any so named.

    Parameters
    ----------
    source, target
        The workbook, and the file to write.
    sheet, header, layout, rows
        The sheet's name, column names, layout and number of rows.
    added
        Names of the columns.
    overwrite
        Whether an existing file may be replaced.

    Raises
    ------
    InputError
        The sheet's XML is not as spreadsheets write it.
    OutputError
        The file exists and ``overwrite`` is false, it cannot be written, or the sheet has
        no room for more columns.
    """
    columns = _places(source, header, added)
    with new_file(target, overwrite=overwrite) as stream:
        collector = TagCollector(added)
        yield collector
        values = collector.columns(rows - layout.first)
        new = Added(columns, added, values, layout.header + 1, layout.first + 1, len(header))
        try:
            with zipfile.ZipFile(source) as old, zipfile.ZipFile(stream, "w") as out:
                _copy(old, out, sheet, new)
        except InputError as error:
            raise InputError(
                "{path}: sheet {sheet!r}: {problem}", path=source, sheet=sheet, problem=error
            ) from None
        except _UNREADABLE as error:
            raise InputError(
                "{path}: is damaged ({reason}). Fetch it again.", path=source, reason=error
            ) from None


def workbook_ending(path: Path) -> str:
    """``.xlsm`` for a workbook with macros, else ``.xlsx``: Excel opens no other name."""
    with zipfile.ZipFile(path) as archive:
        macros = b"macroEnabled" in archive.read("[Content_Types].xml")
    return ".xlsm" if macros else ".xlsx"


def _places(source: Path, header: Sequence[str], added: Sequence[str]) -> list[int]:
    """Numbers from 1 of the added columns: of those so named, else behind all others."""
    free = count(len(header) + 1)
    places = [header.index(name) + 1 if name in header else next(free) for name in added]
    if max(places) > _COLUMNS:
        raise OutputError(
            "{path}: has {count} columns; {most} are the most that Excel allows. Delete some "
            "that are not needed, or give -o NAME.csv.",
            path=source,
            count=len(header),
            most=_COLUMNS,
        )
    return places


def _copy(old: zipfile.ZipFile, out: zipfile.ZipFile, sheet: str, added: Added) -> None:
    """All parts, the workbook's own last: it names the filter, which is known by then."""
    workbook = _main_part(old)
    number, part = _sheet_part(old, workbook, sheet)
    for info in old.infolist():
        if info.filename != workbook:
            with old.open(info) as source, _part(out, info) as target:
                if info.filename == part:
                    target.writelines(with_columns(source, added))
                else:
                    shutil.copyfileobj(source, target)
    with _part(out, old.getinfo(workbook)) as target:
        target.write(with_filter_name(old.read(workbook), added, number))


def _part(out: zipfile.ZipFile, info: zipfile.ZipInfo) -> IO[bytes]:
    new = zipfile.ZipInfo(info.filename, info.date_time)
    new.compress_type, new.external_attr = info.compress_type, info.external_attr
    return out.open(new, "w", force_zip64=info.file_size > _BIG)


def _main_part(archive: zipfile.ZipFile) -> str:
    """Path of the part that lists the sheets."""
    root = ElementTree.fromstring(archive.read("_rels/.rels"))
    (target,) = (
        entry.attrib["Target"] for entry in root if entry.attrib["Type"].endswith("/officeDocument")
    )
    return _resolved("", target)


def _sheet_part(archive: zipfile.ZipFile, workbook: str, sheet: str) -> tuple[int, str]:
    """A sheet's number from 0, and the path of its XML."""
    root = ElementTree.fromstring(archive.read(workbook))
    sheets = [entry for entry in root.iter() if re.fullmatch(r"(\{.*\})?sheet", entry.tag)]
    number = [entry.attrib["name"] for entry in sheets].index(sheet)
    (key,) = (value for name, value in sheets[number].attrib.items() if name.endswith("}id"))
    folder, name = posixpath.split(workbook)
    relations = ElementTree.fromstring(archive.read(f"{folder}/_rels/{name}.rels".lstrip("/")))
    targets = {entry.attrib["Id"]: entry.attrib["Target"] for entry in relations}
    return number, _resolved(folder, targets[key])


def _resolved(folder: str, target: str) -> str:
    return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
